//! The stats file of one round, as `c0rnp0rn8.lua` and its older versions write it.
//!
//! ```text
//! server\map\config\round\defender\winner\limit\next[\playtime ms]
//! guid8\name\rounds\team\mask hits shots kills deaths headshots … ⇥field 0⇥field 1 …
//! ```
//!
//! A file of a second round holds match totals in some fields ([`Scope::Match`]) and this round's numbers in the
//! others ([`Scope::Round`]); taking the first round off is the hub's work, since a file knows no other file.
//! Nothing is guessed here: what a file does not carry is `None`, never 0.

mod field;
mod header;
mod number;
mod player;
mod remark;
mod time_text;

pub use field::{Field, Fields, Layout, Scope};
pub use header::{Header, Playtime, SideConfidence, SideFault, SideField};
pub use player::{PlayerLine, WeaponLine};
pub use remark::{LineFault, LineFlag, Remark};
pub use time_text::{clock_text, parse_time};

use crate::artifact::ContentHash;

/// A server has 64 slots, and who leaves keeps a line. Lines beyond twice as many are forged or broken.
const MOST_PLAYERS: usize = 128;
/// Remarks beyond these are not kept: nobody reads them, and each takes more bytes than its line.
const MOST_REMARKS: usize = 256;

/// One parsed stats file.
#[derive(Debug, Clone, PartialEq)]
pub struct StatsFile {
    /// The first line.
    pub header: Header,
    /// The player lines that could be read, in file order (which means nothing: the writer's is hash order).
    pub players: Vec<PlayerLine>,
    /// What was dropped, with line numbers; the first few hundred of them.
    pub remarks: Vec<Remark>,
    /// Hash of everything after the first line: two files that share it are one round under two headers.
    pub payload: ContentHash,
}

/// Why a stats file as a whole cannot be read. Each says so in words for a server admin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatsError {
    /// No bytes.
    #[error("the file is empty: the game server opened it and wrote nothing, or its disk was full")]
    Empty,
    /// Only the header line.
    #[error("insufficient lines: the file holds only its header line, no player has numbers")]
    HeaderOnly,
    /// The first line is no header.
    #[error("invalid header format: the first line has {found} of at least 8 parts separated by backslashes")]
    Header {
        /// How many parts there are.
        found: usize,
    },
    /// Lines, but none is a player.
    #[error("no players: none of the {lines} lines after the header is a player line that can be read")]
    NoPlayers {
        /// How many lines follow the header.
        lines: usize,
    },
    /// Cut off while it was written.
    #[error("truncated: the last line ends in the middle; waiting for the complete file")]
    Truncated,
}

impl StatsError {
    /// A short stable name for counters and listings.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::HeaderOnly => "header_only",
            Self::Header { .. } => "invalid_header",
            Self::NoPlayers { .. } => "no_players",
            Self::Truncated => "truncated",
        }
    }
}

/// Reads a stats file. One bad line never fails the file: it is dropped and remarked.
pub fn parse(bytes: &[u8]) -> Result<StatsFile, StatsError> {
    if bytes.is_empty() {
        return Err(StatsError::Empty);
    }
    let (first, rest) = match bytes.iter().position(|&b| b == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[][..]),
    };
    let header = Header::parse(trim_carriage_return(first))?;
    if rest.is_empty() {
        return Err(StatsError::HeaderOnly);
    }
    if is_truncated(rest) {
        return Err(StatsError::Truncated);
    }
    let mut players = Vec::with_capacity(16);
    let mut remarks = Vec::new();
    let mut lines = 0;
    for (index, line) in rest.split(|&b| b == b'\n').enumerate() {
        let line = trim_carriage_return(line);
        if line.is_empty() {
            continue;
        }
        lines += 1;
        let fault = match player::parse_line(line) {
            Ok(Some(_)) if players.len() == MOST_PLAYERS => LineFault::TooMany,
            Ok(Some(player)) => {
                players.push(player);
                continue;
            }
            Ok(None) => continue,
            Err(fault) => fault,
        };
        if remarks.len() < MOST_REMARKS {
            remarks.push(Remark { line: index + 2, fault });
        }
    }
    if players.is_empty() {
        return Err(StatsError::NoPlayers { lines });
    }
    Ok(StatsFile { header, players, remarks, payload: ContentHash::of(rest) })
}

/// Whether the writer was cut off in the last line.
///
/// Without a final line feed the file is whole only if its last line is as long as the others: a last field that
/// is empty, fewer fields than another line, or, on the only line, a field count that no layout has, is a cut. A
/// cut inside the last number cannot be seen here.
fn is_truncated(body: &[u8]) -> bool {
    if body.ends_with(b"\n") {
        return false;
    }
    let tabs = |line: &[u8]| line.iter().filter(|&&b| b == b'\t').count();
    let mut lines = body.split(|&b| b == b'\n').filter(|line| !trim_carriage_return(line).is_empty());
    let Some(last) = lines.next_back().map(trim_carriage_return) else {
        return false;
    };
    let most = lines.map(tabs).max();
    last.ends_with(b"\t") || most.map_or_else(|| Layout::of(tabs(last)).is_none(), |most| tabs(last) < most)
}

fn trim_carriage_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests;
