//! Streams inside of TLS on TCP, as a peer writes them, however its bytes are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_line::tcp::stranger::{MOST_STREAMS, hear};

/// Unread bytes lie in a queue that grows by doubling.
const TIMES: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some((cut, bytes)) = bytes.split_first() else { return };
    let whole = bounded(bytes.len(), TIMES, || hear(bytes, usize::MAX));
    // Streams that are over make room for others, each for a record at least.
    assert!(whole.streams <= MOST_STREAMS + bytes.len() / 9);
    let pieces = bounded(bytes.len(), TIMES, || hear(bytes, usize::from(*cut)));
    // Answers in between may only allow more.
    assert!(whole.broke || !pieces.broke);
});
