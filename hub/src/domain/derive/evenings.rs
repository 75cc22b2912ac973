//! Sessions of a block, with their teams and score.

use std::collections::BTreeMap;

use slomix_shared::artifact::RoundNumber;
use slomix_shared::game::Side;

use crate::domain::ids::session_id;
use crate::domain::input::Rules;
use crate::domain::map_result::MapResult;
use crate::domain::round::{Epoch, Match, PlayerRound, Round, Session};
use crate::domain::session::{Played, group};
use crate::domain::teams::{self, Appearance, Half, Teams};

/// Below this share of agreement a half does not tell which team is which, and two halves are not of the same
/// teams, in thousandths.
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

/// Attributes the maps of an epoch and adds them up.
fn scored(rounds: &[&Round], matches: &mut [Match], session: i64, teams: Teams) -> Epoch {
    let mut epoch = Epoch {
        rounds: rounds.iter().map(|round| round.id).collect(),
        wins_a: 0,
        wins_b: 0,
        ties: 0,
        uncounted: 0,
        agreement: teams.agreement,
        confidence: teams.confidence,
        members: teams.members,
    };
    for play in matches {
        let of = |wanted: Option<i64>| rounds.iter().find(|round| Some(round.id) == wanted).copied();
        let (first, second) = (of(play.first), of(play.second));
        if first.is_some() || second.is_some() {
            play.session = session;
            attribute(play, first, second);
            count(play, &mut epoch);
        }
    }
    epoch
}

fn count(play: &Match, epoch: &mut Epoch) {
    match (play.counted, play.result, play.winner_team) {
        (false, ..) => epoch.uncounted += 1,
        (true, MapResult::Tie, _) => epoch.ties += 1,
        (true, _, 1) => epoch.wins_a += 1,
        (true, ..) => epoch.wins_b += 1,
    }
}

/// Attributes the result to a team.
fn attribute(play: &mut Match, first: Option<&Round>, second: Option<&Round>) {
    play.winner_team = match play.result {
        MapResult::FirstAttackers => first_attackers(first, second),
        MapResult::SecondAttackers => -first_attackers(first, second),
        _ => 0,
    };
    if play.counted && play.winner_team == 0 && play.result != MapResult::Tie {
        play.counted = false;
        play.uncounted_because = Some("teams_unclear");
    }
}

/// The team that attacked in the first half: told by the first half, else by the second one's defenders.
fn first_attackers(first: Option<&Round>, second: Option<&Round>) -> i8 {
    let team_on = |round: &Round, side: Side| if side == Side::Axis { round.axis_team } else { -round.axis_team };
    let defender = first.and_then(|round| round.defender).or_else(|| second.and_then(|round| round.defender));
    let Some(defender) = defender else { return 0 };
    let by_first = first.map_or(0, |round| team_on(round, defender.other()));
    let by_second = second.map_or(0, |round| team_on(round, defender));
    let kept = first.zip(second).is_none_or(|(first, second)| teams_kept(first, second));
    match (by_first, by_second) {
        // About half the players changed teams in between: nobody can say whose result this is.
        _ if !kept => 0,
        (0, told) | (told, 0) => told,
        (one, other) if one != other => 0,
        (told, _) => told,
    }
}

/// Whether those who played both halves of a map mostly stayed with their team: changed sides with it, or stayed on
/// them with it.
fn teams_kept(first: &Round, second: &Round) -> bool {
    let before: BTreeMap<i64, Option<Side>> = humans(first).map(|player| (player.player, player.side)).collect();
    let swapped = !second.flags.contains("no_swap");
    let (kept, all) = humans(second)
        .filter_map(|player| Some((player.side? != (*before.get(&player.player)?)?) == swapped))
        .fold((0, 0), |(kept, all), stayed| (kept + i64::from(stayed), all + 1));
    kept * 1000 >= all * CLEAR
}

fn humans(round: &Round) -> impl Iterator<Item = &PlayerRound> {
    round.players.iter().filter(|player| player.participant && !player.bot)
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
