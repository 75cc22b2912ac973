//! Blocks that deriving once failed on, and some that it might have: a folder of files each.

use std::fs;
use std::path::Path;

use slomix_hub::domain::derive::derive_with_papers;

use super::archive::{read, read_papers, rules};

#[test]
fn kept_blocks_derive_in_any_order() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/regressions/derive");
    let mut count = 0;
    for block in fs::read_dir(folder).unwrap() {
        let entries = fs::read_dir(block.unwrap().path()).unwrap().map(Result::unwrap);
        let names: Vec<(String, Vec<u8>)> =
            entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap())).collect();
        let all = || names.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        let (mut files, mut papers) = (read(all()).0, read_papers(all()));
        let derived = derive_with_papers(&files, &papers, &rules());
        files.reverse();
        papers.reverse();
        assert_eq!(derive_with_papers(&files, &papers, &rules()), derived);
        count += 1;
    }
    assert!(count > 0, "there are no blocks");
}
