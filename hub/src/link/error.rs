use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;

use slomix_shared::identity::{CertificateError, KeyError};

/// The link could not start.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// The key of the hub's resets could not be made of its signing key.
    #[error("the hub's signing key could not be read: {0}")]
    ResetKey(String),
    /// Another program has the port.
    #[error(
        "UDP port {port} at {ip} is in use: another slomix-hub may be running here. Stop it, or let this one listen \
         on another port (agents that joined before keep calling the old one)",
        port = .0.port(), ip = .0.ip()
    )]
    PortInUse(SocketAddr),
    /// Another program has the port, over TCP.
    #[error(
        "TCP port {port} at {ip} is in use by another program: stop that, or set `tcp` in [link] to another address, or \
         to false to do without the way for agents whose UDP is blocked",
        port = .0.port(), ip = .0.ip()
    )]
    TcpPortInUse(SocketAddr),
    /// The address cannot be listened on over TCP for another reason.
    #[error("cannot listen for agents on TCP {address}: is it an address of this machine, and may this user use it?")]
    ListenTcp {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The address cannot be listened on for another reason.
    #[error("cannot listen for agents on UDP {address}: is it an address of this machine, and may this user use it?")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// The hub's certificate could not be made.
    #[error("the hub's certificate cannot be made from the keys in its data directory")]
    Certificate(#[from] CertificateError),
    /// TLS did not accept the settings.
    #[error("TLS cannot be set up for the link: {0}")]
    Tls(String),
    /// The system gives no random bytes.
    #[error("the system gives no random bytes, so no key can be made")]
    NoRandom,
}

/// The hub's key files could not be read, made or trusted.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// Other users of the machine could read or change it.
    #[error("{path} is open to other users (mode {mode:03o}). Close it with: chmod {wanted:03o} {path}", path = .path.display())]
    Open {
        /// The file or directory.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode it should have.
        wanted: u32,
    },
    /// Something else stands in its place.
    #[error("{path} is not a {wanted}; move it away", path = .path.display())]
    NotA {
        /// The path.
        path: PathBuf,
        /// What should be there.
        wanted: &'static str,
    },
    /// The file system failed.
    #[error("cannot {action} {path}", path = .path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A certificate without its key.
    #[error(
        "{missing} is missing while {present} is there. Put it back from a backup; if it is lost for good, move the \
         whole keys directory away, and all agents have to join again",
        missing = .missing.display(), present = .present.display()
    )]
    Missing {
        /// The file that is not there.
        missing: PathBuf,
        /// The file that is.
        present: PathBuf,
    },
    /// A key file that holds no key.
    #[error("{path} holds no key: put it back from a backup", path = .path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: KeyError,
    },
    /// Authority files that do not fit.
    #[error("the authority in {path} cannot be used", path = .path.display())]
    Authority {
        /// The authority's certificate file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: CertificateError,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes, so no key can be made")]
    NoRandom,
}
