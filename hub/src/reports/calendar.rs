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
/// and without zeros, or as `9.11.2026`; without a year the last such day.
pub fn day(text: &str, today: Date) -> Option<Date> {
    match text {
        "today" => return Some(today),
        "yesterday" => return Some(days_before(today, 1)),
        _ => {}
    }
    let parts: Vec<&str> =
        text.split(|c: char| "-./".contains(c) || c.is_whitespace()).filter(|part| !part.is_empty()).collect();
    let small = |part: &str| part.parse::<i8>().ok();
    let last = |month: i8, day: i8| {
        let this = Date::new(today.year(), month, day).ok()?;
        if this <= today { Some(this) } else { Date::new(today.year() - 1, month, day).ok() }
    };
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => Date::new(year.parse().ok()?, small(month)?, small(day)?).ok(),
        [day, month, year] if year.len() == 4 && text.contains('.') => {
            Date::new(year.parse().ok()?, small(month)?, small(day)?).ok()
        }
        [day, month] if text.contains('.') => last(small(month)?, small(day)?),
        [month, day] if text.contains('-') => last(small(month)?, small(day)?),
        _ => None,
    }
}

/// The first and the last day of the month that a text names: its number or name (the last one that has begun), `2026-11`,
/// or `october 2025`.
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
    let number = |text: &str| -> Option<i8> {
        let named = NAMES.iter().position(|name| text.len() >= 3 && name.starts_with(text));
        named.map(|place| place as i8 + 1).or_else(|| text.parse().ok())
    };
    let parts: Vec<&str> =
        text.split(|c: char| "-./".contains(c) || c.is_whitespace()).filter(|part| !part.is_empty()).collect();
    let (year, month) = match parts.as_slice() {
        [year, month] | [month, year] if year.len() == 4 && year.parse::<i16>().is_ok() => {
            (year.parse().ok()?, number(month)?)
        }
        [month] => {
            let month = number(month)?;
            (if month > today.month() { today.year() - 1 } else { today.year() }, month)
        }
        _ => return None,
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
        for text in ["2026-11-09", "2026 11 9", "2026.11.09", "2026/11/9", "9.11.2026", "09. 11. 2026"] {
            assert_eq!(day(text, now), Some(date(2026, 11, 9)), "{text}");
        }
        assert_eq!(day("yesterday", now), Some(date(2026, 2, 28)));
        for (text, year) in [("9.11.", 2025), ("11-09", 2025), ("1.3.", 2026), ("02-28", 2026)] {
            assert_eq!(day(text, now).map(Date::year), Some(year), "{text}: the last such day");
        }
        for wrong in ["", "2026-11", "2026-13-01", "2026-02-30", "2026-11-09a", "09-11-2026", "1 2 3 4"] {
            assert_eq!(day(wrong, now), None, "{wrong}");
        }
    }

    #[test]
    fn a_month_is_the_last_that_has_begun() {
        let now = date(2026, 11, 9);
        for text in ["11", "nov", "November", "2026-11", "november 2026", "11/2026"] {
            assert_eq!(month(text, now), Some((date(2026, 11, 1), date(2026, 11, 30))), "{text}");
        }
        assert_eq!(month("12", now), Some((date(2025, 12, 1), date(2025, 12, 31))));
        assert_eq!(month("feb", now), Some((date(2026, 2, 1), date(2026, 2, 28))));
        for wrong in ["13", "0", "x", "no", "2026-13", "26-11", ""] {
            assert_eq!(month(wrong, now), None, "{wrong}");
        }
    }
}
