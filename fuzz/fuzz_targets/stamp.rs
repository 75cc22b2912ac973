//! The server's wall clock in a file's name, as text and as the seconds that stand in identifiers.
#![no_main]

use libfuzzer_sys::fuzz_target;
use slomix_fuzz::bounded;
use slomix_shared::artifact::LocalStamp;
use slomix_shared::formats::stats::{clock_text, parse_time};

fuzz_target!(|bytes: &[u8]| {
    if let Some(stamp) =
        std::str::from_utf8(bytes).ok().and_then(|text| bounded(text.len(), 1, || LocalStamp::parse(text)))
    {
        assert_eq!(stamp.to_string().as_bytes(), bytes);
        assert_eq!(LocalStamp::from_seconds(stamp.seconds()), stamp);
    }
    if let Ok(seconds) = bytes.try_into().map(i64::from_le_bytes) {
        let stamp = LocalStamp::from_seconds(seconds);
        assert_eq!(LocalStamp::from_seconds(stamp.seconds()), stamp);
        assert!(!stamp.to_string().is_empty());
        assert_eq!(
            LocalStamp::parse(&stamp.to_string()),
            Some(stamp).filter(|stamp| (2020..=2035).contains(&stamp.civil().year()))
        );
    }
    if let Some(seconds) = bounded(bytes.len(), 1, || parse_time(bytes)) {
        let again = parse_time(clock_text(seconds).as_bytes());
        assert_eq!(again, (seconds / 60 < 1_000_000).then_some(seconds));
    }
});
