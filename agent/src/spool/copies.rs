//! Safe copies of files that the hub has not acknowledged, one file each (see [`entry`]).
//!
//! Bytes are counted as they lie on the disk. Earlier agents kept plain copies in folders of their own
//! (`<modified ns>-<size>-<hash of the name>/<name>`): those are read, and not made any more.

mod entry;
mod older;
mod quota;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use entry::CopyFault;
#[cfg(test)]
pub(crate) use entry::key_of;
use slomix_shared::artifact::{ContentHash, MAX_FILE_BYTES};

use super::FileKey;
use super::damage::Damage;
use super::disk::{Disk, What, clear, is_full, read_whole, replace};
use crate::watch::Observed;

/// A safe copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The disk, or the user's share of it, is full.
    #[error("the disk is full")]
    DiskFull(#[source] io::Error),
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

/// A file that has been read and packed for its copy, so that it is known how much room that takes.
#[derive(Debug)]
pub struct Packed {
    /// What is copied.
    pub file: Observed,
    head: Vec<u8>,
    body: Vec<u8>,
}

/// Something in the folder of copies that is none, or none any more.
#[derive(Debug)]
pub struct Bad {
    /// Where it lies.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
    /// Whose copy it was, where its name tells.
    pub key: Option<FileKey>,
}

/// A copy as it lies in the spool.
#[derive(Debug, Clone)]
struct Item {
    path: PathBuf,
    /// None of an earlier agent's.
    hash: Option<ContentHash>,
    on_disk: u64,
}

/// The safe copies.
#[derive(Debug)]
pub struct Copies {
    disk: Arc<dyn Disk>,
    directory: PathBuf,
    quota: u64,
    used: u64,
    items: BTreeMap<FileKey, Item>,
    /// What was no copy any more, with its bytes on the disk. The first to go when room is needed.
    aside: BTreeMap<PathBuf, u64>,
}

const UNFINISHED: &str = "unfinished-";
const DAMAGED: &str = "damaged-";

impl Copies {
    /// Opens the folder of copies, whatever lies in it: unfinished ones are removed, the others are counted. What is no
    /// copy comes as the second answer, to be set aside. `quota` in bytes.
    pub fn open(disk: Arc<dyn Disk>, directory: &Path, quota: u64) -> (Self, Vec<Bad>) {
        let mut copies = Self {
            disk,
            directory: directory.to_owned(),
            quota,
            used: 0,
            items: BTreeMap::new(),
            aside: BTreeMap::new(),
        };
        // An earlier run may have been killed between a rename and its sync.
        let _ = copies.disk.sync_directory(directory.parent().unwrap_or(directory));
        let mut bad = Vec::new();
        match copies.disk.look_at(directory) {
            Ok(place) if place.what != What::Directory => {
                bad.push(Bad { path: directory.to_owned(), why: "it is no directory".to_owned(), key: None });
                return (copies, bad);
            }
            _ => drop(copies.disk.sync_directory(directory)),
        }
        for name in copies.disk.list(directory).unwrap_or_default() {
            let path = directory.join(&name);
            // What is no text is nobody's.
            let name = name.to_str().unwrap_or(DAMAGED);
            if name.starts_with(UNFINISHED) {
                // Whatever is left is removed at the next start at the latest.
                let _ = clear(&*copies.disk, &path);
            } else if name.starts_with(DAMAGED) {
                let on_disk = copies.disk.look_at(&path).map_or(0, |place| place.on_disk);
                copies.count_aside(path, on_disk);
            } else {
                match copies.take_up(&path) {
                    Ok((key, item)) => copies.insert(key, item),
                    Err(problem) => bad.push(Bad { why: problem.to_string(), key: entry::key_of(name), path }),
                }
            }
        }
        (copies, bad)
    }

    fn take_up(&self, path: &Path) -> Result<(FileKey, Item), CopyFault> {
        let place = self.disk.look_at(path)?;
        match place.what {
            What::File => {
                // A disk that fails now and then may answer the next time.
                let mut looked = entry::look_into(&*self.disk, path);
                if matches!(looked, Err(CopyFault::Io(_))) {
                    looked = entry::look_into(&*self.disk, path);
                }
                let about = looked?;
                let item = Item { path: path.to_owned(), hash: Some(about.hash), on_disk: place.on_disk };
                Ok((about.key, item))
            }
            What::Directory => older::take_up(&*self.disk, path),
            What::Other => Err(CopyFault::Damaged("it is no file")),
        }
    }

    /// The copies there are, with where they lie.
    pub fn iter(&self) -> impl Iterator<Item = (&FileKey, &Path)> {
        self.items.iter().map(|(key, item)| (key, item.path.as_path()))
    }

    /// Where the copy of this version lies, if there is one.
    pub fn path(&self, key: &FileKey) -> Option<PathBuf> {
        self.items.get(key).map(|item| item.path.clone())
    }

    /// Whether there is a copy of this version.
    pub fn contains(&self, key: &FileKey) -> bool {
        self.items.contains_key(key)
    }

    /// The hash of the content of a copy, where that is known.
    pub fn hash(&self, key: &FileKey) -> Option<ContentHash> {
        self.items.get(key)?.hash
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Bytes of the disk in use, with what was set aside.
    pub fn used(&self) -> u64 {
        self.used
    }

    /// Most bytes that copies may take.
    pub fn quota(&self) -> u64 {
        self.quota
    }

    /// How much was set aside.
    pub fn set_aside(&self) -> usize {
        self.aside.len()
    }

    /// Removes the copy of a file, if there is one. It is not counted any more, even if it cannot be removed now.
    pub fn remove(&mut self, key: &FileKey) -> io::Result<()> {
        let Some(item) = self.items.remove(key) else { return Ok(()) };
        self.used -= item.on_disk;
        // Those of an earlier agent lie in a folder of their own.
        let path = match item.path.parent() {
            Some(folder) if folder != self.directory => folder,
            _ => &item.path,
        };
        clear(&*self.disk, path)
    }

    /// Does not count a copy any more, wherever it lies.
    pub(super) fn forget(&mut self, key: &FileKey) {
        if let Some(item) = self.items.remove(key) {
            self.used -= item.on_disk;
        }
    }

    /// A copy could not be used: it is put where it is in nobody's way.
    pub fn put_aside(&mut self, key: &FileKey, why: &str) -> Option<Damage> {
        let item = self.items.remove(key)?;
        self.used -= item.on_disk;
        let path = item.path.parent().filter(|folder| *folder != self.directory).unwrap_or(&item.path).to_owned();
        Some(self.set_path_aside(&path, why))
    }

    /// Forgets copies that somebody has removed; the answer are their files, with the hashes that are known.
    pub fn check(&mut self) -> Vec<(FileKey, Option<ContentHash>)> {
        if self.items.is_empty() {
            return Vec::new();
        }
        let names = match self.disk.list(&self.directory) {
            Ok(names) => names.into_iter().collect::<std::collections::HashSet<_>>(),
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => std::collections::HashSet::new(),
            // It tells nothing of them.
            Err(_) => return Vec::new(),
        };
        let directory = &self.directory;
        let there = |item: &Item| {
            let own = item.path.strip_prefix(directory).ok().and_then(|path| path.iter().next());
            own.is_some_and(|own| names.contains(own))
        };
        let gone: Vec<_> = self.items.extract_if(.., |_, item| !there(item)).collect();
        self.used -= gone.iter().map(|(_, item)| item.on_disk).sum::<u64>();
        gone.into_iter().map(|(key, item)| (key, item.hash)).collect()
    }

    /// Reads the content of a copy that lies at `path`.
    pub fn read(disk: &dyn Disk, path: &Path, key: &FileKey) -> Result<Vec<u8>, CopyFault> {
        if path.file_name().and_then(|name| name.to_str()) == Some(&key.name) {
            return older::read(disk, path, key);
        }
        entry::read(disk, path, key)
    }

    fn insert(&mut self, key: FileKey, item: Item) {
        self.used += item.on_disk;
        if let Some(old) = self.items.insert(key, item) {
            self.used -= old.on_disk;
        }
    }

    fn count_aside(&mut self, path: PathBuf, on_disk: u64) {
        self.used += on_disk;
        if let Some(old) = self.aside.insert(path, on_disk) {
            self.used -= old;
        }
    }

    /// Moves something away that is no copy.
    pub(super) fn set_path_aside(&mut self, path: &Path, why: &str) -> Damage {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let within = path != self.directory;
        let free = |number: u32| {
            let beside = path.with_extension(format!("old-{number}"));
            if within { self.directory.join(format!("{DAMAGED}{number}-{name}")) } else { beside }
        };
        let aside = (1..1000).map(free).find(|aside| self.disk.look_at(aside).is_err());
        let moved = aside.filter(|aside| self.disk.rename(path, aside).is_ok());
        if let Some(aside) = moved.as_ref().filter(|_| within) {
            let on_disk = self.disk.look_at(aside).map_or(0, |place| place.on_disk);
            self.count_aside(aside.clone(), on_disk);
        }
        Damage::CopySetAside { why: format!("{name}: {why}"), aside: moved }
    }
}

impl Packed {
    /// Reads and packs a file, which may take long.
    pub fn make(disk: &dyn Disk, file: Observed) -> Result<Self, CopyError> {
        let path = file.path.clone();
        let read = || {
            let open = disk.open(&path)?;
            let before = open.look()?.state;
            let content = read_whole(&*open, MAX_FILE_BYTES + 1)?;
            let sound = before == file.state && open.look()?.state == before && content.len() as u64 == before.size;
            io::Result::Ok(sound.then_some(content))
        };
        let Some(content) = read().map_err(io_error("copy", &path))? else { return Err(CopyError::Changed(path)) };
        let (head, body) = entry::pack(&FileKey::from(&file), content).map_err(io_error("pack", &path))?;
        Ok(Self { file, head, body })
    }

    /// Bytes of the disk that the copy takes.
    pub fn on_disk(&self) -> u64 {
        const BLOCK: u64 = 4096;
        ((self.head.len() + self.body.len()) as u64).div_ceil(BLOCK) * BLOCK
    }

    /// Writes the copy into the folder `spool`, durably.
    pub fn write(&self, disk: &dyn Disk, spool: &Path) -> Result<(), CopyError> {
        let name = entry::file_name(&FileKey::from(&self.file));
        let (unfinished, finished) = (spool.join(format!("{UNFINISHED}{name}")), spool.join(name));
        let write = || {
            if disk.look_at(spool).is_err() {
                disk.make_directory(spool)?;
                disk.sync_directory(spool.parent().unwrap_or(spool))?;
            }
            replace(disk, &unfinished, &finished, &[&self.head, &self.body]).map(drop)
        };
        write().map_err(io_error("write", &finished))
    }
}

fn io_error<'a>(action: &'static str, path: &'a Path) -> impl Fn(io::Error) -> CopyError + 'a {
    move |source| {
        if is_full(&source) {
            CopyError::DiskFull(source)
        } else {
            CopyError::Io { action, path: path.to_owned(), source }
        }
    }
}

#[cfg(test)]
mod tests;
