//! What the machine itself needs to put something on the disk.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;
use std::time::Instant;

use super::spread::Spread;

/// Times of appending 4 KiB to a file in `folder` and `fdatasync`.
pub(crate) fn fsync(folder: &Path, times: usize) -> Spread {
    let path = folder.join("fsync");
    let mut file = OpenOptions::new().create(true).append(true).open(&path).expect("a file can be made");
    let mut spread = Spread::default();
    for _ in 0..times {
        let begun = Instant::now();
        file.write_all(&[7; 4096]).and_then(|()| file.sync_data()).expect("the disk takes it");
        spread.add(begun.elapsed());
    }
    std::fs::remove_file(path).expect("the file can be removed");
    spread
}
