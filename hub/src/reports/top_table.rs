//! The best of some rounds in one short table, whatever team they were in.

use std::cmp::Reverse;

use crate::domain::leaf::Number;
use crate::domain::metrics::{accuracy, dpm};

use super::grid::grid;
use super::post::Table;
use super::session_numbers::Somebody;
use super::words::{count, whole};

/// Whoever played less than one part in so many of what the longest player did is no measure.
const LEAST_PART: i64 = 3;

/// At most `most` players, the most damage per minute first; none where nobody's numbers count.
pub(super) fn top(heading: &str, everybody: &[Somebody<'_>], most: usize) -> Option<Table> {
    let seconds = |one: &Somebody<'_>| one.number(Number::Seconds);
    let longest = everybody.iter().map(seconds).max()?;
    let mut best: Vec<&Somebody<'_>> = everybody.iter().filter(|one| seconds(one) * LEAST_PART >= longest).collect();
    best.sort_by_key(|one| (Reverse(dpm::METRIC.of(&one.sums)), Reverse(one.number(Number::Kills)), one.player));
    best.truncate(most);
    let column = |text: fn(&Somebody<'_>) -> String| best.iter().map(|one| text(one)).collect::<Vec<_>>();
    let team = |one: &Somebody<'_>| match one.team {
        1 => "A".to_owned(),
        -1 => "B".to_owned(),
        _ => "–".to_owned(),
    };
    Some(grid(
        heading,
        best.iter().map(|one| one.name),
        &[
            ("T", column(team)),
            ("K", column(|one| one.number(Number::Kills).to_string())),
            ("D", column(|one| one.number(Number::Deaths).to_string())),
            ("DPM", column(|one| whole(dpm::METRIC.of(&one.sums)))),
            ("AC", column(|one| whole(accuracy::METRIC.of(&one.sums)))),
            ("RV", column(|one| count(one.known(Number::RevivesGiven, Number::RevivesKnownSeconds)))),
        ],
    ))
}
