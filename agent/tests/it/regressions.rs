//! Inputs that a reader of the agent once failed on, and some that it might have.

use std::fs;
use std::path::Path;

use slomix_agent::spool::{Decoded, decode_record};
use slomix_agent::validate::{Limits, Rules, Subject};
use slomix_shared::artifact::Kind;

/// The inputs of a fuzz target that were kept.
fn each(target: &str, read: impl Fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/regressions").join(target);
    let mut count = 0;
    for input in fs::read_dir(folder).unwrap() {
        read(&fs::read(input.unwrap().path()).unwrap());
        count += 1;
    }
    assert!(count > 0, "{target} has no inputs");
}

#[test]
fn round_events_are_judged() {
    each("rules", |content| {
        let subject = Subject { kind: Kind::Gametime, name: "gametime-supply-R1-1768421295.json", content, now: 0 };
        Rules::new(None, Limits::default()).try_judge(&subject).unwrap().unwrap();
    });
}

#[test]
fn ledger_entries_are_good_damaged_or_torn() {
    each("record", |payload| {
        let length = (payload.len() as u32).to_le_bytes();
        let whole = [&length[..], &crc32fast::hash(payload).to_le_bytes(), payload].concat();
        for bytes in [payload, &whole] {
            if let Decoded::Good(_, length) | Decoded::Damaged(length) = decode_record(bytes) {
                assert!(length <= bytes.len());
            }
        }
    });
}
