//! What must hold for whole evenings, read back from the bytes by a reader of its own.

use jiff::civil::date;

use super::*;
use crate::artifact::FileName;

fn plan(seed: u64) -> Plan {
    Plan::new(seed, date(2026, 3, 6).at(20, 15, 0, 0))
}

#[test]
fn every_file_has_a_name_that_the_scripts_write() {
    for evening in play(&plan(1)).unwrap() {
        assert_eq!(evening.maps.len(), 6);
        for file in evening.files() {
            assert!(FileName::parse(&file.name).is_ok(), "{}", file.name);
        }
    }
}
