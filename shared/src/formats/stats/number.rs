//! Numbers out of bytes, without floating point.

/// A whole number with an optional minus sign; anything else, or one too long for 18 digits, is none.
pub(super) fn integer(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let value = plain_digits(digits)?;
    Some(if negative { -value } else { value })
}

/// Digits alone, at most 18 of them.
pub(super) fn plain_digits(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    digits.iter().try_fold(0_i64, |sum, &digit| digit.is_ascii_digit().then(|| sum * 10 + i64::from(digit - b'0')))
}

/// A number with at most one decimal, in tenths: `10.1` is 101, `7` is 70.
///
/// The writer prints one decimal; more (another Lua version's habit) are cut off.
pub(super) fn tenths(text: &[u8]) -> Option<i64> {
    let (negative, text) = match text.split_first() {
        Some((b'-', rest)) => (true, rest),
        _ => (false, text),
    };
    let (whole, fraction) = match text.iter().position(|&b| b == b'.') {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, &b"0"[..]),
    };
    if whole.len() > 15 || !fraction.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let first = fraction.first().map_or(0, |digit| i64::from(digit - b'0'));
    let value = plain_digits(whole)? * 10 + first;
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_are_plain() {
        assert_eq!(integer(b"-12"), Some(-12));
        assert_eq!(integer(b"12"), Some(12));
        for odd in [&b""[..], b"-", b"+1", b"1.5", b" 1", b"9999999999999999999"] {
            assert_eq!(integer(odd), None);
        }
    }

    #[test]
    fn case_41_tenths_are_exact() {
        for (text, value) in [("4.1", 41), ("8.2", 82), ("16.4", 164), ("-0.3", -3), ("7", 70), ("2.95", 29)] {
            assert_eq!(tenths(text.as_bytes()), Some(value), "{text}");
        }
        assert_eq!(tenths(b"nan"), None);
        assert_eq!(tenths(b"1.x"), None);
    }
}
