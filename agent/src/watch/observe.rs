use std::fs::Metadata;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use slomix_shared::artifact::{FileName, Kind};

/// What tells one version of a file from the next without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileState {
    /// Bytes.
    pub size: u64,
    /// Modified time, nanoseconds since 1970.
    pub modified_ns: i64,
}

impl FileState {
    /// The state that the file system tells.
    pub fn of(meta: &Metadata) -> Self {
        Self {
            size: meta.len(),
            modified_ns: meta.mtime().saturating_mul(1_000_000_000).saturating_add(meta.mtime_nsec()),
        }
    }

    /// Modified time, milliseconds since 1970.
    pub fn modified_ms(self) -> i64 {
        self.modified_ns.div_euclid(1_000_000)
    }
}

/// A regular file as it lies in a directory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Where it lies.
    pub path: PathBuf,
    /// Bare name; bytes that are no UTF-8 are replaced.
    pub name: String,
    /// Told by the name.
    pub kind: Kind,
    /// Size and time.
    pub state: FileState,
}

impl Observed {
    /// Takes a file if it is one that travels: regular (no link, directory, device or pipe) and not hidden.
    pub(super) fn from_meta(path: &Path, meta: &Metadata) -> Option<Self> {
        let mut name = path.file_name()?.to_string_lossy().into_owned();
        // Replaced bytes grow to three; what travels has at most 255.
        name.truncate(name.floor_char_boundary(255));
        if !meta.file_type().is_file() || name.starts_with('.') {
            return None;
        }
        let kind = FileName::kind_of(&name);
        Some(Self { path: path.to_owned(), name, kind, state: FileState::of(meta) })
    }
}

/// Looks at one path without following links: nothing where there is no file that travels.
pub fn observe(path: &Path) -> io::Result<Option<Observed>> {
    match path.symlink_metadata() {
        Ok(meta) => Ok(Observed::from_meta(path, &meta)),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}
