//! Whose maps they are: results told by halves, turned into results of the session's teams.

use std::collections::BTreeMap;

use slomix_shared::game::Side;

use crate::domain::map_result::MapResult;
use crate::domain::round::{Epoch, Match, PlayerRound, Round};
use crate::domain::teams::Teams;

/// Two halves are of the same teams if at least this share of those who played both kept theirs, in thousandths.
const KEPT: i64 = 600;

/// Attributes the maps of an epoch and adds them up.
pub(super) fn scored(rounds: &[&Round], matches: &mut [Match], session: i64, teams: Teams) -> Epoch {
    let mut epoch = Epoch {
        rounds: rounds.iter().map(|round| round.id).collect(),
        wins_a: 0,
        wins_b: 0,
        ties: 0,
        uncounted: 0,
        agreement: teams.agreement,
        confidence: teams.confidence,
        members: teams.members,
        names: [None, None],
    };
    for play in matches {
        let of = |wanted: Option<i64>| rounds.iter().find(|round| Some(round.id) == wanted).copied();
        // Where a short session gap parts the halves, the map belongs to the evening on which it was decided.
        if of(play.second.or(play.first)).is_some() {
            play.session = session;
            attribute(play, of(play.first), of(play.second));
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
    kept * 1000 >= all * KEPT
}

/// Humans who took part.
pub(super) fn humans(round: &Round) -> impl Iterator<Item = &PlayerRound> {
    round.players.iter().filter(|player| player.participant && !player.bot)
}
