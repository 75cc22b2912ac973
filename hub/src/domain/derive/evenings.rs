//! Sessions of a block, with their teams.

use std::collections::BTreeMap;

use slomix_shared::artifact::RoundNumber;
use slomix_shared::game::Side;

use crate::domain::decisions::RoundKey;
use crate::domain::ids::session_id;
use crate::domain::input::Rules;
use crate::domain::round::{Epoch, Match, Round, Session, TeamSign};
use crate::domain::session::{Played, group};
use crate::domain::teams::{self, Appearance, Fixed, Half, Teams};

use super::score::{humans, scored};

/// Below this share of agreement a half does not tell which team is which, in thousandths.
const CLEAR: i64 = 600;

/// Groups the rounds (sorted by start) into sessions, finds their teams and scores their maps.
pub(super) fn sessions(rounds: &mut [Round], matches: &mut [Match], rules: &Rules) -> Vec<Session> {
    let played: Vec<Played> =
        rounds.iter().map(|round| Played { start_ms: round.start_ms, end_ms: round.end_ms, round: round.id }).collect();
    let groups = group(&played, rules.session_gap_minutes);
    let count = groups.iter().max().map_or(0, |last| last + 1);
    (0..count)
        .map(|number| {
            let indices: Vec<usize> = (0..rounds.len()).filter(|&index| groups[index] == number).collect();
            session(&indices, rounds, matches, rules)
        })
        .collect()
}

/// One session of the rounds at `indices`: marks them, attributes the maps, and sums up.
fn session(indices: &[usize], rounds: &mut [Round], matches: &mut [Match], rules: &Rules) -> Session {
    let halves: Vec<Half> = indices.iter().map(|&index| half(&rounds[index])).collect();
    let keys: Vec<RoundKey> = indices.iter().map(|&index| RoundKey::of(&rules.server, &rounds[index])).collect();
    let fixed = fixed(indices, rounds, &rules.decisions.teams(&keys));
    let (id, first_round) = (session_id(&rules.server, rounds[indices[0]].stamp, rounds[indices[0]].id), indices[0]);
    let epochs: Vec<Epoch> = teams::epochs(&halves, &fixed)
        .into_iter()
        .map(|epoch| {
            let names = rules.decisions.names(&keys[epoch.halves.clone()]);
            let indices = &indices[epoch.halves];
            mark(indices, rounds, id, &epoch.teams);
            let rounds: Vec<&Round> = indices.iter().map(|&index| &rounds[index]).collect();
            Epoch { names, ..scored(&rounds, matches, id, epoch.teams) }
        })
        .collect();
    let first = &rounds[first_round];
    let last = epochs.last().cloned().unwrap_or_else(|| scored(&[], &mut [], id, teams::detect(&[])));
    Session {
        id,
        stamp: first.stamp,
        last_stamp: indices.iter().map(|&index| rounds[index].stamp).max().unwrap_or(first.stamp),
        first_round: first.id,
        start_ms: first.start_ms,
        end_ms: indices.iter().map(|&index| rounds[index].end_ms).max().unwrap_or(first.end_ms),
        wins_a: last.wins_a,
        wins_b: last.wins_b,
        ties: last.ties,
        uncounted: last.uncounted,
        agreement: last.agreement,
        confidence: last.confidence,
        members: last.members,
        epochs,
    }
}

/// Tells the rounds of an epoch their session and which team is Axis.
fn mark(indices: &[usize], rounds: &mut [Round], session: i64, teams: &Teams) {
    for (position, &index) in indices.iter().enumerate() {
        let round = &mut rounds[index];
        round.session = session;
        round.axis_team = match teams.half_agreement[position] {
            _ if round.flags.contains("voided") => axis_team_of_members(round, teams),
            ..CLEAR => 0,
            _ => teams.axis_team[position],
        };
        if teams.no_swap.contains(&position) {
            round.flags.insert("no_swap");
        }
    }
}

/// Which team is Axis in a round that tells nothing about the teams, if its players were mostly where they belong.
fn axis_team_of_members(round: &Round, teams: &Teams) -> i8 {
    let (sum, all) = humans(round)
        .filter_map(|player| {
            let member = teams.members.iter().find(|member| member.player == player.player)?;
            Some(i64::from(member.team) * if player.side? == Side::Axis { 1 } else { -1 })
        })
        .fold((0_i64, 0_i64), |(sum, all), one| (sum + one, all + 1));
    let agreement = if all == 0 { 0 } else { (all + sum.abs()) * 500 / all };
    if agreement < CLEAR { 0 } else { sum.signum() as i8 }
}

/// The labels that people decided for those who played the rounds at `indices`, by player.
fn fixed(indices: &[usize], rounds: &[Round], decided: &BTreeMap<&str, TeamSign>) -> Fixed {
    if decided.is_empty() {
        return Fixed::new();
    }
    let players = indices.iter().flat_map(|&index| &rounds[index].players);
    players.filter_map(|player| Some((player.player, *decided.get(player.key.as_str())?))).collect()
}

fn half(round: &Round) -> Half {
    let share = |seconds: Option<i64>| match (seconds, round.duration) {
        (Some(seconds), Some(duration)) if duration > 0 => (seconds * 1000 / duration).clamp(0, 1000),
        (Some(seconds), _) => i64::from(seconds > 0) * 1000,
        (None, _) => 1000,
    };
    Half {
        match_id: round.match_id.unwrap_or(round.id),
        second: round.match_id.is_some() && round.number == RoundNumber::Two,
        appearances: humans(round)
            .filter(|_| !round.flags.contains("voided"))
            .filter_map(|player| {
                let side = if player.side? == Side::Axis { 1 } else { -1 };
                Some(Appearance { player: player.player, side, share: share(player.seconds) })
            })
            .collect(),
    }
}
