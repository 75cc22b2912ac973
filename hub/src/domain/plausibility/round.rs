use std::collections::BTreeSet;

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::{Field, Header, SideConfidence, SideFault, StatsFile};

use crate::domain::next_clock::known_next;
use crate::domain::outcome::Outcome;
use crate::domain::play::Play;
use crate::domain::round::{Origin, PlayerRound};
use crate::domain::validity::is_bot_round;

use super::{Rule, flags};

/// What is known of a round when it is looked over.
#[derive(Debug, Clone, Copy)]
pub struct RoundFacts<'a> {
    /// The file and its name.
    pub play: &'a Play<'a>,
    /// The first line, as it counts.
    pub header: &'a Header,
    /// The file of the first half, where this is the second one of a pair.
    pub first: Option<&'a StatsFile>,
    /// Held or completed.
    pub outcome: Outcome,
    /// Measured seconds of play.
    pub duration: Option<i64>,
    /// The players' numbers of this round.
    pub players: &'a [PlayerRound],
}

type Check = fn(&RoundFacts<'_>) -> bool;

const RULES: [Rule<Check>; 17] = [
    Rule { flag: "defender_missing", found: |facts| facts.defender_is(SideFault::Missing) },
    Rule { flag: "defender_non_numeric", found: |facts| facts.defender_is(SideFault::NotNumeric) },
    Rule { flag: "defender_out_of_range", found: |facts| facts.defender_is(SideFault::OutOfRange) },
    Rule { flag: "winner_missing", found: |facts| facts.winner_is(SideFault::Missing) },
    Rule { flag: "winner_non_numeric", found: |facts| facts.winner_is(SideFault::NotNumeric) },
    Rule { flag: "winner_out_of_range", found: |facts| facts.winner_is(SideFault::OutOfRange) },
    Rule { flag: "nobody_won", found: nobody_won },
    Rule { flag: "told_by_clock", found: told_by_clock },
    Rule { flag: "garbage_next", found: garbage_next },
    Rule { flag: "next_unreadable", found: |facts| facts.header.next.is_none() },
    Rule { flag: "limit_unknown", found: |facts| facts.header.limit.is_none() },
    Rule { flag: "held_early", found: held_early },
    Rule { flag: "label_differs", found: label_differs },
    Rule { flag: "map_differs", found: map_differs },
    Rule { flag: "lines_dropped", found: |facts| !facts.play.stats.remarks.is_empty() },
    Rule { flag: "bot_round", found: bot_round },
    Rule { flag: "all_beat_first_half", found: all_beat_first_half },
];

impl RoundFacts<'_> {
    fn defender_is(&self, fault: SideFault) -> bool {
        self.header.defender.fault == Some(fault)
    }

    fn winner_is(&self, fault: SideFault) -> bool {
        self.header.winner.fault == Some(fault)
    }
}

/// A hold is early if its clock had more than so many seconds left.
const EARLY: i64 = 30;
/// Fewer players than this may all have a better second half.
const LEAST_SHARED: usize = 4;

/// What is odd about a round.
pub fn of_round(facts: &RoundFacts<'_>) -> BTreeSet<&'static str> {
    flags(&RULES, facts)
}

/// The engine names no winner.
fn nobody_won(facts: &RoundFacts<'_>) -> bool {
    let winner = facts.header.winner;
    winner.value == 0 && winner.fault.is_none()
}

/// The sides do not tell the outcome: the clock set for the next round does.
fn told_by_clock(facts: &RoundFacts<'_>) -> bool {
    facts.outcome != Outcome::Unknown && facts.header.side_confidence() != SideConfidence::Verified
}

/// A next clock that no second half can have.
fn garbage_next(facts: &RoundFacts<'_>) -> bool {
    let header = facts.header;
    header.next.is_some() && known_next(facts.play.number, header).is_none()
}

/// The file cannot name a surrender; a round held long before its clock ran out is one, or a server's doing.
fn held_early(facts: &RoundFacts<'_>) -> bool {
    let limit = facts.header.limit;
    facts.outcome == Outcome::Held
        && limit.zip(facts.duration).is_some_and(|(limit, played)| played < i64::from(limit) - EARLY)
}

/// The header names the other half than the file's name, which counts.
fn label_differs(facts: &RoundFacts<'_>) -> bool {
    RoundNumber::from_number(facts.header.round) != Some(facts.play.number)
}

/// The header names another map than the file's name, which counts.
fn map_differs(facts: &RoundFacts<'_>) -> bool {
    facts.header.map.to_ascii_lowercase() != facts.play.map_key
}

/// Mostly bots.
fn bot_round(facts: &RoundFacts<'_>) -> bool {
    let count = |bot: bool| facts.players.iter().filter(|one| one.participant && one.bot == bot).count() as i64;
    is_bot_round(count(false), count(true))
}

/// Everybody's second half was better than his first one, by kills and by damage: so it looks where the first half is
/// still inside.
fn all_beat_first_half(facts: &RoundFacts<'_>) -> bool {
    let Some(first) = facts.first else { return false };
    let shared: Vec<bool> = facts
        .players
        .iter()
        .filter(|player| player.participant && player.origin != Origin::AsWritten)
        .filter_map(|player| {
            let guid = player.key.plain_guid()?;
            let before = first.players.iter().find(|line| line.guid == *guid)?;
            let more_damage = player.fields.get(Field::DamageGiven)? > before.fields.get(Field::DamageGiven)?;
            Some(more_damage && player.kills() > before.weapon_sum(|weapon| weapon.kills))
        })
        .collect();
    shared.len() >= LEAST_SHARED && shared.iter().all(|better| *better)
}
