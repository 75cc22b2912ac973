//! Map plays: which rounds form one, and what they come to.

use std::collections::BTreeMap;

use slomix_shared::artifact::RoundNumber;

use crate::domain::input::{Rules, SurrenderScope};
use crate::domain::map_result::{Concession, MapResult, by_concession, of_pair, of_second_alone};
use crate::domain::pairing::Partner;
use crate::domain::play::Play;
use crate::domain::round::{CountsFor, Match, Round, Status};

use super::match_id;

/// Gives every round its map play.
/// `rounds` and `plays` run in parallel.
pub(super) fn place(rounds: &mut [Round], plays: &[Play<'_>], partners: &[Option<Partner>], rules: &Rules) {
    for index in 0..rounds.len() {
        match (rounds[index].status, partners[index]) {
            (_, Some(Partner::First(first))) => {
                let id = match_id(&rules.server, plays[first].stamp, rounds[first].id);
                rounds[index].match_id = Some(id);
                rounds[first].match_id = Some(id);
            }
            (Status::Orphan | Status::Abandoned, _) => {
                rounds[index].match_id = Some(match_id(&rules.server, plays[index].stamp, rounds[index].id));
            }
            _ => {}
        }
    }
}

/// The map plays of rounds that have one; the session and the winning team are told later.
pub(super) fn results(rounds: &[Round], scope: SurrenderScope) -> Vec<Match> {
    let mut halves: BTreeMap<i64, (Option<&Round>, Option<&Round>)> = BTreeMap::new();
    for round in rounds {
        if let Some(id) = round.match_id {
            let pair = halves.entry(id).or_default();
            match round.number {
                RoundNumber::One => pair.0 = Some(round),
                RoundNumber::Two => pair.1 = Some(round),
            }
        }
    }
    halves.into_iter().filter_map(|(id, (first, second))| result(id, first, second, rounds, scope)).collect()
}

fn result(
    id: i64,
    first: Option<&Round>,
    second: Option<&Round>,
    rounds: &[Round],
    scope: SurrenderScope,
) -> Option<Match> {
    let earliest = first.or(second)?;
    let by_halves = match (first, second) {
        (Some(first), Some(second)) => of_pair(first.outcome, second.outcome),
        (None, Some(second)) => of_second_alone(second.outcome, second.clock, default_clock(second, rounds)),
        _ => MapResult::Incomplete,
    };
    let result = match (scope, second) {
        (SurrenderScope::Map, Some(second)) => {
            by_concession(first.and_then(concession), concession(second)).unwrap_or(by_halves)
        }
        _ => by_halves,
    };
    let scores = [first, second].into_iter().flatten().all(|round| round.counts_for.has(CountsFor::SCORE));
    let fair = [first, second].into_iter().flatten().all(|round| round.valid);
    let voided = [first, second].into_iter().flatten().any(|round| round.flags.contains("voided"));
    let uncounted_because = match result {
        _ if voided => Some("voided"),
        _ if !fair => Some("not_fair"),
        MapResult::Incomplete => Some("incomplete"),
        MapResult::Unknown => Some("unknown"),
        _ if !scores => Some("not_counted"),
        _ => None,
    };
    Some(Match {
        id,
        session: earliest.session,
        first: first.map(|round| round.id),
        second: second.map(|round| round.id),
        stamp: earliest.stamp,
        map: earliest.map.clone(),
        result,
        counted: uncounted_because.is_none(),
        inferred: first.is_none() && result.is_decided(),
        uncounted_because,
        winner_team: 0,
    })
}

/// Who gave the round up, if anybody is known to have.
fn concession(round: &Round) -> Option<Concession> {
    let side = round.papers.surrendered?;
    Some(if side == round.defender? { Concession::Defenders } else { Concession::Attackers })
}

/// The largest clock that a first half of this map and config has in the block: what the map starts with.
///
/// Other blocks are not asked: their files would change this block's rows, its cost would grow with history, and a config
/// whose limit is raised years later would turn old ties into wins. Where the block does not tell, the result stays
/// unknown and does not count.
fn default_clock(second: &Round, rounds: &[Round]) -> Option<u32> {
    rounds
        .iter()
        .filter(|round| {
            round.number == RoundNumber::One
                && round.status != Status::Aborted
                && round.map == second.map
                && round.config == second.config
        })
        .filter_map(|round| round.clock)
        .max()
}
