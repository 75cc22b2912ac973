use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;

use super::{Disk, DiskFile, Place, What};
use crate::watch::FileState;

/// The machine's own file systems.
#[derive(Debug, Clone, Copy)]
pub struct SystemDisk;

/// Somebody may have put a link or a pipe into a file's place: neither is followed or waited for.
const CAREFUL: i32 = libc::O_NOFOLLOW | libc::O_NONBLOCK;

/// What file systems give out at least.
const BLOCK: u64 = 4096;

impl Disk for SystemDisk {
    fn make_directory(&self, path: &Path) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)
    }

    fn list(&self, directory: &Path) -> io::Result<Vec<OsString>> {
        fs::read_dir(directory)?.map(|entry| Ok(entry?.file_name())).collect()
    }

    fn look_at(&self, path: &Path) -> io::Result<Place> {
        path.symlink_metadata().map(|meta| place(&meta))
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        Ok(Box::new(OpenOptions::new().read(true).custom_flags(CAREFUL).open(path)?))
    }

    fn open_or_make(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false).mode(0o600).custom_flags(CAREFUL);
        Ok(Box::new(options.open(path)?))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        File::open(path)?.sync_all()
    }
}

impl DiskFile for File {
    fn look(&self) -> io::Result<Place> {
        self.metadata().map(|meta| place(&meta))
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        FileExt::read_at(self, buffer, at)
    }

    fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<usize> {
        FileExt::write_at(self, bytes, at)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        File::set_len(self, length)
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_data()
    }
}

fn place(meta: &Metadata) -> Place {
    let what = match meta.file_type() {
        it if it.is_file() => What::File,
        it if it.is_dir() => What::Directory,
        _ => What::Other,
    };
    // Blocks that are not given out yet are not counted by every file system.
    let allocated = meta.blocks() * 512;
    let on_disk = allocated.max(meta.len().div_ceil(BLOCK) * BLOCK);
    Place { what, state: FileState::of(meta), on_disk, allocated, id: (meta.dev(), meta.ino()) }
}
