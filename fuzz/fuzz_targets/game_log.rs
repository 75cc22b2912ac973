//! The game's log, line by line.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_agent::gameserver::{LogEvent, RoundTeller, log_event};
use slomix_fuzz::bounded;

/// A map and a reason are held once.
const TIMES: usize = 4;

fuzz_target!(|log: &[u8]| {
    bounded(log.len(), TIMES, || {
        let mut teller = RoundTeller::default();
        for line in log.split(|byte| *byte == b'\n') {
            if let Some(event) = log_event(line) {
                let names_a_map = matches!(event, LogEvent::Map(_));
                teller.hear(event, None);
                // A map by itself says nothing of a round.
                assert!(names_a_map || teller.round().is_some());
            }
        }
        assert!(teller.map().is_none_or(|map| (1..=64).contains(&map.len())));
    });
});
