//! Sessions of a block, with their teams.

use slomix_shared::artifact::RoundNumber;
use slomix_shared::game::Side;

use crate::domain::ids::session_id;
use crate::domain::input::Rules;
use crate::domain::round::{Epoch, Match, Round, Session};
use crate::domain::session::{Played, group};
use crate::domain::teams::{self, Appearance, Half, Teams};

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
    let (id, first_round) = (session_id(&rules.server, rounds[indices[0]].stamp, rounds[indices[0]].id), indices[0]);
    let epochs: Vec<Epoch> = teams::epochs(&halves)
        .into_iter()
        .map(|epoch| {
            let indices = &indices[epoch.halves];
            mark(indices, rounds, id, &epoch.teams);
            let rounds: Vec<&Round> = indices.iter().map(|&index| &rounds[index]).collect();
            scored(&rounds, matches, id, epoch.teams)
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
        round.axis_team = if teams.half_agreement[position] < CLEAR { 0 } else { teams.axis_team[position] };
        if teams.no_swap.contains(&position) {
            round.flags.insert("no_swap");
        }
    }
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
            .filter_map(|player| {
                let side = if player.side? == Side::Axis { 1 } else { -1 };
                Some(Appearance { player: player.player, side, share: share(player.seconds) })
            })
            .collect(),
    }
}
