//! How values are said.

/// A team's name.
pub fn team(team: i64) -> &'static str {
    match team {
        1 => "Team A",
        -1 => "Team B",
        _ => "nobody known",
    }
}

/// `M:SS`, or a dash for unknown.
pub fn clock(seconds: Option<i64>) -> String {
    seconds.map_or_else(|| "–".to_owned(), |seconds| format!("{}:{:02}", seconds / 60, seconds % 60))
}

/// A length of time in milliseconds, by its two largest units.
pub fn span(ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds} s"),
        (0, 0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// Tenths rounded to a whole number, or a dash.
pub fn whole(tenths: Option<i64>) -> String {
    tenths.map_or_else(|| "–".to_owned(), |tenths| ((tenths + 5).div_euclid(10)).to_string())
}

/// Hundredths as `1.23`, or a dash.
pub fn hundredths(value: Option<i64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{}.{:02}", value / 100, value % 100))
}

/// Tenths as `12.3`, or a dash.
pub fn tenths(value: Option<i64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| format!("{}.{}", value / 10, value % 10))
}

/// A scaled whole number with as many digits behind the point, as in `-12.30`, or a dash.
pub fn scaled(value: Option<i64>, decimals: u32) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let (sign, one) = (if value < 0 { "-" } else { "" }, 10_u64.pow(decimals));
    let (whole, part) = (value.unsigned_abs() / one, value.unsigned_abs() % one);
    if decimals == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{part:0width$}", width = decimals as usize)
    }
}

/// A count, or a dash.
pub fn count(value: Option<i64>) -> String {
    value.map_or_else(|| "–".to_owned(), |value| value.to_string())
}

/// A large number as people say it: `950`, `12.4k`, `2.81M`.
pub fn thousands(value: i64) -> String {
    match value {
        ..10_000 => value.to_string(),
        10_000..1_000_000 => format!("{}.{}k", value / 1_000, value % 1_000 / 100),
        _ => format!("{}.{:02}M", value / 1_000_000, value % 1_000_000 / 10_000),
    }
}

/// How long something took, to the minute: `38 min`, `6 h 38 min`; of a hundred hours only those.
pub fn duration(seconds: i64) -> String {
    match (seconds / 3_600, seconds % 3_600 / 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours @ 100.., _) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The army with a side's number.
pub fn army(side: Option<i64>) -> &'static str {
    match side {
        Some(1) => "Axis",
        Some(2) => "Allies",
        _ => "–",
    }
}

/// Bytes as people say them: `950 bytes`, `219 KB`, `1.4 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

/// One or many.
pub fn plural(count: i64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_numbers_keep_sign_and_zeros() {
        assert_eq!(scaled(Some(1234), 2), "12.34");
        assert_eq!(scaled(Some(-5), 1), "-0.5");
        assert_eq!(scaled(Some(7), 2), "0.07");
        assert_eq!(scaled(Some(7), 0), "7");
        assert_eq!(scaled(None, 1), "–");
    }

    #[test]
    fn sizes_are_told_in_what_they_are_large_in() {
        let told = [0, 1, 999, 1_000, 219_840, 999_999, 1_000_000, 1_449_999_999].map(size);
        let expected = ["0 bytes", "1 byte", "999 bytes", "1 KB", "219 KB", "999 KB", "1.0 MB", "1449.9 MB"];
        assert_eq!(told, expected);
    }
}
