//! A disk that is soon full. The agent's tests use it too.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A file system of a few megabytes.
pub(crate) struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None, with a visible line, where this user may not mount one.
    pub(crate) fn at(path: &Path, megabytes: u32) -> Option<Self> {
        fs::create_dir(path).unwrap();
        let size = format!("size={megabytes}m,mode=0700");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "slomix-test"]).arg(path).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self(path.to_owned()));
        }
        eprintln!("SKIPPED: this user may not mount a small disk");
        None
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Takes all the space that is left.
    pub(crate) fn fill(&self) {
        let mut file = File::options().create(true).append(true).open(self.0.join("filler")).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
    }

    pub(crate) fn free(&self) {
        fs::remove_file(self.0.join("filler")).unwrap();
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Whatever still has a file open there ends with this program.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}
