//! A directory within the data directory in which a restored hub is made, and the change of places at the end.
//!
//! It lies within, since a data directory can be a mount of its own that cannot be renamed. All moves stay on one file
//! system; nothing is ever removed but what an earlier restore left unfinished.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{DataDir, DataDirError, DataDirLock};

const STAGING: &str = "restoring";
/// What a hub has in its directory.
const THINGS: [&str; 4] = ["slomix.db", "slomix.db-wal", "slomix.db-shm", "keys"];

/// A restored hub that is not in its place yet.
#[derive(Debug)]
pub struct Staging {
    target: DataDir,
    made: DataDir,
    force: bool,
    _lock: DataDirLock,
}

impl DataDir {
    /// Whether a hub has worked here.
    pub fn is_used(&self) -> bool {
        THINGS.iter().any(|name| self.path.join(name).symlink_metadata().is_ok())
    }

    /// Whether a restore was broken off when the old hub was away already.
    pub fn is_half_restored(&self) -> bool {
        self.path.join(STAGING).is_dir() && !self.database().exists()
    }

    /// Takes the directory for a restore and makes room in it for the new hub. `force` lets it take the place of one
    /// that is there.
    pub fn stage(&self, force: bool) -> Result<Staging, DataDirError> {
        let lock = self.lock_as_it_is()?;
        if self.is_used() && !force {
            return Err(DataDirError::Used(self.path.clone()));
        }
        let path = self.path.join(STAGING);
        match fs::remove_dir_all(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(arrange("remove what an earlier restore left in", &path, error));
            }
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| arrange("make", &path, error))?;
        Ok(Staging { target: self.clone(), made: DataDir { path }, force, _lock: lock })
    }
}

impl Staging {
    /// Where the restored hub is made.
    pub fn data(&self) -> &DataDir {
        &self.made
    }

    /// Gives up; nothing of the data directory was touched.
    pub fn discard(self) -> Result<(), DataDirError> {
        fs::remove_dir_all(&self.made.path).map_err(|error| arrange("remove", &self.made.path, error))
    }

    /// Puts the restored hub in its place. What was there is moved into a directory that is named after `stamp`; the
    /// answer is that directory, if there was anything.
    pub fn settle(self, stamp: &str) -> Result<Option<PathBuf>, DataDirError> {
        let (from, to) = (&self.made.path, &self.target.path);
        let mut aside = None;
        if self.target.is_used() {
            if !self.force {
                return Err(DataDirError::Used(to.clone()));
            }
            let path = to.join(format!("before-restore-{stamp}"));
            DirBuilder::new().mode(0o700).create(&path).map_err(|error| arrange("make", &path, error))?;
            shift(to, &path)?;
            aside = Some(path);
        }
        shift(from, to)?;
        let gone = fs::remove_dir_all(from).and_then(|()| File::open(to)?.sync_all());
        gone.map_err(|error| arrange("remove", from, error))?;
        Ok(aside)
    }
}

/// Moves what a hub has, the database last when it comes and first when it goes: without a database it is no hub.
fn shift(from: &Path, to: &Path) -> Result<(), DataDirError> {
    let mut things: Vec<&str> =
        THINGS.iter().copied().filter(|name| from.join(name).symlink_metadata().is_ok()).collect();
    if from.ends_with(STAGING) {
        things.reverse();
    }
    for name in things {
        let path = from.join(name);
        fs::rename(&path, to.join(name)).map_err(|error| arrange("move", &path, error))?;
    }
    File::open(to).and_then(|folder| folder.sync_all()).map_err(|error| arrange("sync", to, error))
}

fn arrange(doing: &'static str, path: &Path, source: io::Error) -> DataDirError {
    DataDirError::Arrange { doing, path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hub(data: &DataDir, text: &str) {
        fs::write(data.database(), text).unwrap();
        fs::create_dir(data.path().join("keys")).unwrap();
        fs::write(data.path().join("keys/signing.key"), text).unwrap();
    }

    fn text(data: &Path) -> [String; 2] {
        ["slomix.db", "keys/signing.key"].map(|name| fs::read_to_string(data.join(name)).unwrap())
    }

    #[test]
    fn a_restored_hub_takes_the_place_and_the_old_one_stays_aside() {
        let home = tempfile::tempdir().unwrap();
        let data = DataDir::open(home.path()).unwrap();
        fs::write(home.path().join("hub.toml"), "mine").unwrap();
        let staging = data.stage(false).unwrap();
        hub(staging.data(), "first");
        assert_eq!(staging.settle("a").unwrap(), None);
        assert_eq!(text(home.path()), ["first", "first"]);

        assert!(matches!(data.stage(false), Err(DataDirError::Used(_))));
        fs::write(home.path().join("slomix.db-wal"), "log").unwrap();
        let staging = data.stage(true).unwrap();
        assert!(matches!(data.lock(), Err(DataDirError::Locked { .. })), "nobody else works on it");
        hub(staging.data(), "second");
        let aside = staging.settle("b").unwrap().unwrap();
        assert_eq!(text(home.path()), ["second", "second"]);
        assert_eq!(text(&aside), ["first", "first"]);
        assert!(aside.join("slomix.db-wal").exists() && !home.path().join("slomix.db-wal").exists());
        assert_eq!(fs::read_to_string(home.path().join("hub.toml")).unwrap(), "mine");
        assert!(!home.path().join(STAGING).exists());
        data.lock().unwrap();
    }

    #[test]
    fn what_breaks_off_touches_nothing_or_says_so() {
        let home = tempfile::tempdir().unwrap();
        let data = DataDir::open(home.path()).unwrap();
        hub(&data, "old");
        drop(data.stage(true).unwrap());
        data.lock().unwrap();
        assert_eq!(text(home.path()), ["old", "old"]);
        // The old one is away and the new one is not there yet.
        fs::remove_file(data.database()).unwrap();
        assert!(matches!(data.lock(), Err(DataDirError::HalfRestored(_))));
        data.stage(true).unwrap().discard().unwrap();
        data.lock().unwrap();
    }
}
