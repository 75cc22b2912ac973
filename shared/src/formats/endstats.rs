//! The endstats file of one round, as `endstats.lua` writes it, in many short appends.
//!
//! ```text
//! award ⇥ player ⇥ value                  the awards
//! VS_HEADER ⇥ name ⇥ full GUID            newer writers: whose block follows
//! opponent ⇥ kills ⇥ deaths               the subject killed, and was killed by, this opponent
//! ```
//!
//! All text went through the engine's name cleaner. The writer has two slips that are put right here: where its most
//! useful kills belong it prints the longest killing spree a second time, which is dropped, and it gives most useless
//! kills under the name of most objectives stolen.

mod award;
#[cfg(test)]
mod tests;
mod value;

pub use award::{AWARDS, Award, AwardScope, Category, Form};

use crate::game::FullGuid;

/// No name or value is longer, in bytes.
const LONGEST_FIELD: usize = 256;
/// Every one of 64 players has met every other one, and won awards besides.
const MOST_LINES: usize = 64 * 64 + 128;
/// Remarks beyond these are not kept: nobody reads them, and each takes more bytes than its line.
const MOST_REMARKS: usize = 256;

/// One parsed endstats file; an older writer's may be a part of what its round has.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EndstatsFile {
    /// The awards, in file order.
    pub awards: Vec<AwardLine>,
    /// The versus lines, in file order.
    pub versus: Vec<VersusLine>,
    /// What was dropped, with line numbers; the first few hundred of them.
    pub remarks: Vec<Remark>,
}

/// An award that somebody got.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AwardLine {
    /// The award's name as written.
    pub name: String,
    /// The known award that this is; none for one that no known writer has.
    pub award: Option<&'static Award>,
    /// Who got it, byte for byte.
    pub player: Vec<u8>,
    /// The value as written.
    pub value: String,
    /// The value's number in thousandths, where it has one.
    pub thousandths: Option<i64>,
}

/// What one player did to another, and he to him.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct VersusLine {
    /// Whose line it is; older writers do not say.
    pub subject: Option<Subject>,
    /// The opponent's name, byte for byte.
    pub opponent: Vec<u8>,
    /// How often the subject killed the opponent.
    pub kills: i64,
    /// How often the opponent killed the subject.
    pub deaths: i64,
}

/// Whose versus lines follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The name, byte for byte.
    pub name: Vec<u8>,
    /// The full GUID; none for bots and clients without one.
    pub guid: Option<FullGuid>,
}

/// A line that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Line number in the file, from 1.
    pub line: usize,
    /// Why.
    pub fault: LineFault,
}

/// Why a line was dropped; the file's other lines are unaffected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineFault {
    /// Fewer than three fields.
    #[error("fewer than three parts separated by tabs")]
    Fields,
    /// Among the versus lines, but without two counts.
    #[error("neither a versus line nor a known award")]
    NotVersus,
    /// A field longer than anything that a game writes.
    #[error("a part is longer than any name or value")]
    TooLong,
    /// More lines than any round has.
    #[error("more lines than any round has")]
    TooMany,
}

/// Why an endstats file as a whole cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EndstatsError {
    /// No bytes.
    #[error("the file is empty: the game server opened it and wrote nothing, or its disk was full")]
    Empty,
    /// Neither an award nor a versus line.
    #[error("none of the {lines} lines is an award or a versus line")]
    NoLines {
        /// How many lines there are.
        lines: usize,
    },
}

impl EndstatsError {
    /// A short stable name for counters and listings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoLines { .. } => "no_lines",
        }
    }
}

/// Reads an endstats file. One bad line never fails the file: it is dropped and remarked.
pub fn parse(bytes: &[u8]) -> Result<EndstatsFile, EndstatsError> {
    if bytes.is_empty() {
        return Err(EndstatsError::Empty);
    }
    let mut reader = Reader::default();
    let mut lines = 0;
    for (index, line) in bytes.split(|&b| b == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.trim_ascii().is_empty() {
            continue;
        }
        lines += 1;
        if let Err(fault) = reader.line(line)
            && reader.file.remarks.len() < MOST_REMARKS
        {
            reader.file.remarks.push(Remark { line: index + 1, fault });
        }
    }
    if reader.file.awards.is_empty() && reader.file.versus.is_empty() {
        return Err(EndstatsError::NoLines { lines });
    }
    Ok(reader.file)
}

/// What has been read, and what the next line's meaning depends on.
#[derive(Default)]
struct Reader {
    file: EndstatsFile,
    subject: Option<Subject>,
    versus_began: bool,
    sprees: u32,
    past_headshot_kills: bool,
}

impl Reader {
    fn line(&mut self, line: &[u8]) -> Result<(), LineFault> {
        let fields: Vec<&[u8]> = line.split(|&b| b == b'\t').take(3).collect();
        if fields[0] == b"VS_HEADER" {
            self.versus_began = true;
            // Lines after a header that cannot be read are nobody's, and not the last subject's.
            self.subject = None;
            let [_, name, guid] = fields[..] else { return Err(LineFault::Fields) };
            // Every line of the block carries the name.
            if name.len() > LONGEST_FIELD {
                return Err(LineFault::TooLong);
            }
            self.subject = Some(Subject { name: name.to_vec(), guid: FullGuid::from_bytes(guid.trim_ascii()) });
            return Ok(());
        }
        let [first, second, third] = fields[..] else { return Err(LineFault::Fields) };
        if [first, second, third].iter().any(|field| field.len() > LONGEST_FIELD) {
            return Err(LineFault::TooLong);
        }
        if self.file.awards.len() + self.file.versus.len() == MOST_LINES {
            return Err(LineFault::TooMany);
        }
        let (name, value) = (String::from_utf8_lossy(first), String::from_utf8_lossy(third));
        let counts = value::count(&String::from_utf8_lossy(second)).zip(value::count(&value));
        let known = Award::from_name(&name);
        match (counts, known) {
            // A player may be called like an award; among the versus lines he is a player.
            (Some(counts), None) => self.versus(first, counts),
            (Some(counts), Some(_)) if self.versus_began => self.versus(first, counts),
            (None, None) if self.versus_began => return Err(LineFault::NotVersus),
            (_, known) => self.award(&name, known, second, &value),
        }
        Ok(())
    }

    fn versus(&mut self, opponent: &[u8], (kills, deaths): (i64, i64)) {
        self.versus_began = true;
        self.file.versus.push(VersusLine { subject: self.subject.clone(), opponent: opponent.to_vec(), kills, deaths });
    }

    fn award(&mut self, name: &str, known: Option<&'static Award>, player: &[u8], value: &str) {
        let mut award = known;
        match known.map(|award| award.key) {
            Some("killing_spree") => {
                self.sprees += 1;
                if self.sprees > 1 {
                    return;
                }
            }
            Some("headshot_kills") => self.past_headshot_kills = true,
            Some("objectives_stolen") if self.past_headshot_kills || self.sprees > 1 => {
                award = Award::from_key("useless_kills");
            }
            _ => {}
        }
        self.file.awards.push(AwardLine {
            name: name.to_owned(),
            award,
            player: player.to_vec(),
            value: value.to_owned(),
            thousandths: value::thousandths(value, award.map(|award| award.form)),
        });
    }
}

impl AwardLine {
    /// The stable name under which it is stored: the known award's, or the name as written.
    pub fn key(&self) -> &str {
        self.award.map_or(&self.name, |award| award.key)
    }

    /// What it counts.
    pub fn scope(&self) -> AwardScope {
        self.award.map_or(AwardScope::Unknown, |award| award.scope)
    }

    /// Where it is shown.
    pub fn category(&self) -> Category {
        self.award.map_or(Category::Other, |award| award.category)
    }
}
