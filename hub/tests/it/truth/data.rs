//! Test data that is not in the repository: beside it, or not there at all.

use std::path::{Path, PathBuf};

/// The folder `name` of the shared data, or none, with a visible line, where this machine has no such folder.
///
/// It is looked for beside the checkout, or where `SLOMIX_TEST_DATA` says. With `SLOMIX_REQUIRE_DATA=1` a missing
/// folder is a failure, so that a machine that should have it cannot skip.
pub(super) fn folder(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("SLOMIX_TEST_DATA").map_or_else(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var("SLOMIX_REQUIRE_DATA").is_ok_and(|value| value == "1");
    assert!(!required, "{} is missing and SLOMIX_REQUIRE_DATA=1 is set", folder.display());
    eprintln!("SKIPPED: {} is not there", folder.display());
    None
}

/// Every file of a folder, by name.
pub(super) fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<(String, Vec<u8>)> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    files
}
