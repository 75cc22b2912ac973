use super::StatsError;
use super::number::{integer, plain_digits};
use super::time_text::parse_time;

/// No round lasts longer than a day, in milliseconds.
const LONGEST_MS: i64 = 86_400_000;

/// The first line: which round it was and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// `sv_hostname`, colour codes and all, as bytes.
    pub server: Vec<u8>,
    /// The map's name as the server spells it.
    pub map: String,
    /// `g_customConfig`, as in `legacy6`; may be empty.
    pub config: String,
    /// The half as the writer labels it; inverted on a cut-off round. 1 where the part is no number.
    pub round: i64,
    /// The side that defends on this map.
    pub defender: SideField,
    /// The side that won the round; 0 where the engine names nobody.
    pub winner: SideField,
    /// The round's clock in seconds; none where the server sets no limit. In a second round: the time that the first one
    /// set.
    pub limit: Option<u32>,
    /// The clock of the *next* round in seconds, never a duration. In a second round it may be garbage.
    pub next: Option<u32>,
    /// Measured play time without pauses.
    pub playtime: Playtime,
}

/// A side's number in the header, with what was wrong about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SideField {
    /// As read; a missing or unreadable defender is 1 and a missing winner 0, as the engine would have it.
    pub value: i64,
    /// Why the value cannot be trusted.
    pub fault: Option<SideFault>,
}

/// What can be wrong about a side's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideFault {
    /// Empty.
    Missing,
    /// Not digits.
    NotNumeric,
    /// A number that is no side.
    OutOfRange,
}

/// How far the two sides of a header can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SideConfidence {
    /// Both are armies: who won and who defended is known.
    Verified,
    /// One is no number, or no side's number.
    Ambiguous,
    /// One is not there, or nobody.
    Missing,
}

/// Field 8 of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Playtime {
    /// The writer is older than the field.
    Absent,
    /// Zero, no number, or more than a day.
    Unreadable,
    /// Below zero: the file was written on the shutdown path, the round was cut off.
    Negative,
    /// Milliseconds played, pauses taken off. An old variant wrote seconds, then this is a multiple of 1,000.
    Measured {
        /// Milliseconds.
        ms: i64,
    },
}

impl Playtime {
    /// Whole seconds played, rounded down.
    pub fn seconds(self) -> Option<i64> {
        match self {
            Self::Measured { ms } => Some(ms / 1000),
            _ => None,
        }
    }

    fn parse(text: &[u8]) -> Self {
        let text = text.trim_ascii();
        let whole = match text.iter().position(|&b| b == b'.') {
            Some(point) if text[point + 1..].iter().all(u8::is_ascii_digit) => &text[..point],
            _ => text,
        };
        match integer(whole) {
            None | Some(0) => Self::Unreadable,
            Some(value) if value < 0 => Self::Negative,
            Some(value) if value > LONGEST_MS => Self::Unreadable,
            Some(value) if value > 10_000 => Self::Measured { ms: value },
            Some(seconds) => Self::Measured { ms: seconds * 1000 },
        }
    }
}

impl Header {
    /// Reads the first line without its line end.
    pub(super) fn parse(line: &[u8]) -> Result<Self, StatsError> {
        let parts: Vec<&[u8]> = line.split(|&b| b == b'\\').take(9).collect();
        if parts.len() < 8 {
            return Err(StatsError::Header { found: parts.len() });
        }
        let text = |part: &[u8]| -> String {
            let text = String::from_utf8_lossy(part.trim_ascii());
            text.chars().filter(|&c| c != '\u{FFFD}' && !c.is_control()).collect()
        };
        Ok(Self {
            server: parts[0].to_vec(),
            map: text(parts[1]),
            config: text(parts[2]),
            round: plain_digits(parts[3].trim_ascii()).unwrap_or(1),
            defender: SideField::parse(parts[4], 1, 1..=2),
            winner: SideField::parse(parts[5], 0, 0..=2),
            limit: parse_time(parts[6]).filter(|&seconds| seconds > 0),
            next: parse_time(parts[7]),
            playtime: parts.get(8).map_or(Playtime::Absent, |part| Playtime::parse(part)),
        })
    }
}

impl Header {
    /// How far the sides can be trusted. A part that cannot be read weighs heavier than one that is not there.
    pub fn side_confidence(&self) -> SideConfidence {
        let sides = [self.defender, self.winner];
        if sides.iter().any(|side| matches!(side.fault, Some(SideFault::NotNumeric | SideFault::OutOfRange))) {
            SideConfidence::Ambiguous
        } else if sides.iter().all(|side| side.fault.is_none() && (1..=2).contains(&side.value)) {
            SideConfidence::Verified
        } else {
            SideConfidence::Missing
        }
    }
}

impl SideField {
    fn parse(text: &[u8], fallback: i64, range: std::ops::RangeInclusive<i64>) -> Self {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Self { value: fallback, fault: Some(SideFault::Missing) };
        }
        match plain_digits(text) {
            None => Self { value: if range.contains(&0) { 0 } else { fallback }, fault: Some(SideFault::NotNumeric) },
            Some(value) => Self { value, fault: (!range.contains(&value)).then_some(SideFault::OutOfRange) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Header {
        Header::parse(line.as_bytes()).unwrap()
    }

    #[test]
    fn case_8_takes_eight_nine_or_ten_parts() {
        assert_eq!(Header::parse(br"s\m\c\1\1\2\12:00"), Err(StatsError::Header { found: 7 }));
        assert_eq!(header(r"s\m\c\1\1\2\12:00\7:36").playtime, Playtime::Absent);
        assert_eq!(header(r"s\m\c\1\1\2\12:00\7:36\1000000\x").playtime, Playtime::Measured { ms: 1_000_000 });
    }

    #[test]
    fn case_12_playtime() {
        let playtime = |text: &str| header(&format!(r"s\m\c\1\1\2\12:00\7:36\{text}")).playtime;
        assert_eq!(playtime("241533").seconds(), Some(241));
        assert_eq!(playtime("242").seconds(), Some(242));
        assert_eq!(playtime("583.25").seconds(), Some(583));
        assert_eq!(playtime("-58000"), Playtime::Negative);
        assert_eq!(playtime("86400000").seconds(), Some(86_400));
        for odd in ["0", "abc", "inf", "nan", "1e309", "", "86400001", "999999999999999999"] {
            assert_eq!(playtime(odd), Playtime::Unreadable, "{odd}");
        }
    }

    #[test]
    fn a_server_without_a_limit_has_no_clock() {
        let header = header(r"s\m\c\1\1\2\0:00\7:36");
        assert_eq!((header.limit, header.next), (None, Some(456)));
    }

    #[test]
    fn case_13_empty_config() {
        let header = header(r"srv\supply\\1\1\2\12:00\7:36");
        assert_eq!((header.map.as_str(), header.config.as_str()), ("supply", ""));
        assert_eq!((header.limit, header.next), (Some(720), Some(456)));
        assert_eq!(Header::parse(b"srv\\su\xFFpply\\leg\x00acy3\\1\\1\\2\\12:00\\7:36").unwrap().config, "legacy3");
    }

    #[test]
    fn case_14_sides() {
        let sides = |defender: &str, winner: &str| {
            let header = header(&format!(r"s\m\c\1\{defender}\{winner}\12:00\7:36"));
            (header.defender.value, header.defender.fault, header.winner.value, header.winner.fault)
        };
        assert_eq!(sides("1", ""), (1, None, 0, Some(SideFault::Missing)));
        assert_eq!(sides("1", "axis"), (1, None, 0, Some(SideFault::NotNumeric)));
        assert_eq!(sides("1", "0"), (1, None, 0, None));
        assert_eq!(sides("1", "3"), (1, None, 3, Some(SideFault::OutOfRange)));
        assert_eq!(sides("", "1"), (1, Some(SideFault::Missing), 1, None));
        assert_eq!(sides("5", "1"), (5, Some(SideFault::OutOfRange), 1, None));
        assert_eq!(sides(" 1 ", "-1"), (1, None, 0, Some(SideFault::NotNumeric)));
        let confidence = |defender: &str, winner: &str| {
            header(&format!(r"s\m\c\1\{defender}\{winner}\12:00\7:36")).side_confidence()
        };
        assert_eq!(confidence("1", "2"), SideConfidence::Verified);
        assert_eq!(confidence("1", "axis"), SideConfidence::Ambiguous);
        assert_eq!(confidence("5", "1"), SideConfidence::Ambiguous);
        assert_eq!(confidence("1", "0"), SideConfidence::Missing);
        assert_eq!(confidence("1", ""), SideConfidence::Missing);
    }
}
