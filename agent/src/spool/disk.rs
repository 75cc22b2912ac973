//! The file operations that ledger, copies and ballast need, so that tests can stand in for a disk that tears, loses,
//! flips, fills up and fails.

#[cfg(test)]
pub(crate) mod memory;
mod system;

use std::ffi::OsString;
use std::fmt::Debug;
use std::io;
use std::path::Path;

pub use system::SystemDisk;

use crate::watch::FileState;

/// What lies in a place of the file system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A regular file.
    File,
    /// A directory.
    Directory,
    /// A link, a pipe, a device.
    Other,
}

/// What the file system tells of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What lies there.
    pub what: What,
    /// Size and modified time.
    pub state: FileState,
    /// Bytes of the disk that it takes, as far as is known before they are given out.
    pub on_disk: u64,
    /// Bytes of the disk that were given out for it.
    pub allocated: u64,
    /// Tells it from whatever takes its place later.
    pub id: (u64, u64),
}

/// A file system. Nothing that is written or renamed outlives a power cut before it was synced.
pub trait Disk: Debug + Send + Sync {
    /// Makes a directory, closed to others, and those above it that are not there.
    fn make_directory(&self, path: &Path) -> io::Result<()>;
    /// The bare names in a directory.
    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>>;
    /// What lies there, without following a link.
    fn look_at(&self, path: &Path) -> io::Result<Place>;
    /// Opens a file for reading. Neither follows a link nor waits for a pipe.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens a file for reading and writing; one that is not there is made, closed to others. Follows no link.
    fn open_or_make(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Puts a file into another place, over a file that may be there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file, or a directory with all that is in it.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Makes what was made, renamed and removed in a directory durable.
    fn sync_directory(&self, path: &Path) -> io::Result<()>;
}

/// An open file.
pub trait DiskFile: Debug + Send + Sync {
    /// What the file system tells of it.
    fn look(&self) -> io::Result<Place>;
    /// Reads some bytes, fewer than wanted too.
    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize>;
    /// Writes some of the bytes.
    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<usize>;
    /// Cuts the file.
    fn set_len(&self, length: u64) -> io::Result<()>;
    /// Makes its content durable.
    fn sync(&self) -> io::Result<()>;
}

/// How often an operation that fails with an input or output error is tried: a cable that is loose now and then.
const TRIES: usize = 3;

/// Reads a file from its start, `most` bytes of it.
pub(crate) fn read_whole(file: &dyn DiskFile, most: usize) -> io::Result<Vec<u8>> {
    let size = usize::try_from(file.look()?.state.size).unwrap_or(usize::MAX);
    let mut content = vec![0; size.saturating_add(1).min(most)];
    let (mut length, mut failed) = (0, 0);
    loop {
        if length == content.len() {
            if length == most {
                break;
            }
            content.resize(content.len().saturating_mul(2).min(most), 0);
        }
        match file.read_at(&mut content[length..], length as u64) {
            Ok(0) => break,
            Ok(bytes) => length += bytes,
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            Err(_) if failed + 1 < TRIES => failed += 1,
            Err(problem) => return Err(problem),
        }
    }
    content.truncate(length);
    Ok(content)
}

/// Writes all of the bytes.
pub(super) fn write_all_at(file: &dyn DiskFile, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        match file.write_at(bytes, at) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => {
                bytes = &bytes[written..];
                at += written as u64;
            }
            Err(problem) if problem.kind() == io::ErrorKind::Interrupted => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(())
}

/// Removes whatever lies there, if anything does.
pub(super) fn clear(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(path) {
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Makes a new file whole and durable before it takes its place: `unfinished` first, then the rename to `finished`, over
/// whatever lies there. The answer is the file.
pub(super) fn replace(
    disk: &dyn Disk,
    unfinished: &Path,
    finished: &Path,
    parts: &[&[u8]],
) -> io::Result<Box<dyn DiskFile>> {
    let write = || {
        clear(disk, unfinished)?;
        let file = disk.open_or_make(unfinished)?;
        let mut at = 0;
        for part in parts {
            write_all_at(&*file, part, at)?;
            at += part.len() as u64;
        }
        file.sync()?;
        if disk.look_at(finished).is_ok_and(|place| place.what == What::Directory) {
            disk.remove(finished)?;
        }
        disk.rename(unfinished, finished)?;
        Ok(file)
    };
    let file = write().inspect_err(|_: &io::Error| {
        // It is in the way of nothing, but takes room that others may need.
        let _ = clear(disk, unfinished);
    })?;
    disk.sync_directory(finished.parent().unwrap_or(finished))?;
    Ok(file)
}

/// Whether there is no room on the disk, or none left for this user.
pub(super) fn is_full(problem: &io::Error) -> bool {
    matches!(problem.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}
