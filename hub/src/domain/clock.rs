//! From the server's wall clock to instants.

use jiff::tz::{AmbiguousOffset, TimeZone};
use slomix_shared::artifact::LocalStamp;

/// Stamps are counted from here.
const EPOCH: jiff::civil::DateTime = jiff::civil::DateTime::constant(2000, 1, 1, 0, 0, 0, 0);

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

/// The earlier and the later instant that a stamp may mean: two in a repeated hour, else one and the same.
pub fn instants_ms(zone: &TimeZone, stamp: LocalStamp) -> [i64; 2] {
    let later = instant_ms(zone, stamp);
    let earlier = zone.to_ambiguous_timestamp(stamp.civil()).compatible();
    [earlier.map_or(later, jiff::Timestamp::as_millisecond), later]
}

/// What the server's wall clock shows at an instant, in Unix seconds.
pub fn local_stamp(zone: &TimeZone, unix: i64) -> LocalStamp {
    // Ten digits, as a file name has them, are far inside what a timestamp can hold.
    let instant = jiff::Timestamp::from_second(unix).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    LocalStamp::from_seconds(zone.to_datetime(instant).duration_since(EPOCH).as_secs())
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
        let [earlier, later] = instants_ms(&zone, twice);
        assert_eq!((later - earlier, later), (3_600_000, instant_ms(&zone, twice)));
        let plain = stamp("2025-10-25-200000");
        assert_eq!(instants_ms(&zone, plain), [instant_ms(&zone, plain); 2]);
    }

    #[test]
    fn skipped_hour_shifts_forward() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        assert_eq!(instant_ms(&zone, stamp("2025-03-30-023000")), instant_ms(&zone, stamp("2025-03-30-033000")));
    }
}
