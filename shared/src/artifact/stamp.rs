use std::fmt;
use std::ops::RangeInclusive;

use jiff::civil::{Date, DateTime};

/// The wall clock of the game server at the moment a file was saved, in whole seconds, without a zone.
///
/// It stands in the file's name and never changes, even where the server's zone is corrected later: round keys,
/// blocks and identifiers are made of it. Ordered as the names are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalStamp(DateTime);

/// Seconds are counted from here in identifiers; no stats file is older.
const EPOCH: DateTime = DateTime::constant(2000, 1, 1, 0, 0, 0, 0);
/// Where that is in Unix seconds, by UTC.
pub const UNIX_SECONDS_OF_2000: i64 = 946_684_800;

/// The years that stamps lie in. A server whose clock shows another one is wrong about it.
pub const YEARS: RangeInclusive<i16> = 2020..=2035;

impl LocalStamp {
    /// Reads `YYYY-MM-DD-HHMMSS`. The calendar must hold (no 30 February) and the year lie in [`YEARS`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_any_year(text).filter(|stamp| YEARS.contains(&stamp.0.year()))
    }

    /// The same of whatever year, to tell what is wrong with a name.
    pub fn parse_any_year(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 17 || bytes[4] != b'-' || bytes[7] != b'-' || bytes[10] != b'-' {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<i16> {
            let digits = &bytes[from..to];
            digits
                .iter()
                .all(u8::is_ascii_digit)
                .then(|| digits.iter().fold(0, |sum, digit| sum * 10 + i16::from(digit - b'0')))
        };
        let year = number(0, 4)?;
        let date = Date::new(year, number(5, 7)? as i8, number(8, 10)? as i8).ok()?;
        let time =
            jiff::civil::Time::new(number(11, 13)? as i8, number(13, 15)? as i8, number(15, 17)? as i8, 0).ok()?;
        Some(Self(date.to_datetime(time)))
    }

    /// The stamp that lies `seconds` after the start of the year 2000 on the server's wall clock; beyond any calendar,
    /// the first or last one.
    pub fn from_seconds(seconds: i64) -> Self {
        let near = EPOCH.saturating_add(jiff::SignedDuration::from_secs(seconds));
        // The last moment that a calendar holds is no whole second.
        Self(near.date().at(near.hour(), near.minute(), near.second(), 0))
    }

    /// Seconds on the wall clock since the start of the year 2000.
    pub fn seconds(self) -> i64 {
        self.0.duration_since(EPOCH).as_secs()
    }

    /// Unix milliseconds of this moment, were the server's clock UTC.
    pub fn as_if_utc_ms(self) -> i64 {
        (self.seconds() + UNIX_SECONDS_OF_2000) * 1_000
    }

    /// Date and time as the server's clock showed them.
    pub fn civil(self) -> DateTime {
        self.0
    }

    /// The local calendar day.
    pub fn date(self) -> Date {
        self.0.date()
    }
}

impl fmt::Display for LocalStamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.strftime("%Y-%m-%d-%H%M%S"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints_the_name_form() {
        let stamp = LocalStamp::parse("2026-11-09-195037").unwrap();
        assert_eq!(stamp.to_string(), "2026-11-09-195037");
        assert_eq!(LocalStamp::from_seconds(stamp.seconds()), stamp);
    }

    #[test]
    fn any_seconds_are_a_stamp_of_whole_seconds() {
        for seconds in [i64::MIN, -1, 0, i64::MAX] {
            let stamp = LocalStamp::from_seconds(seconds);
            assert_eq!(LocalStamp::from_seconds(stamp.seconds()), stamp);
        }
    }

    #[test]
    fn refuses_what_no_calendar_or_clock_shows() {
        for text in [
            "2025-02-30-100000",
            "2019-01-01-100000",
            "2036-01-01-100000",
            "2026-13-01-100000",
            "2026-01-00-100000",
            "2026-01-01-246060",
            "2026-01-01-125960",
            "2026-01-01-1000",
            "2026-01-01_100000",
            "2026-01-01-10000x",
        ] {
            assert!(LocalStamp::parse(text).is_none(), "{text}");
        }
    }
}
