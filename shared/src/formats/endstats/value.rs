use super::award::Form;

/// The number of a value, in thousandths, further decimals cut off; none where there is no one number.
///
/// It stands in front, as in `4 kills in 2.31s` or `45.61 percent, 5.47 min`; of a ratio it stands after the colon.
pub(super) fn thousandths(value: &str, form: Option<Form>) -> Option<i64> {
    let text = match form {
        Some(Form::Ratio) => value.rsplit_once(':').map_or(value, |(_, number)| number),
        _ => value,
    };
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (whole, fraction) = text[..end].split_once('.').unwrap_or((&text[..end], ""));
    if whole.is_empty() || whole.len() > 14 || fraction.contains('.') {
        return None;
    }
    let digits = |digits: &str| digits.bytes().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0'));
    let first_three = format!("{fraction:0<3.3}");
    Some(digits(whole) * 1000 + digits(&first_three))
}

/// A count of a versus line, which some Lua versions print with `.0`.
pub(super) fn count(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.strip_suffix(".0").unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 9 && digits.bytes().all(|digit| digit.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_84_values() {
        for (value, form, expected) in [
            ("113 seconds", Form::Seconds, Some(113_000)),
            ("50.47 percent", Form::Percent, Some(50_470)),
            ("4 kills in 2.31s", Form::KillsInSeconds, Some(4_000)),
            ("45.61 percent, 5.47 min", Form::PercentAndMinutes, Some(45_610)),
            ("Damage received vs death ratio: 3.45x", Form::Ratio, Some(3_450)),
            ("nobody", Form::Count, None),
            ("", Form::Count, None),
            ("1.2.3", Form::Decimal, None),
            ("2.3333333333333", Form::Decimal, Some(2_333)),
            ("2", Form::Count, Some(2_000)),
            ("2.0", Form::Count, Some(2_000)),
            (".5", Form::Decimal, None),
            ("123456789012345", Form::Count, None),
        ] {
            assert_eq!(thousandths(value, Some(form)), expected, "{value}");
        }
        assert_eq!(thousandths("12 of something", None), Some(12_000));
    }

    #[test]
    fn counts_are_whole_and_not_negative() {
        assert_eq!((count("7"), count("7.0"), count(" 7")), (Some(7), Some(7), Some(7)));
        assert_eq!((count("7.5"), count("-1"), count(""), count("x")), (None, None, None, None));
    }
}
