//! A map as a post: who won and with which times, how it stands, who did most over both halves.

use std::collections::BTreeMap;

use crate::domain::leaf::Number;
use crate::domain::metrics::accuracy;
use crate::store::read::{AwardRow, MapPlayRow, RoundRow};

use super::awards::of_a_map;
use super::post::{Accent, Post};
use super::session::EpochReport;
use super::session_numbers::{SessionNumbers, Somebody};
use super::session_views::score::after;
use super::top_table::top;
use super::words::{clock, plural, thousands, whole};

/// So many players are named.
const MOST: usize = 5;

/// The post of the map that ended with the half `second`.
pub fn post(numbers: &SessionNumbers, second: &RoundRow, awards: &BTreeMap<i64, Vec<AwardRow>>) -> Post {
    let report = &numbers.report;
    let of_map = |epoch: &EpochReport| {
        let play = epoch.plays.iter().find(|play| play.second_half == Some(second.id));
        play.map(|play| (epoch.clone(), play.clone()))
    };
    let Some((epoch, play)) = report.epochs.iter().find_map(of_map) else {
        return no_map(second, &report.handle);
    };
    let everybody = numbers.in_play(&play);
    let mut notes = of_a_map(awards.get(&second.id).map_or(&[], Vec::as_slice), play.id, 2);
    notes.extend(totals(&everybody));
    Post {
        title: format!("{}: {}", name(numbers, &play), result(numbers, &epoch, &play)),
        accent: match (play.counted, play.winner_team) {
            (true, 1) => Accent::TeamA,
            (true, -1) => Accent::TeamB,
            _ => Accent::Neutral,
        },
        lines: story(numbers, &epoch, &play),
        tables: top("Most damage over both halves", &everybody, MOST).into_iter().collect(),
        notes,
        footer: format!("{} · map {}", report.handle, place(numbers, &play)),
        timestamp_ms: Some(second.end_ms),
    }
}

/// What stands in place of a map whose second half turned out to be none.
fn no_map(second: &RoundRow, handle: &str) -> Post {
    Post {
        title: format!("{}: this map is no more", second.map),
        accent: Accent::Trouble,
        lines: vec!["Its halves turned out to belong to no map, or to another one.".to_owned()],
        tables: Vec::new(),
        notes: Vec::new(),
        footer: handle.to_owned(),
        timestamp_ms: Some(second.end_ms),
    }
}

/// The map's name, numbered where it was played before that evening.
fn name(numbers: &SessionNumbers, play: &MapPlayRow) -> String {
    let plays = numbers.report.epochs.iter().flat_map(|epoch| &epoch.plays);
    let times = plays.filter(|other| other.map == play.map && other.stamp <= play.stamp).count();
    if times > 1 { format!("{} (#{times})", play.map) } else { play.map.clone() }
}

fn place(numbers: &SessionNumbers, play: &MapPlayRow) -> usize {
    let plays = numbers.report.epochs.iter().flat_map(|epoch| &epoch.plays);
    plays.filter(|other| other.stamp <= play.stamp).count()
}

/// Who won, and with which times.
fn result(numbers: &SessionNumbers, epoch: &EpochReport, play: &MapPlayRow) -> String {
    let [first, second] = [play.first_half, play.second_half].map(|half| numbers.report.round(half));
    if !play.counted {
        return "does not count".to_owned();
    }
    let made = |round: Option<&RoundRow>| {
        let round = round.filter(|round| round.outcome == "completed")?;
        round.made_in().map(|seconds| clock(Some(seconds)))
    };
    let who = match (play.winner_team, play.result.as_str()) {
        (_, "tie") => return "double full hold, 1-1".to_owned(),
        (0, "first") => "whoever attacked first",
        (0, _) => "whoever attacked second",
        (team, _) => epoch.name(team),
    };
    match (made(first), made(second)) {
        (Some(first), Some(second)) => format!("{who} wins, {second} against {first}"),
        (Some(first), None) => format!("{who} wins, {first} and held"),
        (None, Some(second)) => format!("{who} wins in {second}"),
        (None, None) => format!("{who} wins"),
    }
}

fn story(numbers: &SessionNumbers, epoch: &EpochReport, play: &MapPlayRow) -> Vec<String> {
    let report = &numbers.report;
    let [first, second] = [play.first_half, play.second_half].map(|half| report.round(half));
    let mut lines = vec![
        first.map_or_else(|| "R1: missing".to_owned(), |round| half(epoch, round)),
        second.map_or_else(|| "R2: missing".to_owned(), |round| half(epoch, round)),
    ];
    if play.inferred {
        lines.push("Told from the second half alone.".to_owned());
    }
    if first.is_none() {
        lines.push("Nobody's numbers can be split into halves; the second half's post has the totals.".to_owned());
    }
    lines.extend(report.unscored(play).map(|why| format!("Does not count: {why}.")));
    let earlier = epoch.plays.iter().filter(|other| other.stamp <= play.stamp);
    let (a, b) = earlier.fold((0, 0), after);
    lines.push(format!("Score: {} {a} - {b} {}", epoch.name(1), epoch.name(-1)));
    lines
}

/// What one half was: who attacked, and how it ended.
fn half(epoch: &EpochReport, round: &RoundRow) -> String {
    let attackers = round.attackers();
    let doer = |team: i64, deed: String| {
        if team == 0 { deed } else { format!("{} {deed}", epoch.name(team)) }
    };
    let gave_up = round.surrendered.map(|side| if side == 1 { round.axis_team } else { -round.axis_team });
    let deed = match (round.outcome.as_str(), gave_up) {
        (_, Some(team)) if team != 0 => doer(team, format!("gave up at {}", clock(round.duration))),
        ("completed", _) => doer(attackers, format!("made it in {}", clock(round.made_in()))),
        ("held", _) => doer(-attackers, format!("held {}", clock(round.duration.or(round.clock)))),
        _ => "nobody knows how it ended".to_owned(),
    };
    format!("R{}: {deed}", round.half())
}

/// What everybody did together.
fn totals(everybody: &[Somebody<'_>]) -> Option<String> {
    let sum = |number: Number| everybody.iter().map(|one| one.number(number)).sum::<i64>();
    let mut sums = everybody.first()?.sums;
    for one in &everybody[1..] {
        for (all, own) in sums.iter_mut().zip(one.sums) {
            *all += own;
        }
    }
    Some(format!(
        "{}, {} kills, {} damage, {} headshots, {} % of bullets hit",
        plural(everybody.len() as i64, "player", "players"),
        sum(Number::Kills),
        thousands(sum(Number::DamageGiven)),
        sum(Number::Headshots),
        whole(accuracy::METRIC.of(&sums)),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{award, shown, two_maps};

    fn told(numbers: &SessionNumbers, second: usize) -> String {
        let awards = BTreeMap::from([(
            2,
            vec![
                award("damage_given", "match", "bob", "5210", 9_000),
                award("killing_spree", "round", "ann", "9", 9_000),
            ],
        )]);
        shown(&post(numbers, &numbers.report.rounds[second], &awards))
    }

    #[test]
    fn a_map_tells_who_won_and_who_did_most() {
        let won = two_maps();
        let mut beaten = two_maps();
        let rounds = &mut beaten.report.rounds;
        (rounds[1].outcome, rounds[1].set_time, rounds[1].winner) = ("completed".to_owned(), Some(431), Some(2));
        let play = &mut beaten.report.epochs[0].plays[0];
        (play.result, play.winner_team) = ("second".to_owned(), -1);
        beaten.report.epochs[0].names = [Some("Night Shift".to_owned()), None];
        let mut gave_up = two_maps();
        let rounds = &mut gave_up.report.rounds;
        (rounds[1].surrendered, rounds[1].duration) = (Some(2), Some(250));
        let mut lone = two_maps();
        let play = &mut lone.report.epochs[0].plays[0];
        (play.first_half, play.inferred) = (None, true);
        lone.report.rounds.remove(0);
        for line in &mut lone.lines {
            line.counted = line.counted && line.round > 2;
        }
        let mut unfair = two_maps();
        let play = &mut unfair.report.epochs[0].plays[1];
        (play.counted, play.uncounted) = (false, "voided".to_owned());
        let told =
            [told(&won, 1), told(&won, 3), told(&beaten, 1), told(&gave_up, 1), told(&lone, 0), told(&unfair, 3)];
        insta::assert_snapshot!(told.join("\n====\n"));
    }

    #[test]
    fn a_second_half_of_no_map_says_so() {
        let mut numbers = two_maps();
        numbers.report.epochs[0].plays.clear();
        assert!(told(&numbers, 1).starts_with("# supply: this map is no more"));
    }
}
