//! Who a player line is: the key under which one client's numbers are kept.

use std::collections::HashMap;
use std::fmt;

use slomix_shared::formats::stats::PlayerLine;
use slomix_shared::game::Guid;

/// A player's key: the GUID's first eight characters, or for bots and for lines that share a GUID within a round,
/// the GUID, `#` and 16 hexadecimal digits of the clean name's hash. Of a GUID that people said is several players,
/// each but the first has the GUID, `@` and as many digits of the hash of what they said.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerKey {
    text: String,
    guid: Guid,
}

impl PlayerKey {
    fn plain(guid: Guid) -> Self {
        Self { text: guid.as_str().to_owned(), guid }
    }

    fn named(guid: Guid, name: &str) -> Self {
        let hash = blake3::hash(name.as_bytes()).to_hex();
        Self { text: format!("{}#{}", guid, &hash[..16]), guid }
    }

    /// A player who shares a GUID with another one, told apart by a decision with this text.
    pub fn apart(guid: Guid, decision: &str) -> Self {
        let hash = blake3::hash(decision.as_bytes()).to_hex();
        Self { text: format!("{}@{}", guid, &hash[..16]), guid }
    }

    /// A key as stored; none where there is no GUID in it.
    pub fn parse(text: &str) -> Option<Self> {
        let end = text.find(['#', '@']).unwrap_or(text.len());
        Some(Self { text: text.to_owned(), guid: Guid::from_bytes(&text.as_bytes()[..end])? })
    }

    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The eight characters that stand in the files.
    pub fn guid(&self) -> &Guid {
        &self.guid
    }

    /// The GUID, if it alone is the key.
    pub fn plain_guid(&self) -> Option<&Guid> {
        (self.text == self.guid.as_str()).then_some(&self.guid)
    }

    /// Whether this player may be ranked or linked: a real GUID that nobody else in the round had, or one of several
    /// players that people told apart.
    pub fn is_real(&self) -> bool {
        let rest = self.text.strip_prefix(self.guid.as_str()).unwrap_or_default();
        (rest.is_empty() || rest.starts_with('@')) && self.guid.value().is_some()
    }
}

impl fmt::Display for PlayerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// The key of every line of one file, in line order.
///
/// Two lines with one GUID are two clients (the writer keeps one line for each full GUID); which of them is "the
/// second" means nothing, since the order of lines is arbitrary, so each is told by its name. Two that share GUID
/// *and* name cannot be told apart: they keep one key, and the caller merges or flags them.
pub fn keys(lines: &[PlayerLine]) -> Vec<PlayerKey> {
    let mut seen: HashMap<&Guid, u32> = HashMap::with_capacity(lines.len());
    for line in lines {
        *seen.entry(&line.guid).or_default() += 1;
    }
    lines
        .iter()
        .map(|line| {
            if line.is_bot() || seen[&line.guid] > 1 {
                PlayerKey::named(line.guid.clone(), &line.name())
            } else {
                PlayerKey::plain(line.guid.clone())
            }
        })
        .collect()
}
