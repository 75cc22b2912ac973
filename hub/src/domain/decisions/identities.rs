use std::collections::BTreeMap;

use slomix_shared::artifact::LocalStamp;

use crate::domain::ids::player_id;
use crate::domain::roster::PlayerKey;
use crate::domain::round::PlayerRound;

/// Where a GUID is somebody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bound {
    /// Wherever it bears this name, colour codes taken off.
    Name(String),
    /// In every file stamped then or later, on whatever server.
    From(LocalStamp),
}

impl Bound {
    /// As stored, as in `name Alpha` or `from 2026-11-09-195037`.
    pub fn text(&self) -> String {
        match self {
            Self::Name(name) => format!("name {name}"),
            Self::From(stamp) => format!("from {stamp}"),
        }
    }

    /// As [`Self::text`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(' ')? {
            ("name", name) => Some(Self::Name(name.to_owned())),
            ("from", stamp) => LocalStamp::parse(stamp).map(Self::From),
            _ => None,
        }
    }
}

/// Who is who: GUIDs that are several people, and people who have several GUIDs.
///
/// This only tells whose a line is. What is taken off a second half goes by the GUID in the files, as ever.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identities {
    splits: BTreeMap<String, Vec<Bound>>,
    merges: BTreeMap<String, String>,
}

impl Identities {
    pub(super) fn merge(&mut self, player: &str, into: &str) {
        self.merges.insert(player.to_owned(), into.to_owned());
    }

    pub(super) fn split(&mut self, guid: &str, bound: &Bound) {
        self.splits.entry(guid.to_owned()).or_default().push(bound.clone());
    }

    /// Whether nobody is anybody else.
    pub fn is_empty(&self) -> bool {
        self.splits.is_empty() && self.merges.is_empty()
    }

    /// The player that a player is in the end, by key.
    pub fn resolve<'a>(&'a self, player: &'a str) -> &'a str {
        let mut now = player;
        // No decision may close a ring; one that did would end here.
        for _ in 0..=self.merges.len() {
            match self.merges.get(now) {
                Some(next) => now = next,
                None => return now,
            }
        }
        player
    }

    /// Puts every line of a round stamped `stamp` under the player that it is.
    ///
    /// Lines of one round that would come under one player were two clients at once: they are kept apart and flagged.
    pub fn apply(&self, stamp: LocalStamp, players: &mut [PlayerRound]) {
        if self.is_empty() {
            return;
        }
        for player in players.iter_mut().filter(|player| !player.bot) {
            if let Some(key) = self.split_off(stamp, &player.key, &player.name) {
                player.flags.insert("split");
                set(player, key);
            }
        }
        let mut lines: BTreeMap<String, usize> = BTreeMap::new();
        for player in players.iter() {
            *lines.entry(self.resolve(player.key.as_str()).to_owned()).or_default() += 1;
        }
        for player in players.iter_mut().filter(|player| !player.bot) {
            let end = self.resolve(player.key.as_str());
            if lines.get(end).is_some_and(|&count| count > 1) {
                player.flags.insert("merge_conflict");
            } else if end != player.key.as_str()
                && let Some(key) = PlayerKey::parse(end)
            {
                player.flags.insert("merged");
                set(player, key);
            }
        }
        players.sort_by(|a, b| a.key.cmp(&b.key));
    }

    /// Who a line stamped `stamp` is, beside nobody else; none where it is who its key says.
    pub fn of(&self, stamp: LocalStamp, key: &PlayerKey, name: &str, bot: bool) -> Option<PlayerKey> {
        if bot {
            return None;
        }
        let split = self.split_off(stamp, key, name);
        let now = split.as_ref().unwrap_or(key);
        match self.resolve(now.as_str()) {
            end if end == now.as_str() => split,
            end => PlayerKey::parse(end),
        }
    }

    /// Who a line is, if not who its GUID says. A name tells more than a stamp, and a later stamp more than an earlier.
    fn split_off(&self, stamp: LocalStamp, key: &PlayerKey, name: &str) -> Option<PlayerKey> {
        let bounds = self.splits.get(key.guid().as_str())?;
        let by_name = bounds.iter().find(|bound| matches!(bound, Bound::Name(one) if one == name));
        let alone = key.plain_guid().is_some();
        let since = |bound: &&Bound| matches!(bound, Bound::From(from) if alone && *from <= stamp);
        let bound = by_name.or_else(|| bounds.iter().filter(since).max())?;
        Some(PlayerKey::apart(key.guid().clone(), &bound.text()))
    }
}

fn set(player: &mut PlayerRound, key: PlayerKey) {
    player.player = player_id(&key);
    player.key = key;
}
