//! Time played, dead and denied to others.

use slomix_shared::formats::stats::Field;

use super::top::known;
use crate::domain::differential::SECONDS_PER_TENTH;
use crate::domain::leaf::Number;
use crate::domain::metrics::{denied_rate, time_dead_ratio};
use crate::domain::round::PlayerRound;
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::{clock, tenths, whole};

/// A file that tells at least so many more seconds dead than in a team is marked.
const TOO_LONG: i64 = 5;

/// Everybody by time dead.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let mut everybody = numbers.everybody();
    everybody.sort_by_key(|one| std::cmp::Reverse(time_dead_ratio::METRIC.of(&one.sums)));
    let marked: Vec<String> = everybody
        .iter()
        .map(|one| {
            format!("{}{}", if one.rounds.iter().any(|round| too_long_dead(round)) { "!" } else { "" }, one.name)
        })
        .collect();
    let names = || marked.iter().map(String::as_str);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| time_dead_ratio::METRIC.of(&one.sums))
        .map(|(who, share)| format!("{}: longest dead was {who}, {} %", numbers.report.handle, tenths(Some(share))));
    let tables = vec![
        grid(
            "Minutes played, dead, the share",
            names(),
            &[
                ("PLAYED", column(|one| clock(known(one, Number::Seconds)))),
                ("DEAD", column(|one| clock(known(one, Number::DeadSeconds)))),
                ("%", column(|one| whole(time_dead_ratio::METRIC.of(&one.sums)))),
            ],
        ),
        grid(
            "Enemies' minutes denied, per minute",
            names(),
            &[
                ("DENIED", column(|one| clock(one.known(Number::DeniedSeconds, Number::DeniedKnownSeconds)))),
                ("S/MIN", column(|one| one.metric(&denied_rate::METRIC))),
            ],
        ),
    ];
    let sum = |number: Number| everybody.iter().filter_map(|one| known(one, number)).sum::<i64>();
    let (played, dead) = (sum(Number::Seconds), sum(Number::DeadSeconds));
    let mut post = super::of_everybody(numbers, title, "Time", tables);
    if played > 0 {
        let share = time_dead_ratio::time_dead_ratio(dead, played);
        let (played, dead) = (clock(Some(played)), clock(Some(dead)));
        post.notes.push(format!("Together {played} played, {dead} of it dead ({} %).", whole(share)));
    }
    if marked.iter().zip(&everybody).any(|(marked, one)| marked != one.name) {
        post.notes.push("! the file told more time dead than played; no more than that is counted".to_owned());
    }
    post
}

/// Whether a line's file tells more time dead than in a team.
pub(super) fn too_long_dead(round: &PlayerRound) -> bool {
    let told = round.fields.get(Field::TimeDeadMinutes).map(|tenths| tenths * SECONDS_PER_TENTH);
    told.zip(round.seconds).is_some_and(|(dead, seconds)| dead >= seconds + TOO_LONG)
}
