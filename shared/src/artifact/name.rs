use std::fmt;

use crate::artifact::{Kind, LocalStamp, YEARS};
use crate::game::MapName;

/// First or second half of a map in stopwatch mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoundNumber {
    /// The half that sets the time.
    One,
    /// The half that has to beat it.
    Two,
}

impl RoundNumber {
    /// 1 or 2.
    pub fn number(self) -> u8 {
        match self {
            Self::One => 1,
            Self::Two => 2,
        }
    }

    /// The half with this number; there are only two.
    pub fn from_number(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::One),
            2 => Some(Self::Two),
            _ => None,
        }
    }
}

impl fmt::Display for RoundNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "R{}", self.number())
    }
}

/// A file that belongs to one round: `YYYY-MM-DD-HHMMSS-<map>-round-<N><suffix>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoundFileName {
    /// The server's wall clock when the file was saved.
    pub stamp: LocalStamp,
    /// The map as the name spells it.
    pub map: MapName,
    /// The half, as the writer labelled it. On a cut-off round the label is inverted.
    pub round: RoundNumber,
    /// Which of the round's files this is.
    pub kind: Kind,
}

/// A round event: `gametime-<map>-R<N>-<unix seconds>.json`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct GametimeName {
    /// The map, other characters replaced by `_`.
    pub map: MapName,
    /// The half.
    pub round: RoundNumber,
    /// The round's end in Unix seconds.
    pub end_unix: i64,
}

/// A file name that one of the game's scripts writes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum FileName {
    /// One of a round's stamped files.
    Round(RoundFileName),
    /// A round event.
    Gametime(GametimeName),
}

/// Why a name is not one that the game's scripts write. Each says so in words for a server admin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Longer than 255 bytes or empty.
    #[error("the name is {0} bytes long; a file name has 1 to 255")]
    Length(usize),
    /// Path separators, NUL or `..`.
    #[error("the name holds a path separator, a NUL or `..`")]
    Unsafe,
    /// Not `YYYY-MM-DD-HHMMSS-` in front.
    #[error("the name does not start with a date and time, as in 2026-11-09-195037-supply-round-1.txt")]
    Stamp,
    /// A date and time in front, of a year outside [`YEARS`].
    #[error(
        "the name says the year {0}, and {first} to {last} are accepted: the game server's clock was wrong when it wrote the file",
        first = YEARS.start(),
        last = YEARS.end()
    )]
    Year(i16),
    /// No `-round-1` or `-round-2` part.
    #[error("the name lacks `-round-1` or `-round-2`, as in 2026-11-09-195037-supply-round-1.txt")]
    Round,
    /// The map part is empty, too long or has other characters.
    #[error("the map part of the name is not 1 to 64 letters, digits, `_`, `.`, `+` or `-`")]
    Map,
    /// `gametime-` in front, but not the form of a round event.
    #[error("the name is not of the form gametime-<map>-R1-<unix seconds>.json")]
    Gametime,
    /// A suffix that no script writes.
    #[error("the name ends in `{0}`, which no known script writes")]
    Suffix(String),
}

impl FileName {
    /// Reads a bare file name (no directory). Case matters: the files come from Linux.
    pub fn parse(name: &str) -> Result<Self, NameError> {
        if name.is_empty() || name.len() > 255 {
            return Err(NameError::Length(name.len()));
        }
        if name.contains(['/', '\\', '\0']) || name.contains("..") {
            return Err(NameError::Unsafe);
        }
        if let Some(rest) = name.strip_prefix("gametime-") {
            return parse_gametime(rest).map(Self::Gametime).ok_or(NameError::Gametime);
        }
        parse_round(name).map(Self::Round)
    }

    /// What the file is.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Round(name) => name.kind,
            Self::Gametime(_) => Kind::Gametime,
        }
    }

    /// The kind told by `name`, [`Kind::Unrecognised`] where no grammar fits.
    pub fn kind_of(name: &str) -> Kind {
        Self::parse(name).map_or(Kind::Unrecognised, |parsed| parsed.kind())
    }
}

fn parse_gametime(rest: &str) -> Option<GametimeName> {
    let rest = rest.strip_suffix(".json")?;
    let (rest, end) = rest.rsplit_once('-')?;
    let (map, round) = rest.rsplit_once("-R")?;
    let digits = end.len() == 10 && end.bytes().all(|b| b.is_ascii_digit());
    Some(GametimeName {
        map: MapName::parse(map)?,
        round: match round {
            "1" => RoundNumber::One,
            "2" => RoundNumber::Two,
            _ => return None,
        },
        end_unix: digits.then(|| end.parse().ok())??,
    })
}

fn parse_round(name: &str) -> Result<RoundFileName, NameError> {
    let stamp = name.get(..17).and_then(LocalStamp::parse_any_year).ok_or(NameError::Stamp)?;
    let rest = name[17..].strip_prefix('-').ok_or(NameError::Stamp)?;
    let (map, tail) = rest.rsplit_once("-round-").ok_or(NameError::Round)?;
    let digits = tail.bytes().take_while(u8::is_ascii_digit).count();
    let round = match &tail[..digits] {
        "1" => RoundNumber::One,
        "2" => RoundNumber::Two,
        _ => return Err(NameError::Round),
    };
    let kind = match &tail[digits..] {
        ".txt" => Kind::Stats,
        "-endstats.txt" => Kind::Endstats,
        "_engagements.txt" => Kind::Proximity,
        "_ws.txt" => Kind::WeaponSidecar,
        other => return Err(NameError::Suffix(other.to_owned())),
    };
    let map = MapName::parse(map).ok_or(NameError::Map)?;
    // Last, since a name that is wrong otherwise is none of the scripts'.
    let year = stamp.civil().year();
    if !YEARS.contains(&year) {
        return Err(NameError::Year(year));
    }
    Ok(RoundFileName { stamp, map, round, kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(name: &str) -> RoundFileName {
        match FileName::parse(name) {
            Ok(FileName::Round(round)) => round,
            other => panic!("{name}: {other:?}"),
        }
    }

    #[test]
    fn case_1_a_first_half() {
        let name = round("2026-01-12-100000-etl_sp_delivery-round-1.txt");
        assert_eq!((name.map.as_str(), name.round, name.kind), ("etl_sp_delivery", RoundNumber::One, Kind::Stats));
        assert_eq!(name.stamp.civil(), jiff::civil::date(2026, 1, 12).at(10, 0, 0, 0));
    }

    #[test]
    fn case_2_dashes_in_the_map() {
        let name = round("2026-01-12-100000-my-dashed-map-round-2.txt");
        assert_eq!((name.map.as_str(), name.round), ("my-dashed-map", RoundNumber::Two));
        assert_eq!(round("2026-01-12-100000-a-round-1-b-round-2.txt").map.as_str(), "a-round-1-b");
    }

    #[test]
    fn case_3_every_suffix_is_its_own_kind() {
        let kinds = [
            ("2026-01-12-100000-supply-round-2-endstats.txt", Kind::Endstats),
            ("2026-01-12-100000-supply-round-2_ws.txt", Kind::WeaponSidecar),
            ("2026-01-12-100000-supply-round-2_engagements.txt", Kind::Proximity),
            ("gametime-supply-R1-1768421295.json", Kind::Gametime),
            ("gametime-supply-R1-1.json", Kind::Unrecognised),
            ("unexpected.txt", Kind::Unrecognised),
            ("2026-11-11-225844-frostbite_round2.txt", Kind::Unrecognised),
            ("2026-01-12-100000-supply-round-2.txt.bak", Kind::Unrecognised),
            ("2026-01-12-100000-supply-Round-2.txt", Kind::Unrecognised),
        ];
        for (name, kind) in kinds {
            assert_eq!(FileName::kind_of(name), kind, "{name}");
        }
    }

    #[test]
    fn case_4_refuses_unsafe_or_impossible_names() {
        for stamp in [
            "2026-00-12-100000",
            "2026-13-12-100000",
            "2026-01-00-100000",
            "2026-01-32-100000",
            "2025-02-30-100000",
            "2026-01-12-246060",
            "2026-01-12-126060",
            "2026-01-12-125960",
        ] {
            assert_eq!(FileName::parse(&format!("{stamp}-supply-round-1.txt")), Err(NameError::Stamp), "{stamp}");
        }
        for (stamp, year) in [("2019-12-31-100000", 2019), ("2036-01-01-100000", 2036), ("0000-01-01-000000", 0)] {
            let refused = FileName::parse(&format!("{stamp}-supply-round-1.txt")).unwrap_err();
            assert_eq!(refused, NameError::Year(year));
            assert!(refused.to_string().starts_with(&format!("the name says the year {year}, and 2020 to 2035 are ")));
            assert_eq!(FileName::parse(&format!("{stamp}-supply.txt")), Err(NameError::Round), "wrong anyhow");
        }
        for stamp in ["2020-01-01-000000", "2024-02-29-125959", "2035-12-31-235959"] {
            assert!(FileName::parse(&format!("{stamp}-supply-round-1.txt")).is_ok(), "{stamp}");
        }
        let long = format!("2026-01-12-100000-{}-round-1.txt", "m".repeat(226));
        assert_eq!((long.len(), FileName::parse(&long)), (256, Err(NameError::Length(256))));
        for (name, error) in [
            ("../2026-01-12-100000-supply-round-1.txt", NameError::Unsafe),
            ("2026-01-12-100000-..-round-1.txt", NameError::Unsafe),
            ("a/2026-01-12-100000-supply-round-1.txt", NameError::Unsafe),
            ("2026-01-12-100000-su/pply-round-1.txt", NameError::Unsafe),
            ("2026-01-12-100000-su\\pply-round-1.txt", NameError::Unsafe),
            ("2026-01-12-100000-su\0pply-round-1.txt", NameError::Unsafe),
            ("2026-01-12-100000-supply-round-0.txt", NameError::Round),
            ("2026-01-12-100000-supply-round-3.txt", NameError::Round),
            ("2026-01-12-100000-supply-round-11.txt", NameError::Round),
            ("2026-01-12-100000--round-1.txt", NameError::Map),
            ("", NameError::Length(0)),
        ] {
            assert_eq!(FileName::parse(name), Err(error), "{name}");
        }
    }

    #[test]
    fn case_5_maps_of_64_letters_digits_and_a_few_signs() {
        for map in [&"m".repeat(50), &"m".repeat(64), "map.v2", "map+1", "map.v2+1"] {
            assert_eq!(round(&format!("2026-01-12-100000-{map}-round-2.txt")).map.as_str(), map);
        }
        for map in [&"m".repeat(65), "map name", "map'name", "m\u{e4}p"] {
            let name = format!("2026-01-12-100000-{map}-round-2.txt");
            assert_eq!(FileName::parse(&name), Err(NameError::Map), "{map}");
        }
    }
}
