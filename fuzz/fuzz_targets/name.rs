//! The names of files, and the stamps in them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::artifact::{FileName, LocalStamp};

/// An error may quote the name.
const TIMES: usize = 4;

fuzz_target!(|text: &str| {
    let parsed = bounded(text.len(), TIMES, || FileName::parse(text));
    match &parsed {
        Ok(FileName::Round(name)) => {
            // Nothing but the map's case and the kind's suffix is free in such a name.
            assert!(text.starts_with(&format!("{}-{}-round-{}", name.stamp, name.map, name.round.number())));
            assert_eq!(LocalStamp::from_seconds(name.stamp.seconds()), name.stamp);
        }
        Ok(FileName::Gametime(name)) => {
            assert_eq!(text, format!("gametime-{}-{}-{:010}.json", name.map, name.round, name.end_unix));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    assert_eq!(FileName::kind_of(text), parsed.map_or(slomix_shared::artifact::Kind::Unrecognised, |name| name.kind()));
});
