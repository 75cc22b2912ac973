use std::collections::HashMap;

use slomix_shared::game::{FullGuid, matching_key};

use crate::domain::round::{PlayerRound, Round};

/// Who played a round, by name and by GUID.
pub(super) struct Roster<'a> {
    players: &'a [PlayerRound],
    by_name: HashMap<String, Vec<&'a PlayerRound>>,
    /// What versus headers tell of names: more than the stats file knows if somebody changed his.
    told: HashMap<String, Option<i64>>,
}

impl<'a> Roster<'a> {
    pub(super) fn of(round: &'a Round) -> Self {
        let mut by_name: HashMap<String, Vec<&PlayerRound>> = HashMap::new();
        for player in &round.players {
            by_name.entry(matching_key(&player.raw_name)).or_default().push(player);
        }
        Self { players: &round.players, by_name, told: HashMap::new() }
    }

    /// Notes that whoever has this full GUID bore this name at the round's end. Two with one name are nobody.
    pub(super) fn tell(&mut self, name: &[u8], guid: Option<&FullGuid>) {
        let Some(player) = guid.and_then(|guid| self.by_guid(guid, name)) else { return };
        let told = self.told.entry(matching_key(name)).or_insert(Some(player));
        *told = told.filter(|other| *other == player);
    }

    /// The player with a name, if there is just one.
    pub(super) fn by_name(&self, name: &[u8]) -> Option<i64> {
        let key = matching_key(name);
        if let Some(told) = self.told.get(&key) {
            return *told;
        }
        let players = self.by_name.get(&key)?;
        let mut taking_part = players.iter().filter(|player| player.participant);
        match (&players[..], taking_part.next(), taking_part.next()) {
            ([only], ..) | (_, Some(only), None) => Some(only.player),
            _ => None,
        }
    }

    /// The player with a full GUID. Where several share its first eight characters, the name decides.
    pub(super) fn by_guid(&self, guid: &FullGuid, name: &[u8]) -> Option<i64> {
        let short = guid.short();
        let candidates: Vec<&PlayerRound> = self.players.iter().filter(|player| *player.key.guid() == short).collect();
        if let [only] = candidates[..] {
            return Some(only.player);
        }
        let key = matching_key(name);
        let mut named = candidates.iter().filter(|player| matching_key(&player.raw_name) == key);
        named.next().filter(|_| named.next().is_none()).map(|player| player.player)
    }
}
