//! A round event.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::formats::gametime;

/// An object of one member is seven bytes of JSON and becomes a tree's node of six hundred.
const TIMES: usize = 128;

fuzz_target!(|bytes: &[u8]| {
    let (text, utf8) = bounded(bytes.len(), 8, || gametime::text(bytes));
    assert_eq!(utf8, std::str::from_utf8(bytes).is_ok_and(|same| same == text));
    match bounded(bytes.len(), TIMES, || gametime::parse(bytes)) {
        Ok(event) => {
            assert!(event.players.is_sorted_by(|a, b| a < b));
            let counts = [event.start_unix, event.end_unix, event.seconds, event.pauses, event.pause_seconds];
            assert!(counts.into_iter().flatten().all(|count| count >= 0));
            assert!(event.limit_seconds.is_none_or(|limit| (0..=60_000_000).contains(&limit)));
        }
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().is_empty()),
    }
});
