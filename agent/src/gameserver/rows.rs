use slomix_shared::wire::{Seat, limits};

use super::text::decoded;

/// One row of what the console's `status` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row<'a> {
    /// The slot.
    pub slot: u8,
    /// Experience.
    pub score: i64,
    /// Milliseconds; none for who is not in the game (yet, or any more).
    pub ping: Option<i64>,
    /// Raw, without the code that ends its colours.
    pub name: &'a [u8],
    /// `bot`, or where the player calls from.
    pub address: &'a [u8],
}

impl Row<'_> {
    /// The same for people. Addresses stay on this host.
    pub fn seat(&self) -> Seat {
        Seat {
            slot: self.slot,
            name: decoded(self.name, 64),
            score: self.score,
            ping: self.ping,
            bot: self.address == b"bot",
        }
    }
}

/// The text is not what `status` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoRows {
    /// No map is loaded.
    #[error("the game server has no map loaded")]
    NotRunning,
    /// The table is missing, or a row of it came torn.
    #[error("what the game server said is no list of players, or a part of it was lost")]
    NoTable,
}

/// The rows of `status`, in order. Names may hold spaces and digits, so a row is read from both ends: three columns
/// from the left, five from the right, and what is left is the name.
pub fn status_rows(text: &[u8]) -> Result<Vec<Row<'_>>, NoRows> {
    let mut lines = text.split(|byte| *byte == b'\n');
    if text.starts_with(b"Server is not running") {
        return Err(NoRows::NotRunning);
    }
    lines.find(|line| line.starts_with(b"--- ----- ")).ok_or(NoRows::NoTable)?;
    let mut rows = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()) {
        if rows.len() == limits::SEATS {
            break;
        }
        rows.push(row(line).ok_or(NoRows::NoTable)?);
    }
    Ok(rows)
}

fn row(line: &[u8]) -> Option<Row<'_>> {
    let mut rest = line;
    let slot = number(left(&mut rest)?)?;
    let score = number(left(&mut rest)?)?;
    let ping = left(&mut rest)?;
    let ping = match ping {
        b"CNCT" | b"ZMBI" | b"DEMO" => None,
        other => Some(number(other)?),
    };
    // One space stands between the columns; further ones are the name's own.
    let mut rest = rest.strip_prefix(b" ")?;
    for _ in ["lastConnectTime", "rate", "qport"] {
        number(right(&mut rest)?)?;
    }
    let address = right(&mut rest)?;
    number(right(&mut rest)?)?;
    let name = rest.trim_ascii_end();
    Some(Row { slot: u8::try_from(slot).ok()?, score, ping, name: name.strip_suffix(b"^7").unwrap_or(name), address })
}

fn number(word: &[u8]) -> Option<i64> {
    std::str::from_utf8(word).ok()?.parse().ok()
}

/// The next word from the left.
fn left<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let start = rest.iter().position(|byte| *byte != b' ')?;
    let len = rest[start..].iter().position(|byte| *byte == b' ').unwrap_or(rest.len() - start);
    let word = &rest[start..start + len];
    *rest = &rest[start + len..];
    Some(word)
}

/// The next word from the right.
fn right<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = rest.iter().rposition(|byte| *byte != b' ')? + 1;
    let start = rest[..end].iter().rposition(|byte| *byte == b' ').map_or(0, |space| space + 1);
    let word = &rest[start..end];
    *rest = &rest[..start];
    Some(word)
}
