//! Entries of the agent's ledger: as they lie in the file, and with a checksum that holds.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_agent::spool::{Decoded, decode_record};
use slomix_fuzz::bounded;

/// Name and reason are held once.
const TIMES: usize = 4;

fuzz_target!(|bytes: &[u8]| {
    read(bytes);
    let len = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    read(&[&len.to_le_bytes(), &crc32fast::hash(bytes).to_le_bytes(), bytes].concat());
});

fn read(bytes: &[u8]) {
    match bounded(bytes.len(), TIMES, || decode_record(bytes)) {
        Decoded::Good(record, length) => {
            assert!((8..=bytes.len()).contains(&length));
            assert_eq!(record.key().name, record.name);
            assert!(!record.outcome.word().is_empty());
        }
        Decoded::Damaged(length) => assert!((8..=bytes.len()).contains(&length)),
        Decoded::Torn => {}
    }
}
