//! Where tests find the collection of real and simulated files. It is not part of the repository.

use std::path::{Path, PathBuf};

/// A folder of the collection, or none, with a line that says so.
pub(crate) fn folder(name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let root = std::env::var_os("SLOMIX_TEST_DATA").map_or(beside, PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {} is not there (SLOMIX_TEST_DATA names another place)", folder.display());
    None
}
