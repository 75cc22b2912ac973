//! From the server's wall clock to instants.

use jiff::tz::{AmbiguousOffset, TimeZone};
use slomix_shared::artifact::LocalStamp;

/// Unix milliseconds of a wall-clock stamp.
///
/// In the hour that an autumn night has twice the later one is taken; a time that a spring night skips is shifted
/// forward by the change.
pub fn instant_ms(zone: &TimeZone, stamp: LocalStamp) -> i64 {
    let ambiguous = zone.to_ambiguous_timestamp(stamp.civil());
    let timestamp = if is_fold(ambiguous.offset()) { ambiguous.later() } else { ambiguous.compatible() };
    // Every stamp lies in 2020 to 2035, far inside what a timestamp can hold.
    timestamp.map_or(0, jiff::Timestamp::as_millisecond)
}

/// The earlier of the two instants of a repeated hour; the same as [`instant_ms`] at any other time.
pub fn earlier_instant_ms(zone: &TimeZone, stamp: LocalStamp) -> i64 {
    zone.to_ambiguous_timestamp(stamp.civil()).compatible().map_or(0, jiff::Timestamp::as_millisecond)
}

/// Whether the wall clock is set back within three hours around `stamp`: only then may a later file bear an earlier
/// name.
pub fn is_set_back_around(zone: &TimeZone, stamp: LocalStamp) -> bool {
    let hours = |h: i64| LocalStamp::from_seconds(stamp.seconds() + h * 3600);
    (-3..=3).any(|h| is_fold(zone.to_ambiguous_timestamp(hours(h).civil()).offset()))
}

fn is_fold(offset: AmbiguousOffset) -> bool {
    matches!(offset, AmbiguousOffset::Fold { .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(text: &str) -> LocalStamp {
        LocalStamp::parse(text).unwrap()
    }

    #[test]
    fn repeated_hour_has_two_instants() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let twice = stamp("2025-10-26-023000");
        assert_eq!(instant_ms(&zone, twice) - earlier_instant_ms(&zone, twice), 3_600_000);
        assert!(is_set_back_around(&zone, stamp("2025-10-26-010000")));
        assert!(!is_set_back_around(&zone, stamp("2025-10-26-120000")));
        let plain = stamp("2025-10-25-200000");
        assert_eq!(instant_ms(&zone, plain), earlier_instant_ms(&zone, plain));
    }

    #[test]
    fn skipped_hour_shifts_forward() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(instant_ms(&zone, stamp("2025-03-30-023000")), instant_ms(&zone, stamp("2025-03-30-033000")));
    }
}
