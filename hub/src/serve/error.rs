use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

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
    /// Agents know the hub by a key that is gone.
    #[error(
        "{missing} is missing, and the hub's agents ({agents}) know it by that key: put the keys directory back from \
         a backup. If it is lost for good, take the agents off with slomix-hub agent revoke NAME; then new keys are \
         made, and they join again",
        missing = .missing.display()
    )]
    AuthorityLost {
        /// The key's file.
        missing: PathBuf,
        /// How many agents may ship.
        agents: usize,
    },
    /// The key that imports were signed with is gone.
    #[error(
        "{missing} is missing, and files that were imported are signed with that key: put it back from a backup. If \
         it is lost for good, move the whole keys directory away; then new keys are made, and all agents have to \
         join again",
        missing = .0.display()
    )]
    SigningKeyLost(PathBuf),
    /// A server's database is another data directory's.
    #[error(
        "the database {database} belongs to the hub of another data directory, whose imports are signed with other \
         keys than {keys}; nothing was changed. Name that directory with --data, or another database. If that \
         directory was moved here, put its keys into {keys}. If its keys are lost for good, slomix-hub serve \
         --take-over makes the database this directory's: agents then have to join again", keys = .keys.display()
    )]
    ForeignDatabase {
        /// The database, without a password.
        database: String,
        /// Where this data directory's keys are or would be.
        keys: PathBuf,
    },
    /// A restore into a server's database broke off.
    #[error(
        "a restore into the database {0} was broken off, and what is there is half a hub: run slomix-hub restore again \
         with the same file, which starts over by itself"
    )]
    HalfRestored(String),
    /// The socket for commands cannot be made.
    #[error("the socket for commands cannot be made in the data directory {path}", path = .path.display())]
    AdminSocket {
        /// The data directory.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
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
    /// Says what keeps the hub from taking commands.
    pub(crate) fn admin_socket(path: &Path, source: io::Error) -> Self {
        Self::AdminSocket { path: path.to_owned(), source }
    }

    /// Says what keeps the hub from listening for HTTP.
    pub(crate) fn listen(section: &'static str, address: SocketAddr, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::AddrInUse => Self::PortInUse { section, address },
            io::ErrorKind::PermissionDenied => Self::PortForbidden { section, address },
            _ => Self::Listen { section, address, source },
        }
    }
}
