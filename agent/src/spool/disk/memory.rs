//! A disk in memory that does what disks do: what was not synced is lost, torn or out of order after a power cut.

mod crash;
mod inode;

use std::collections::{BTreeMap, VecDeque};
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use inode::Inode;

use super::{Disk, DiskFile, Place, What};
use crate::watch::FileState;

/// What is given out at least.
pub(crate) const BLOCK: u64 = 4096;

/// What befalls the next operation that it can befall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Interrupted,
    Short,
    Failing,
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Entry {
    File(u64),
    Directory(u64),
}

/// A change of names that is not durable yet.
#[derive(Debug, Clone)]
enum Naming {
    Made(PathBuf, Entry),
    Removed(PathBuf),
    Renamed(PathBuf, PathBuf),
}

#[derive(Debug, Default)]
struct World {
    inodes: BTreeMap<u64, Inode>,
    next: u64,
    now_ns: i64,
    live: BTreeMap<PathBuf, Entry>,
    durable: BTreeMap<PathBuf, Entry>,
    unsynced: Vec<Naming>,
    faults: VecDeque<Fault>,
    /// Blocks that files may take.
    capacity: Option<u64>,
    /// So many operations are left before the machine stops.
    fuse: Option<u32>,
    stopped: bool,
}

/// The disk; clones are the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct MemoryDisk(Arc<Mutex<World>>);

#[derive(Debug)]
struct Handle(MemoryDisk, u64);

impl MemoryDisk {
    /// With these directories on it, durably.
    pub(crate) fn with(directories: &[&str]) -> Self {
        let disk = Self::default();
        for directory in directories {
            disk.make_directory(Path::new(directory)).unwrap();
        }
        disk.sync_everything();
        disk
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a file there as another program does that is not looked after here: durably.
    pub(crate) fn put(&self, path: &str, content: &[u8], modified_ns: i64) {
        let mut world = self.world();
        world.commit(Path::new(path).parent());
        world.next += 1;
        let entry = Entry::File(world.next);
        let inode = Inode::durable(content.to_vec(), modified_ns);
        let id = world.next;
        world.inodes.insert(id, inode);
        world.live.insert(path.into(), entry);
        world.durable.insert(path.into(), entry);
    }

    /// Makes a directory as somebody else does: durably.
    pub(crate) fn plant(&self, path: &str) {
        let mut world = self.world();
        world.commit(Path::new(path).parent());
        world.next += 1;
        let entry = Entry::Directory(world.next);
        world.live.insert(path.into(), entry);
        world.durable.insert(path.into(), entry);
    }

    /// Takes away what lies there, as somebody else does: durably.
    pub(crate) fn take_away(&self, path: &str) {
        let mut world = self.world();
        world.commit(Path::new(path).parent());
        let under = |candidate: &PathBuf| candidate.starts_with(path);
        world.live.retain(|candidate, _| !under(candidate));
        world.durable.retain(|candidate, _| !under(candidate));
    }

    /// Flips a bit of a file, on the disk and in every cache; false where there is none to flip.
    pub(crate) fn flip(&self, path: &Path, at: usize) -> bool {
        let mut world = self.world();
        let Some(Entry::File(id)) = world.live.get(path).copied() else { return false };
        world.inodes.get_mut(&id).is_some_and(|inode| inode.flip(at))
    }

    /// Every file under a directory.
    pub(crate) fn files(&self, directory: &str) -> Vec<PathBuf> {
        let world = self.world();
        let files =
            world.live.iter().filter(|(path, entry)| path.starts_with(directory) && matches!(entry, Entry::File(_)));
        files.map(|(path, _)| path.clone()).collect()
    }

    /// Blocks that files may take from now on.
    pub(crate) fn limit(&self, blocks: Option<u64>) {
        self.world().capacity = blocks;
    }

    /// Nothing more can be written.
    pub(crate) fn fill(&self) {
        let mut world = self.world();
        let used = world.used();
        world.capacity = Some(used);
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.world().faults.push_back(fault);
    }

    /// No more faults, and no stop.
    pub(crate) fn behave(&self) {
        let mut world = self.world();
        world.faults.clear();
        world.fuse = None;
    }

    /// The machine stops after so many more operations: none of those that follow does anything.
    pub(crate) fn stop_after(&self, operations: u32) {
        self.world().fuse = Some(operations);
    }

    pub(crate) fn is_stopped(&self) -> bool {
        self.world().stopped
    }

    /// Bytes of the disk that files take.
    pub(crate) fn used(&self) -> u64 {
        self.world().used() * BLOCK
    }

    fn sync_everything(&self) {
        let mut world = self.world();
        world.durable = world.live.clone();
        world.unsynced.clear();
    }
}

impl World {
    fn used(&self) -> u64 {
        let ids = self.live.values().filter_map(|entry| match entry {
            Entry::File(id) => Some(id),
            Entry::Directory(_) => None,
        });
        ids.map(|id| self.inodes[id].blocks()).sum()
    }

    /// The names in a directory are durable now.
    fn commit(&mut self, directory: Option<&Path>) {
        let all = std::mem::take(&mut self.unsynced);
        let (here, elsewhere): (Vec<_>, Vec<_>) = all.into_iter().partition(|naming| naming.directory() == directory);
        for naming in here {
            crash::apply(&mut self.durable, &naming);
        }
        self.unsynced = elsewhere;
    }

    /// Every operation begins with this.
    fn step(&mut self, befalls: &[Fault]) -> io::Result<Option<Fault>> {
        if let Some(fuse) = &mut self.fuse {
            self.stopped |= *fuse == 0;
            *fuse = fuse.saturating_sub(1);
        }
        if self.stopped {
            return Err(io::Error::other("the machine has stopped"));
        }
        let fault = self.faults.pop_front_if(|fault| befalls.contains(fault));
        match fault {
            Some(Fault::Interrupted) => Err(io::ErrorKind::Interrupted.into()),
            Some(Fault::Failing) => Err(io::Error::other("input/output error")),
            Some(Fault::Full) => Err(io::ErrorKind::StorageFull.into()),
            fault => Ok(fault),
        }
    }

    fn entry(&self, path: &Path) -> io::Result<Entry> {
        self.live.get(path).copied().ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn place(&self, entry: Entry) -> Place {
        match entry {
            Entry::File(id) => self.inodes[&id].place(id),
            Entry::Directory(id) => {
                let state = FileState { size: 0, modified_ns: 0 };
                Place { what: What::Directory, state, on_disk: BLOCK, allocated: BLOCK, id: (1, id) }
            }
        }
    }

    fn make(&mut self, path: &Path, entry: impl FnOnce(u64) -> Entry) -> Entry {
        self.next += 1;
        let entry = entry(self.next);
        self.live.insert(path.to_owned(), entry);
        self.unsynced.push(Naming::Made(path.to_owned(), entry));
        entry
    }
}

impl Disk for MemoryDisk {
    fn make_directory(&self, path: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.step(&[Fault::Failing, Fault::Full])?;
        for directory in path.ancestors().collect::<Vec<_>>().into_iter().rev() {
            match world.live.get(directory) {
                Some(Entry::Directory(_)) => {}
                Some(Entry::File(_)) => return Err(io::ErrorKind::AlreadyExists.into()),
                None => {
                    world.make(directory, Entry::Directory);
                }
            }
        }
        Ok(())
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        match world.entry(directory)? {
            Entry::File(_) => Err(io::ErrorKind::NotADirectory.into()),
            Entry::Directory(_) => {
                let here = world.live.keys().filter(|path| path.parent() == Some(directory));
                Ok(here.filter_map(|path| path.file_name()).map(ToOwned::to_owned).collect())
            }
        }
    }

    fn look_at(&self, path: &Path) -> io::Result<Place> {
        let mut world = self.world();
        world.step(&[])?;
        world.entry(path).map(|entry| world.place(entry))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        match world.entry(path)? {
            Entry::File(id) => Ok(Box::new(Handle(self.clone(), id))),
            Entry::Directory(_) => Err(io::ErrorKind::IsADirectory.into()),
        }
    }

    fn open_or_make(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        if !path.parent().is_some_and(|parent| matches!(world.live.get(parent), Some(Entry::Directory(_)))) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let entry = match world.live.get(path) {
            Some(entry) => *entry,
            None => world.make(path, Entry::File),
        };
        let Entry::File(id) = entry else { return Err(io::ErrorKind::IsADirectory.into()) };
        world.inodes.entry(id).or_default();
        Ok(Box::new(Handle(self.clone(), id)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        world.entry(from)?;
        let naming = Naming::Renamed(from.to_owned(), to.to_owned());
        crash::apply(&mut world.live, &naming);
        world.unsynced.push(naming);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        world.entry(path)?;
        let naming = Naming::Removed(path.to_owned());
        crash::apply(&mut world.live, &naming);
        world.unsynced.push(naming);
        Ok(())
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        let mut world = self.world();
        world.step(&[Fault::Failing])?;
        world.entry(path)?;
        world.commit(Some(path));
        Ok(())
    }
}

impl Handle {
    fn with<T>(
        &self,
        befalls: &[Fault],
        act: impl FnOnce(&mut Inode, u64, Option<Fault>) -> io::Result<T>,
    ) -> io::Result<T> {
        let mut world = self.0.world();
        let fault = world.step(befalls)?;
        let free = world.capacity.map_or(u64::MAX, |capacity| capacity.saturating_sub(world.used()));
        world.now_ns += 1;
        let now_ns = world.now_ns;
        let inode = world.inodes.get_mut(&self.1).expect("a file that is open is there");
        inode.now_ns = now_ns;
        act(inode, free, fault)
    }
}

impl DiskFile for Handle {
    fn look(&self) -> io::Result<Place> {
        self.with(&[], |inode, _, _| Ok(inode.place(self.1)))
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        self.with(&[Fault::Interrupted, Fault::Short, Fault::Failing], |inode, _, fault| {
            Ok(inode.read(buffer, at, fault == Some(Fault::Short)))
        })
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<usize> {
        let befalls = [Fault::Interrupted, Fault::Short, Fault::Failing, Fault::Full];
        self.with(&befalls, |inode, free, fault| inode.write(bytes, at, free, fault == Some(Fault::Short)))
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.with(&[Fault::Failing], |inode, _, _| {
            inode.set_len(length);
            Ok(())
        })
    }

    fn sync(&self) -> io::Result<()> {
        let synced = self.with(&[Fault::Failing], |inode, _, _| {
            inode.sync();
            Ok(())
        });
        if synced.is_err() {
            let mut world = self.0.world();
            let stopped = world.stopped;
            if let Some(inode) = world.inodes.get_mut(&self.1).filter(|_| !stopped) {
                inode.doom();
            }
        }
        synced
    }
}
