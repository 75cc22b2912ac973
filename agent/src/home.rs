//! The agent's data directory: keys, what joining gave it, and the files that it keeps of its own.
//!
//! | file | what | mode |
//! |---|---|---|
//! | `signing.key` | signs batches, as long as the agent lives (PEM) | 0600 |
//! | `tls.pem` | the key that proves which agent calls, its certificate, then the hub's authority | 0600 |
//! | `enrolment.toml` | who this agent is, where its hub answers and what that is known by | 0600 |
//! | `ledger` | what became of files: acknowledged, refused, lost | 0600 |
//! | `spool/` | safe copies while the hub is away | 0700 |
//! | `ballast` | room on the disk, for acknowledgements when it is full | 0600 |
//! | `ledger.old-N`, `spool/damaged-N-…` | what could not be used and was set aside; of no more use to the agent | |
//! | `control.log`, `control.log.1` | what the hub asked for at the game server, and what came of it | 0600 |
//! | `status.json` | what `slomix-agent status` shows | |
//! | `agent.lock` | held by the one process that writes here | |
//!
//! The directory is 0700. Key and certificate lie in one file, which is replaced as a whole when they are renewed: a
//! crash at any point leaves the old pair or the new one. Earlier agents kept the key beside it, in `tls.key`; such a pair
//! is read, and put into one file at the next start.

mod enrolment;
mod tls;

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

pub use enrolment::{Enrolment, Identity};
use slomix_shared::identity::{CertificateError, KeyError};

use crate::spool::{BALLAST, Places};

/// The data directory.
#[derive(Debug, Clone)]
pub struct Home(PathBuf);

/// Kept by the one process that writes to a data directory; dropping it lets the next one in.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "held open, for the lock on it")] File);

/// The data directory cannot be used. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// Reading or writing failed.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another agent holds the lock.
    #[error("another slomix-agent runs with the data directory {}: stop it first, or give this one its own --data", .0.display())]
    Locked(PathBuf),
    /// Others may read a key, or enter the directory with the keys.
    #[error(
        "{path} is open to other users (mode {mode:03o}). Close it with: chmod {wanted:03o} {path} (and join again, \
         should a key have leaked)",
        path = path.display()
    )]
    Exposed {
        /// The key or the directory.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// The mode that it should have.
        wanted: u32,
    },
    /// It belongs to another user: a command was run as that one.
    #[error(
        "this user may not use {}: it belongs to somebody else. Give all of it back with: \
         sudo chown -R --reference={home} {home}",
        path.display(), home = home.display()
    )]
    NotOurs {
        /// What may not be read or written.
        path: PathBuf,
        /// The data directory.
        home: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Nobody has joined here.
    #[error(
        "{} knows no hub: make a token with `slomix-hub agent invite NAME` and run `slomix-agent join TOKEN`",
        .0.display()
    )]
    NotJoined(PathBuf),
    /// Somebody has.
    #[error("{} has already joined the hub at {hub} as `{name}`: `--force` joins anew", path.display())]
    AlreadyJoined {
        /// The data directory.
        path: PathBuf,
        /// The hub's address.
        hub: String,
        /// The agent's name there.
        name: String,
    },
    /// A file does not hold what it should. Where that is the certificate, the agent goes on by itself.
    #[error("{} cannot be used: put it back from a backup, or join again with --force", path.display())]
    Broken {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

impl HomeError {
    fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    fn key(path: &Path) -> impl FnOnce(KeyError) -> Self {
        let path = path.to_owned();
        move |source| Self::Broken { path, source: source.into() }
    }

    fn certificate(path: &Path) -> impl FnOnce(CertificateError) -> Self {
        let path = path.to_owned();
        move |source| Self::Broken { path, source: source.into() }
    }
}

impl Home {
    /// The data directory at `path`, which need not be there yet.
    pub fn at(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The ledger's file.
    pub fn ledger(&self) -> PathBuf {
        self.0.join("ledger")
    }

    /// The folder of safe copies.
    pub fn spool(&self) -> PathBuf {
        self.0.join("spool")
    }

    /// Where everything lies that the agent keeps of its files.
    pub fn places(&self) -> Places {
        Places { ledger: self.ledger(), copies: self.spool(), ballast: self.0.join("ballast"), ballast_size: BALLAST }
    }

    /// The record of what the hub asked for.
    pub fn control_log(&self) -> PathBuf {
        self.0.join("control.log")
    }

    /// What `slomix-agent status` reads.
    pub fn status(&self) -> PathBuf {
        self.0.join("status.json")
    }

    /// Makes the directory, closed to others, if it is not there, and takes it for this process alone. One that others
    /// may enter is refused.
    pub fn lock(&self) -> Result<Lock, HomeError> {
        if !self.0.is_dir() {
            DirBuilder::new().recursive(true).mode(0o700).create(&self.0).map_err(HomeError::io("make", &self.0))?;
        }
        self.refuse_open()?;
        let path = self.0.join("agent.lock");
        if path.symlink_metadata().is_ok_and(|meta| !meta.is_file()) {
            fs::rename(&path, path.with_extension("old")).map_err(HomeError::io("move away", &path))?;
        }
        let file = private_file().truncate(false).open(&path).map_err(self.refused("open", &path))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock(file)),
            Err(TryLockError::WouldBlock) => Err(HomeError::Locked(self.0.clone())),
            Err(TryLockError::Error(source)) => Err(HomeError::Io { action: "lock", path, source }),
        }
    }

    /// Whether an agent runs here now.
    pub fn is_in_use(&self) -> bool {
        let file = File::open(self.0.join("agent.lock"));
        file.is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }

    /// Writes a whole file, closed to others, or leaves the old one as it is.
    fn write(&self, name: &str, content: &[u8]) -> Result<(), HomeError> {
        let (path, new) = (self.0.join(name), self.0.join(format!("{name}.new")));
        let write = || -> io::Result<()> {
            match fs::remove_file(&new) {
                Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(problem),
                _ => {}
            }
            let mut file = private_file().create_new(true).open(&new)?;
            file.write_all(content)?;
            file.sync_all()?;
            fs::rename(&new, &path)?;
            File::open(&self.0)?.sync_all()
        };
        write().map_err(HomeError::io("write", &path))
    }

    /// Removes a file, if it is there.
    fn remove(&self, name: &str) -> Result<(), HomeError> {
        let path = self.0.join(name);
        let removed = match fs::remove_file(&path) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(()),
            removed => removed.and_then(|()| File::open(&self.0)?.sync_all()),
        };
        removed.map_err(HomeError::io("remove", &path))
    }

    /// Whether the directory is closed to others.
    fn refuse_open(&self) -> Result<(), HomeError> {
        refuse_exposed(&self.0, 0o700)
    }

    /// Reads a file that must be closed to others.
    fn read_secret(&self, name: &str) -> Result<(PathBuf, String), HomeError> {
        refuse_exposed(&self.0.join(name), 0o600)?;
        self.read(name)
    }

    /// Why something here could not be used: as a rule because it belongs to somebody else.
    fn refused(&self, action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> HomeError + use<> {
        let (path, home) = (path.to_owned(), self.0.clone());
        move |source| match source.kind() {
            io::ErrorKind::PermissionDenied => HomeError::NotOurs { path, home, source },
            _ => HomeError::Io { action, path, source },
        }
    }

    fn read(&self, name: &str) -> Result<(PathBuf, String), HomeError> {
        let path = self.0.join(name);
        // A pipe would never end, a device neither.
        if fs::metadata(&path).is_ok_and(|meta| !meta.is_file()) {
            let source = io::Error::other("it is no file");
            return Err(HomeError::Io { action: "read", path, source });
        }
        let text = fs::read_to_string(&path).map_err(self.refused("read", &path))?;
        Ok((path, text))
    }
}

fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).mode(0o600);
    options
}

/// A key that others may read is no key any more.
fn refuse_exposed(path: &Path, wanted: u32) -> Result<(), HomeError> {
    let meta = fs::metadata(path).map_err(HomeError::io("read", path))?;
    let mode = meta.permissions().mode() & 0o777;
    let for_others = mode & 0o077;
    if for_others == 0 { Ok(()) } else { Err(HomeError::Exposed { path: path.to_owned(), mode, wanted }) }
}

#[cfg(test)]
mod tests;
