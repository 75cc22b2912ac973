use super::number::plain_digits;

/// Reads a clock as the header shows it, in whole seconds; what is no time is unknown.
///
/// `M:SS` with minutes that may exceed 59 and two digits of seconds; `20.00` and `5.25` are decimal minutes, cut to
/// whole seconds; digits alone are seconds.
pub fn parse_time(text: &[u8]) -> Option<u32> {
    let text = text.trim_ascii();
    let seconds = if let Some(colon) = text.iter().position(|&b| b == b':') {
        let (minutes, seconds) = (&text[..colon], &text[colon + 1..]);
        let within_minute = plain_digits(seconds).filter(|&value| seconds.len() == 2 && value < 60)?;
        plain_digits(minutes).filter(|_| minutes.len() <= 6)? * 60 + within_minute
    } else if let Some(point) = text.iter().position(|&b| b == b'.') {
        let (whole, fraction) = (&text[..point], &text[point + 1..]);
        let places = u32::try_from(fraction.len()).ok().filter(|&places| places <= 9)?;
        let minutes = plain_digits(whole).filter(|_| whole.len() <= 6)?;
        minutes * 60 + plain_digits(fraction)? * 60 / 10_i64.pow(places)
    } else {
        plain_digits(text)?
    };
    u32::try_from(seconds).ok()
}

/// Seconds as the header shows them: `M:SS`.
pub fn clock_text(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_21_forms_of_a_time() {
        for (text, seconds) in [
            ("20.00", Some(1200)),
            ("5.25", Some(315)),
            ("86:40", Some(5200)),
            ("12:00", Some(720)),
            ("0:00", Some(0)),
            ("4:60", None),
            ("1:2:3", None),
            ("4:5", None),
            ("", None),
            ("Unknown", None),
            ("90", Some(90)),
        ] {
            assert_eq!(parse_time(text.as_bytes()), seconds, "{text}");
        }
    }

    #[test]
    fn clock_text_reads_back() {
        for seconds in [0, 59, 60, 415, 5200] {
            assert_eq!(parse_time(clock_text(seconds).as_bytes()), Some(seconds));
        }
    }
}
