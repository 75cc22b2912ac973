use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use slomix_shared::artifact::{ContentHash, FileName, Kind};

use super::FileKey;
use crate::watch::{FileState, Observed, observe};

/// A safe copy could not be made or removed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The disk, or the user's share of it, is full.
    #[error("the disk is full: {} was not copied and is sent from its own directory", .0.display())]
    DiskFull(PathBuf),
    /// The file is another than the one that was to be copied.
    #[error("{} changed while it was copied", .0.display())]
    Changed(PathBuf),
    /// Anything else.
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
}

/// Safe copies of files that the hub has not acknowledged: `<modified ns>-<size>-<hash of the name>/<name>`, so that a
/// restart finds all that it needs to know in the path.
#[derive(Debug)]
pub struct Copies {
    directory: PathBuf,
    quota: u64,
    used: u64,
    items: BTreeMap<FileKey, PathBuf>,
}

/// A copy that is to be made: [`Plan::make`] may take long and needs nothing but the plan.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What is copied.
    pub file: Observed,
    unfinished: PathBuf,
    finished: PathBuf,
}

const UNFINISHED: &str = "unfinished";

impl Copies {
    /// Opens the folder of copies, removes unfinished ones and counts the rest. `quota` in bytes.
    pub fn open(directory: &Path, quota: u64) -> Result<Self, CopyError> {
        fs::create_dir_all(directory).map_err(io_error("make", directory))?;
        let mut copies = Self { directory: directory.to_owned(), quota, used: 0, items: BTreeMap::new() };
        for entry in fs::read_dir(directory).map_err(io_error("read", directory))? {
            let folder = entry.map_err(io_error("read", directory))?.path();
            match read_folder(&folder) {
                Some((key, path)) => copies.insert(key, path),
                None => fs::remove_dir_all(&folder).map_err(io_error("remove", &folder))?,
            }
        }
        Ok(copies)
    }

    /// The copies there are, with where they lie.
    pub fn iter(&self) -> impl Iterator<Item = (&FileKey, &Path)> {
        self.items.iter().map(|(key, path)| (key, path.as_path()))
    }

    /// Bytes in use.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Makes room for a file and plans its copy. The second answer are copies that were dropped for it, telemetry
    /// before anything else and the oldest first. No plan where the file itself is the one to do without.
    pub fn plan(&mut self, file: &Observed) -> Result<(Option<Plan>, Vec<FileKey>), CopyError> {
        let mut dropped = Vec::new();
        while self.used + file.state.size > self.quota {
            let Some(victim) = self.victim(file.kind) else { break };
            self.remove(&victim)?;
            dropped.push(victim);
        }
        if self.used + file.state.size > self.quota && file.kind != Kind::Stats {
            return Ok((None, dropped));
        }
        let state = file.state;
        let short = ContentHash::of(file.name.as_bytes()).short();
        let folder = format!("{}-{}-{short}", state.modified_ns, state.size);
        let plan = Plan {
            file: file.clone(),
            unfinished: self.directory.join(format!("{UNFINISHED}-{folder}")),
            finished: self.directory.join(folder),
        };
        Ok((Some(plan), dropped))
    }

    /// Takes a made copy into account.
    pub fn add(&mut self, plan: &Plan) -> PathBuf {
        let path = plan.finished.join(&plan.file.name);
        self.insert(FileKey::from(&plan.file), path.clone());
        path
    }

    /// Removes the copy of a file, if there is one.
    pub fn remove(&mut self, key: &FileKey) -> Result<(), CopyError> {
        let Some(path) = self.items.remove(key) else { return Ok(()) };
        self.used -= key.state.size;
        let folder = path.parent().unwrap_or(&path);
        fs::remove_dir_all(folder).map_err(io_error("remove", folder))
    }

    /// The least worth having of the copies that are worth no more than a `newcomer`.
    fn victim(&self, newcomer: Kind) -> Option<FileKey> {
        self.items
            .keys()
            .filter(|key| key.kind != Kind::Stats && worth(key.kind) <= worth(newcomer))
            .min_by_key(|key| (worth(key.kind), key.state.modified_ns))
            .cloned()
    }

    fn insert(&mut self, key: FileKey, path: PathBuf) {
        let size = key.state.size;
        if self.items.insert(key, path).is_none() {
            self.used += size;
        }
    }
}

/// Telemetry goes first, round events last, stats never.
fn worth(kind: Kind) -> u8 {
    match kind {
        Kind::Proximity => 0,
        Kind::WeaponSidecar | Kind::Unrecognised => 1,
        Kind::Endstats => 2,
        Kind::Gametime => 3,
        Kind::Stats => 4,
    }
}

impl Plan {
    /// Makes the copy, durably. The copy shares the file's blocks where the file system can do that.
    pub fn make(&self) -> Result<(), CopyError> {
        self.copy().inspect_err(|_| {
            // Whatever is left is removed at the next start at the latest.
            let _ = fs::remove_dir_all(&self.unfinished);
        })
    }

    fn copy(&self) -> Result<(), CopyError> {
        let source = &self.file.path;
        let target = self.unfinished.join(&self.file.name);
        fs::create_dir_all(&self.unfinished).map_err(io_error("make", &self.unfinished))?;
        // The standard library copies with `copy_file_range`, which clones blocks where it can.
        fs::copy(source, &target).map_err(io_error("copy", source))?;
        if observe(source).map_err(io_error("look at", source))?.map(|file| file.state) != Some(self.file.state) {
            return Err(CopyError::Changed(source.clone()));
        }
        let copy = File::options().write(true).open(&target).map_err(io_error("open", &target))?;
        let modified = SystemTime::UNIX_EPOCH + Duration::from_nanos(self.file.state.modified_ns.max(0) as u64);
        copy.set_modified(modified).and_then(|()| copy.sync_all()).map_err(io_error("write", &target))?;
        let _ = fs::remove_dir_all(&self.finished);
        fs::rename(&self.unfinished, &self.finished).map_err(io_error("finish", &self.finished))?;
        let directory = self.finished.parent().unwrap_or(&self.finished);
        File::open(directory).and_then(|directory| directory.sync_all()).map_err(io_error("write", directory))
    }
}

/// A finished copy, told by its folder: nothing where it is unfinished or not what its name says.
fn read_folder(folder: &Path) -> Option<(FileKey, PathBuf)> {
    let mut parts = folder.file_name()?.to_str()?.splitn(3, '-');
    let modified_ns = parts.next()?.parse().ok()?;
    let size = parts.next()?.parse().ok()?;
    let path = fs::read_dir(folder).ok()?.next()?.ok()?.path();
    if path.symlink_metadata().ok().filter(fs::Metadata::is_file)?.len() != size {
        return None;
    }
    let name = path.file_name()?.to_str()?.to_owned();
    Some((FileKey { kind: FileName::kind_of(&name), name, state: FileState { size, modified_ns } }, path))
}

fn io_error<'a>(action: &'static str, path: &'a Path) -> impl Fn(io::Error) -> CopyError + 'a {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => CopyError::DiskFull(path.to_owned()),
        _ => CopyError::Io { action, path: path.to_owned(), source },
    }
}

#[cfg(test)]
mod tests;
