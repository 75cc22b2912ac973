//! What people decided against or beyond what the files say: corrections, each with author and reason, undone rather
//! than removed.
//!
//! A decision names what a late file cannot change: a round by its key, a player by the GUID in the files, a file by
//! its name and a content by its hash. A session is named by one of its rounds and follows that round wherever it goes.
//! Where a file turns out to be a copy of an earlier one, what was decided about its round holds for the round of that
//! file, and what was decided about its contents for the same contents there ([`Decisions::following`]).
//!
//! | kind | about | says |
//! |---|---|---|
//! | `void` | a round | it counts for nothing; it is shown, with its numbers |
//! | `side` | a player's line in a round | the army that he was in, or that he only watched |
//! | `winner`, `defender` | a round | the army that won, that defended; the map's result follows |
//! | `team` | a player in a session | the team that he is in, whatever the sides say |
//! | `name` | a team in a session | what it is called, there and wherever most of its core plays together |
//! | `pin` | a file | which of its contents counts |
//! | `merge` | a player | all his rounds are another one's |
//! | `split` | a GUID | from a stamp on, or wherever it bears a name, it is somebody else |
//! | `zone` | a server | the zone of its wall clock |
//!
//! [`Correction`] is one of them, [`Decisions`] all that hold for one server, as [`derive`](super::derive::derive)
//! wants them. Of two that say different things about the same, the later one holds.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use slomix_shared::artifact::ContentHash;
use slomix_shared::game::Side;

use super::round::TeamSign;

mod correction;
mod identities;
mod of_round;
mod one_line;
mod round_key;
mod team_names;

pub use correction::Correction;
pub use identities::{Bound, Identities};
pub use of_round::OfRound;
pub use one_line::{MOST_OF_A_REASON, one_line};
pub use round_key::RoundKey;
pub use team_names::{TeamNames, same_name};

/// All that holds for one server.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decisions {
    server: String,
    /// As decided, the oldest first.
    corrections: Vec<Correction>,
    rounds: BTreeMap<RoundKey, OfRound>,
    teams: BTreeMap<RoundKey, BTreeMap<String, TeamSign>>,
    names: BTreeMap<RoundKey, [Option<String>; 2]>,
    pins: BTreeMap<String, ContentHash>,
    identities: Identities,
    zone: Option<TimeZone>,
}

impl Decisions {
    /// What holds for `server`, out of all corrections, the oldest first.
    pub fn of<'a>(server: &str, corrections: impl IntoIterator<Item = &'a Correction>) -> Self {
        let mut decisions = Self { server: server.to_owned(), ..Self::default() };
        for correction in corrections {
            if correction.server().is_none_or(|one| one == server) {
                decisions.add(correction);
                decisions.corrections.push(correction.clone());
            }
        }
        decisions
    }

    /// The rounds that decisions name.
    pub fn rounds(&self) -> BTreeSet<&RoundKey> {
        self.corrections.iter().filter_map(Correction::round).collect()
    }

    /// The contents that are pinned, each with its file.
    pub fn pins(&self) -> impl Iterator<Item = (&str, &ContentHash)> {
        self.pins.iter().map(|(file, hash)| (file.as_str(), hash))
    }

    /// What holds where files are copies of earlier ones: `moved` tells the round that took the place of another one,
    /// `originals` the first file with a content, by file and content. Of two decisions that come to be about the same
    /// the later one holds, as ever.
    #[must_use]
    pub fn following(
        &self,
        moved: &BTreeMap<RoundKey, RoundKey>,
        originals: &BTreeMap<(String, ContentHash), String>,
    ) -> Self {
        let mut corrections = Vec::with_capacity(self.corrections.len());
        for correction in &self.corrections {
            corrections.push(match correction.round() {
                Some(round) => correction.at(end(moved, round)),
                None => correction.clone(),
            });
            // The copy's own content stays pinned too: else another one of its name would be a round again.
            if let Correction::Pin { server, file, hash } = correction
                && let Some(original) = originals.get(&(file.clone(), *hash))
            {
                corrections.push(Correction::Pin { server: server.clone(), file: original.clone(), hash: *hash });
            }
        }
        Self::of(&self.server, &corrections)
    }

    fn add(&mut self, correction: &Correction) {
        let mut round = |key: &RoundKey, set: &mut dyn FnMut(&mut OfRound)| {
            set(self.rounds.entry(key.clone()).or_default());
        };
        match correction {
            Correction::Void { round: key } => round(key, &mut |one| one.voided = true),
            Correction::Winner { round: key, side } => round(key, &mut |one| one.winner = Some(*side)),
            Correction::Defender { round: key, side } => round(key, &mut |one| one.defender = Some(*side)),
            Correction::Side { round: key, player, side } => round(key, &mut |one| {
                one.sides.insert(player.clone(), *side);
            }),
            Correction::Team { round, player, team } => {
                self.teams.entry(round.clone()).or_default().insert(player.clone(), *team);
            }
            Correction::Name { round, team, name, .. } => {
                self.names.entry(round.clone()).or_default()[usize::from(*team < 0)] = Some(name.clone());
            }
            Correction::Pin { file, hash, .. } => {
                self.pins.insert(file.clone(), *hash);
            }
            Correction::Merge { player, into } => self.identities.merge(player, into),
            Correction::Split { guid, bound } => self.identities.split(guid, bound),
            Correction::Zone { zone, .. } => self.zone = TimeZone::get(zone).ok().or(self.zone.take()),
        }
    }

    /// What was decided about a round.
    pub fn of_round(&self, key: &RoundKey) -> Option<&OfRound> {
        self.rounds.get(key)
    }

    /// The content that counts for a file name, whatever the rule of revisions says.
    pub fn pin(&self, file: &str) -> Option<&ContentHash> {
        self.pins.get(file)
    }

    /// Who is who.
    pub fn identities(&self) -> &Identities {
        &self.identities
    }

    /// The zone of the server's clock, if it was decided.
    pub fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// The teams (+1 A, −1 B) of players, by key, in a session that has these rounds. Of two that were decided at
    /// different rounds, the one at the later round holds.
    pub fn teams<'a>(&'a self, rounds: impl IntoIterator<Item = &'a RoundKey>) -> BTreeMap<&'a str, TeamSign> {
        let decided = rounds.into_iter().filter_map(|round| self.teams.get(round)).flatten();
        decided.map(|(player, team)| (self.identities.resolve(player), *team)).collect()
    }

    /// What teams A and B are called in a stretch of a session that has these rounds.
    pub fn names<'a>(&self, rounds: impl IntoIterator<Item = &'a RoundKey>) -> [Option<String>; 2] {
        let mut names = [None, None];
        for decided in rounds.into_iter().filter_map(|round| self.names.get(round)) {
            for (name, decided) in names.iter_mut().zip(decided) {
                *name = decided.clone().or(name.take());
            }
        }
        names
    }
}

/// Where a round is in the end that moved, perhaps more than once.
fn end<'a>(moved: &'a BTreeMap<RoundKey, RoundKey>, round: &'a RoundKey) -> &'a RoundKey {
    let mut now = round;
    // A round only moves to an earlier one, so there is no ring.
    for _ in 0..moved.len() {
        match moved.get(now) {
            Some(next) => now = next,
            None => break,
        }
    }
    now
}

/// A side as decisions write it.
fn side_word(side: Option<Side>) -> &'static str {
    match side {
        Some(Side::Axis) => "axis",
        Some(Side::Allies) => "allies",
        None => "spectator",
    }
}

/// The army that a word means.
fn army_of_word(word: &str) -> Option<Side> {
    [Side::Axis, Side::Allies].into_iter().find(|side| side_word(Some(*side)) == word)
}

#[cfg(test)]
mod tests;
