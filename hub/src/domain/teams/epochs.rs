//! Shuffles: where one pair of teams ends and another begins.
//!
//! Every boundary between two maps is tried as a cut. A cut is good if the two parts, each with teams of its own, agree
//! with much more play than the whole does under one pair of teams, and if several players changed teams there: a
//! single one is a mercenary, not a shuffle.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::decided::settle;
use super::{Fixed, Half, Teams, detect, labelled};

/// A cut must win at least this much agreement, in thousandths of a player's half.
const LEAST_GAIN: i64 = 2000;
/// And at least this share of the smaller part's play, in hundredths.
const LEAST_GAIN_PERCENT: i64 = 15;
/// At least so many players changed teams, as seen from the rest, and at least so many stayed.
const LEAST_CHANGED: usize = 2;

/// One pair of teams and the halves that they played.
#[derive(Debug, Clone)]
pub struct Epoch {
    /// Which of the session's halves.
    pub halves: Range<usize>,
    /// The teams in them. Team A is Axis in the session's first half; after a shuffle it is the team that shares more
    /// play with the team A before.
    pub teams: Teams,
}

/// Cuts a session into its epochs, one for each pair of teams; most sessions have one. `halves` must be in order of
/// time. Where to cut the halves alone tell; players of `fixed` are in their team in every epoch.
pub fn epochs(halves: &[Half], fixed: &Fixed) -> Vec<Epoch> {
    let mut ranges = Vec::new();
    split(halves, 0, &mut ranges);
    let mut epochs: Vec<Epoch> = Vec::new();
    for range in ranges {
        let mut teams = detect(&halves[range.clone()]);
        if let Some(before) = epochs.last() {
            follow(&before.teams, &mut teams);
        }
        epochs.push(Epoch { halves: range, teams });
    }
    if !fixed.is_empty() {
        for epoch in &mut epochs {
            epoch.teams = settle(&halves[epoch.halves.clone()], epoch.teams.clone(), fixed);
        }
    }
    epochs
}

fn split(halves: &[Half], offset: usize, ranges: &mut Vec<Range<usize>>) {
    match best_cut(halves) {
        Some(at) => {
            split(&halves[..at], offset, ranges);
            split(&halves[at..], offset + at, ranges);
        }
        None => ranges.push(offset..offset + halves.len()),
    }
}

/// The boundary where a cut wins most, if it wins enough. The earliest wins ties.
fn best_cut(halves: &[Half]) -> Option<usize> {
    let whole = labelled(halves).solved.agreement;
    let cuts = (1..halves.len()).filter(|&at| is_boundary(halves, at));
    let gains = cuts.filter_map(|at| {
        let (before, after) = (labelled(&halves[..at]), labelled(&halves[at..]));
        let gain = before.solved.agreement + after.solved.agreement - whole;
        let least = LEAST_GAIN.max(play(&before.halves).min(play(&after.halves)) * LEAST_GAIN_PERCENT / 100);
        (gain >= least && is_shuffle(&before.solved.labels, &after.solved.labels)).then_some((gain, at))
    });
    gains.max_by_key(|&(gain, at)| (gain, std::cmp::Reverse(at))).map(|(_, at)| at)
}

/// Whether no map has halves on both sides, and there is a complete map on each.
fn is_boundary(halves: &[Half], at: usize) -> bool {
    let maps = |part: &[Half]| part.iter().map(|half| half.match_id).collect::<BTreeSet<i64>>();
    let complete = |part: &[Half]| {
        part.iter()
            .any(|second| second.second && part.iter().any(|half| half.match_id == second.match_id && !half.second))
    };
    let (before, after) = halves.split_at(at);
    complete(before) && complete(after) && maps(before).is_disjoint(&maps(after))
}

fn is_shuffle(before: &BTreeMap<i64, i8>, after: &BTreeMap<i64, i8>) -> bool {
    let shared = before.iter().filter_map(|(player, old)| Some((old, after.get(player)?)));
    let (same, other) =
        shared.fold((0, 0), |(same, other), (old, new)| if old == new { (same + 1, other) } else { (same, other + 1) });
    // Labels mean nothing across the cut: the smaller group are those who changed.
    same.min(other) >= LEAST_CHANGED
}

fn play(halves: &[Half]) -> i64 {
    halves.iter().flat_map(|half| &half.appearances).map(|one| one.share).sum()
}

/// Turns the labels so that team A goes on with as many of its players as can be.
fn follow(before: &Teams, teams: &mut Teams) {
    let old: BTreeMap<i64, i64> =
        before.members.iter().map(|member| (member.player, i64::from(member.team) * member.halves)).collect();
    let kept: i64 = teams
        .members
        .iter()
        .filter_map(|member| Some(old.get(&member.player)? * i64::from(member.team) * member.halves))
        .sum();
    if kept < 0 {
        teams.axis_team.iter_mut().for_each(|sign| *sign = -*sign);
        teams.members.iter_mut().for_each(|member| member.team = -member.team);
    }
}
