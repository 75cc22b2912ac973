use std::io;
use std::net::SocketAddr;

use crate::data_dir::DataDirError;
use crate::link::{KeyFileError, LinkError};
use crate::store::StoreError;

/// The hub could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The data directory cannot be used.
    #[error(transparent)]
    DataDir(#[from] DataDirError),
    /// The keys cannot be used.
    #[error(transparent)]
    Keys(#[from] KeyFileError),
    /// The database cannot be opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The link cannot listen.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A port is another program's.
    #[error(
        "TCP port {port} at {ip} is in use by another program: stop that, or set another `listen` in [{section}] of \
         the configuration", port = .address.port(), ip = .address.ip()
    )]
    PortInUse {
        /// The section that names the address.
        section: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// A port is not for this user.
    #[error(
        "this user may not listen on TCP {address}: take a port above 1023 as `listen` in [{section}] of the \
         configuration, and a reverse proxy for the outside"
    )]
    PortForbidden {
        /// The section that names the address.
        section: &'static str,
        /// The address asked for.
        address: SocketAddr,
    },
    /// An address cannot be listened on for another reason.
    #[error(
        "cannot listen on TCP {address} ({source}): is it an address of this machine? It is `listen` in [{section}] \
         of the configuration"
    )]
    Listen {
        /// The section that names the address.
        section: &'static str,
        /// The address asked for.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no signals.
    #[error("the hub cannot be told when to stop, since signals cannot be waited for")]
    Signals(#[source] io::Error),
}

impl ServeError {
    /// Says what keeps the hub from listening for HTTP.
    pub(crate) fn listen(section: &'static str, address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortInUse { section, address },
            io::ErrorKind::PermissionDenied => Self::PortForbidden { section, address },
            _ => Self::Listen { section, address, source },
        }
    }
}
