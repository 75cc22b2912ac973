//! What people call days and months, at an instant and in a zone that come as parameters.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The local date at an instant (Unix milliseconds).
pub fn today(now_ms: i64, zone: &TimeZone) -> Date {
    zone.to_datetime(Timestamp::from_millisecond(now_ms).unwrap_or_default()).date()
}

/// So many days before a date.
pub fn days_before(date: Date, days: i64) -> Date {
    date.checked_sub(days.days()).unwrap_or(date)
}

/// The day that a text names: `today`, `yesterday`, or a date such as `2026-11-09`, also with blanks, points or slashes
/// and without zeros.
pub fn day(text: &str, today: Date) -> Option<Date> {
    match text {
        "today" => return Some(today),
        "yesterday" => return Some(days_before(today, 1)),
        _ => {}
    }
    let mut parts = text.split(|c: char| c == '-' || c == '.' || c == '/' || c.is_whitespace());
    let year = parts.next().filter(|year| year.len() == 4)?.parse().ok()?;
    let (month, day) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    if parts.next().is_some() { None } else { Date::new(year, month, day).ok() }
}

/// The first and the last day of the month that a text names: its number or name (the last one that has begun), or
/// `2026-11`.
pub fn month(text: &str, today: Date) -> Option<(Date, Date)> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let text = text.trim().to_lowercase();
    let (year, month) = match text.split_once('-') {
        Some((year, month)) if year.len() == 4 => (year.parse().ok()?, month.parse().ok()?),
        Some(_) => return None,
        None => {
            let named = NAMES.iter().position(|name| text.len() >= 3 && name.starts_with(&text));
            let month = match named {
                Some(place) => place as i8 + 1,
                None => text.parse().ok()?,
            };
            (if month > today.month() { today.year() - 1 } else { today.year() }, month)
        }
    };
    let first = Date::new(year, month, 1).ok()?;
    Some((first, first.last_of_month()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn today_is_the_servers() {
        // 2026-11-09, 23:30 UTC.
        let now = 1_794_267_000_000;
        assert_eq!(today(now, &TimeZone::UTC), date(2026, 11, 9));
        let ljubljana = TimeZone::get("Europe/Ljubljana").unwrap();
        assert_eq!(today(now, &ljubljana), date(2026, 11, 10));
        assert_eq!(day("yesterday", today(now, &ljubljana)), Some(date(2026, 11, 9)));
    }

    #[test]
    fn days_are_written_in_several_ways() {
        let now = date(2026, 3, 1);
        for text in ["2026-11-09", "2026 11 9", "2026.11.09", "2026/11/9"] {
            assert_eq!(day(text, now), Some(date(2026, 11, 9)), "{text}");
        }
        assert_eq!(day("yesterday", now), Some(date(2026, 2, 28)));
        for wrong in ["", "11-09", "2026-11", "2026-13-01", "2026-02-30", "2026-11-09a", "09-11-2026", "1 2 3 4"] {
            assert_eq!(day(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_month_is_the_last_that_has_begun() {
        let now = date(2026, 11, 9);
        for text in ["11", "nov", "November", "2026-11"] {
            assert_eq!(month(text, now), Some((date(2026, 11, 1), date(2026, 11, 30))), "{text}");
        }
        assert_eq!(month("12", now), Some((date(2025, 12, 1), date(2025, 12, 31))));
        assert_eq!(month("feb", now), Some((date(2026, 2, 1), date(2026, 2, 28))));
        for wrong in ["13", "0", "x", "no", "2026-13", "26-11", ""] {
            assert_eq!(month(wrong, now), None, "{wrong}");
        }
    }
}
