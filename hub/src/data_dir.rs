//! The directory in which a hub keeps all that is its own: the database and the keys.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use crate::link::{HubKeys, KeyFileError};

mod permissions;
mod restoring;

use permissions::{Owned, User, kept_from};
pub use restoring::Staging;

/// Why the data directory cannot be used, with the fix.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// It cannot be made.
    #[error(
        "the data directory {path} cannot be made ({source}): make it yourself and give it to the hub's user, or \
         name another one with --data", path = .path.display()
    )]
    Make {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Something else has its name.
    #[error("{path} is not a directory: move it away, or name another one with --data", path = .0.display())]
    NotADirectory(PathBuf),
    /// This user may not write there.
    #[error(
        "permission denied: the data directory {path} belongs to user {owner} (mode {mode:03o}) and this user, {user}, \
         may not {kept_from} it: run this as that user, or give the directory to this one with: chown -R {user} {path}",
        path = .path.display()
    )]
    Foreign {
        /// The directory.
        path: PathBuf,
        /// The number of the user that it belongs to.
        owner: u32,
        /// Its mode.
        mode: u32,
        /// The number of this user.
        user: u32,
        /// What this user may not do with it.
        kept_from: &'static str,
    },
    /// It is this user's, and its mode keeps even him out.
    #[error(
        "the data directory {path} is this user's, who may not {kept_from} it all the same (mode {mode:03o}): \
         chmod 700 {path}", path = .path.display()
    )]
    Closed {
        /// The directory.
        path: PathBuf,
        /// Its mode.
        mode: u32,
        /// What this user may not do with it.
        kept_from: &'static str,
    },
    /// A directory above it keeps this user out.
    #[error(
        "this user, {user}, may not enter {above}, where the data directory {path} lies: run this as a user who may, \
         let this one in with chmod a+x {above}, or name another directory with --data",
        path = .path.display(), above = .above.display()
    )]
    Above {
        /// The directory.
        path: PathBuf,
        /// The one above it that cannot be entered.
        above: PathBuf,
        /// The number of this user.
        user: u32,
    },
    /// The file system takes no writes.
    #[error(
        "the data directory {path} lies on a file system that is mounted read-only: mount it for writing, or name \
         another directory with --data", path = .0.display()
    )]
    ReadOnly(PathBuf),
    /// No space is left.
    #[error("the disk with the data directory {path} is full: free some space there; nothing is lost meanwhile", path = .0.display())]
    Full(PathBuf),
    /// Another hub has it.
    #[error(
        "another slomix-hub{} works on {path}: stop it, or use another directory with --data",
        .pid.map(|pid| format!(" (pid {pid})")).unwrap_or_default(), path = .path.display()
    )]
    Locked {
        /// The directory.
        path: PathBuf,
        /// The other process, where it said so.
        pid: Option<u32>,
    },
    /// A restore was broken off at its very end.
    #[error(
        "a restore into {path} was broken off: run slomix-hub restore again with the same file, or remove \
         {path}/restoring to do without it", path = .0.display()
    )]
    HalfRestored(PathBuf),
    /// A hub's things are there.
    #[error(
        "{path} is the data directory of a hub already: name another one with --data, or give --force, which moves \
         the old database and keys aside", path = .0.display()
    )]
    Used(PathBuf),
    /// Something in it cannot be moved or made.
    #[error("cannot {doing} {path} ({source})", path = .path.display())]
    Arrange {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The lock file cannot be used.
    #[error("cannot use {path} ({source})", path = .path.display())]
    Lock {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// A hub's data directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

/// Holds the data directory for one process. It ends with the value, or with the process however that ends.
#[derive(Debug)]
pub struct DataDirLock {
    file: File,
}

impl Drop for DataDirLock {
    fn drop(&mut self) {
        // A child process that is just being started has the file open too; the lock must not wait for that. If it
        // cannot be given back here, it is when the file is closed.
        let _ = self.file.unlock();
    }
}

impl DataDir {
    /// Takes the directory, and makes it (0700) if it is not there.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        let failed = |source: io::Error| fault(path, source, |path, source| DataDirError::Make { path, source });
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => {}
            Ok(_) => return Err(DataDirError::NotADirectory(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(failed)?;
            }
            Err(source) => return Err(failed(source)),
        }
        Ok(Self { path: path.to_owned() })
    }

    /// Takes the directory if it is there, and makes nothing.
    pub fn find(path: &Path) -> Result<Option<Self>, DataDirError> {
        match fs::metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Self::open(path).map(Some),
        }
    }

    /// Whether the database's file is there. Who may not look gets the reason, since to him it is not absent.
    pub fn has_database(&self) -> Result<bool, DataDirError> {
        let database = self.database();
        database.try_exists().map_err(|source| {
            fault(&self.path, source, |_, source| DataDirError::Arrange { doing: "look at", path: database, source })
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What an operator should know about it: the database in it is as readable as the directory.
    pub fn note(&self) -> Option<String> {
        let mode = fs::metadata(&self.path).ok()?.mode() & 0o777;
        let path = self.path.display();
        (mode & 0o077 != 0).then(|| {
            format!(
                "the data directory {path} is open to other users (mode {mode:03o}): close it with chmod 700 {path}"
            )
        })
    }

    /// Tries whether this user can make files in it.
    pub fn try_out(&self) -> Result<(), DataDirError> {
        let probe = self.path.join("doctor.probe");
        let failed = |source: io::Error| {
            let arrange = |path, source| DataDirError::Arrange { doing: "make", path, source };
            fault(&self.path, source, |_, source| arrange(probe.clone(), source))
        };
        File::create(&probe).and_then(|_| fs::remove_file(&probe)).map_err(failed)
    }

    /// The database's file.
    pub fn database(&self) -> PathBuf {
        self.path.join("slomix.db")
    }

    /// The hub's keys, made if they never were. `now_ms` dates a new authority.
    pub fn keys(&self, now_ms: i64) -> Result<HubKeys, KeyFileError> {
        HubKeys::load_or_make(&self.path, now_ms)
    }

    /// Takes the directory for this process alone. Commands that only read, and those that a database transaction
    /// is enough for, do without.
    pub fn lock(&self) -> Result<DataDirLock, DataDirError> {
        let lock = self.lock_as_it_is()?;
        // Its database may be on its way: a new one in its place would look like a loss of everything.
        if self.is_half_restored() { Err(DataDirError::HalfRestored(self.path.clone())) } else { Ok(lock) }
    }

    fn lock_as_it_is(&self) -> Result<DataDirLock, DataDirError> {
        let path = self.path.join("hub.lock");
        let failed = |source: io::Error| {
            fault(&self.path, source, |_, source| DataDirError::Lock { path: path.clone(), source })
        };
        let options = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).clone();
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                let pid = file.read_to_string(&mut text).ok().and_then(|_| text.trim().parse().ok());
                return Err(DataDirError::Locked { path: self.path.clone(), pid });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        // The number is only for the other's message; the lock itself is the kernel's and dies with the process.
        let written =
            file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        written.map_err(failed)?;
        Ok(DataDirLock { file })
    }
}

/// The faults that every use of the directory shares.
fn fault(path: &Path, source: io::Error, other: impl FnOnce(PathBuf, io::Error) -> DataDirError) -> DataDirError {
    match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => DataDirError::Full(path.to_owned()),
        io::ErrorKind::ReadOnlyFilesystem => DataDirError::ReadOnly(path.to_owned()),
        io::ErrorKind::NotADirectory => DataDirError::NotADirectory(path.to_owned()),
        io::ErrorKind::PermissionDenied => match fs::metadata(path) {
            Ok(found) => refused(path, Owned::from(&found), &User::now()),
            Err(_) => match shut_above(path, &User::now()) {
                Some(above) => DataDirError::Above { path: path.to_owned(), above, user: User::now().id },
                None => other(path.to_owned(), source),
            },
        },
        _ => other(path.to_owned(), source),
    }
}

/// Why the system refuses a directory that can be seen.
fn refused(path: &Path, directory: Owned, user: &User) -> DataDirError {
    let Owned { owner, mode, .. } = directory;
    // Where it is not the mode, it is something that no mode tells, as an access list; what fails is a write.
    let kept_from = kept_from(directory, user).unwrap_or("write to");
    let path = path.to_owned();
    if owner == user.id {
        DataDirError::Closed { path, mode, kept_from }
    } else {
        DataDirError::Foreign { path, owner, mode, user: user.id, kept_from }
    }
}

/// The first directory on the way to `path` that a user may not enter.
fn shut_above(path: &Path, user: &User) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    let mut above: Vec<&Path> = path.ancestors().skip(1).collect();
    above.reverse();
    let is_shut = |above: &&Path| {
        let found = fs::metadata(above).ok().map(|found| kept_from(Owned::from(&found), user));
        found.flatten().is_some_and(|kept_from| kept_from.ends_with("enter"))
    };
    above.into_iter().find(is_shut).map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn the_directory_is_made_for_this_user_alone() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("slomix-data/hub");
        let data = DataDir::open(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o700);
        assert_eq!(data.database(), path.join("slomix.db"));
        assert_eq!((DataDir::open(&path).unwrap(), data.note()), (data.clone(), None), "taken as it is the next time");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o750)).unwrap();
        assert!(data.note().unwrap().contains("mode 750"));
    }

    #[test]
    fn one_process_has_it_at_a_time() {
        let home = tempfile::tempdir().unwrap();
        let data = DataDir::open(home.path()).unwrap();
        let lock = data.lock().unwrap();
        let refused = data.lock().unwrap_err();
        let pid = std::process::id();
        assert!(matches!(refused, DataDirError::Locked { pid: Some(holder), .. } if holder == pid), "{refused}");
        let path = home.path().display();
        assert_eq!(
            refused.to_string(),
            format!("another slomix-hub (pid {pid}) works on {path}: stop it, or use another directory with --data")
        );
        drop(lock);
        data.lock().unwrap();
    }

    #[test]
    fn a_file_in_its_place_is_said() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("hub");
        fs::write(&path, "").unwrap();
        assert!(matches!(DataDir::open(&path), Err(DataDirError::NotADirectory(_))));
        assert!(matches!(DataDir::open(&path.join("deeper")), Err(DataDirError::NotADirectory(_))));
        // What cannot be looked at is not absent.
        assert!(matches!(DataDir { path }.has_database(), Err(DataDirError::NotADirectory(_))));
    }

    #[test]
    fn what_is_looked_for_is_not_made() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("hub");
        assert_eq!(DataDir::find(&path).unwrap(), None);
        assert!(!path.exists());
        let data = DataDir::open(&path).unwrap();
        assert_eq!(DataDir::find(&path).unwrap(), Some(data.clone()));
        assert!(!data.has_database().unwrap());
        fs::write(data.database(), "").unwrap();
        assert!(data.has_database().unwrap());
    }

    #[test]
    fn what_the_system_refuses_comes_with_the_fix() {
        let home = tempfile::tempdir().unwrap();
        let say = |kind: io::ErrorKind| {
            let other = |path, source| DataDirError::Make { path, source };
            fault(home.path(), io::Error::from(kind), other)
                .to_string()
                .replace(&home.path().display().to_string(), "DIR")
        };
        let of_user = |id: u32, mode: u32| {
            let directory = Owned { owner: 1000, group: 1000, mode };
            refused(Path::new("DIR"), directory, &User { id, groups: vec![id] }).to_string()
        };
        let all = [
            say(io::ErrorKind::StorageFull),
            say(io::ErrorKind::ReadOnlyFilesystem),
            say(io::ErrorKind::TimedOut),
            of_user(1000, 0o000),
            of_user(1000, 0o500),
            of_user(1001, 0o700),
            of_user(1001, 0o755),
        ];
        insta::assert_snapshot!(all.join("\n"));
    }
}
