use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, Place, What, clear, write_all_at};

/// Bytes of the ballast: some thousand acknowledgements.
pub const BALLAST: u64 = 1024 * 1024;

/// A file that holds room on the disk, to be let go when an acknowledgement cannot be written for want of it.
#[derive(Debug)]
pub struct Ballast {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    size: u64,
    held: bool,
}

impl Ballast {
    /// The ballast of `size` bytes at `path`, if it lies there whole; it is made by [`Self::hold`].
    pub fn find(disk: Arc<dyn Disk>, path: &Path, size: u64) -> Self {
        // Some file systems need a little less for it than its length.
        let whole =
            |place: Place| place.what == What::File && place.state.size >= size && place.allocated >= size - size / 8;
        let held = disk.look_at(path).is_ok_and(whole);
        Self { disk, path: path.to_owned(), size, held }
    }

    /// Whether there is room held.
    pub fn is_held(&self) -> bool {
        self.held
    }

    /// Takes the room, if it is not held yet. What is written cannot be squeezed by the file system, and has no holes.
    pub fn hold(&mut self) -> io::Result<()> {
        if self.held {
            return Ok(());
        }
        let made = self.make();
        match &made {
            Ok(()) => self.held = true,
            Err(_) => {
                let _ = clear(&*self.disk, &self.path);
            }
        }
        made
    }

    fn make(&self) -> io::Result<()> {
        clear(&*self.disk, &self.path)?;
        let file = self.disk.open_or_make(&self.path)?;
        let mut part = [0; 16 * 1024];
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        for at in (0..self.size).step_by(part.len()) {
            for word in part.chunks_exact_mut(8) {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                word.copy_from_slice(&state.to_le_bytes());
            }
            let rest = usize::try_from(self.size - at).unwrap_or(usize::MAX);
            write_all_at(&*file, &part[..part.len().min(rest)], at)?;
        }
        file.sync()
    }

    /// Lets the room go; whether there was any.
    pub fn release(&mut self) -> bool {
        let held = std::mem::take(&mut self.held);
        // Gone already: then whoever removed it has made the room.
        held && clear(&*self.disk, &self.path).is_ok()
    }

    /// Looks whether somebody removed it.
    pub fn check(&mut self) {
        self.held &= self.disk.look_at(&self.path).is_ok();
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::MetadataExt;

    use super::super::disk::SystemDisk;
    use super::*;

    #[test]
    fn the_ballast_takes_real_blocks_and_gives_them_back() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("ballast");
        let mut ballast = Ballast::find(Arc::new(SystemDisk), &path, BALLAST);
        assert!(!ballast.is_held() && !ballast.release());
        ballast.hold().unwrap();
        let meta = std::fs::metadata(&path).unwrap();
        assert!(meta.len() == BALLAST && meta.blocks() * 512 >= BALLAST, "{} blocks", meta.blocks());
        assert!(Ballast::find(Arc::new(SystemDisk), &path, BALLAST).is_held());
        assert!(ballast.release() && !path.exists() && !ballast.is_held());

        ballast.hold().unwrap();
        std::fs::remove_file(&path).unwrap();
        ballast.check();
        assert!(!ballast.is_held());
        // A sparse file of the same length holds nothing.
        std::fs::File::create(&path).unwrap().set_len(BALLAST).unwrap();
        let mut ballast = Ballast::find(Arc::new(SystemDisk), &path, BALLAST);
        ballast.hold().unwrap();
        assert!(std::fs::metadata(&path).unwrap().blocks() * 512 >= BALLAST);
    }
}
