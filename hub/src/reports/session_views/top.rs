//! Who killed most.

use crate::domain::leaf::Number;
use crate::domain::metrics::{dpm, kd};
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::{count, thousands, whole};

/// Everybody by kills.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let everybody = numbers.everybody();
    let names = || everybody.iter().map(|one| one.name);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| Some(one.number(Number::Kills)))
        .map(|(who, kills)| format!("{}: most kills by {who}, {kills}", numbers.report.handle));
    let tables = vec![
        grid(
            "By kills",
            names(),
            &[
                ("K", column(|one| one.number(Number::Kills).to_string())),
                ("D", column(|one| one.number(Number::Deaths).to_string())),
                ("K/D", column(|one| one.metric(&kd::METRIC))),
                ("DPM", column(|one| whole(dpm::METRIC.of(&one.sums)))),
            ],
        ),
        grid(
            "Damage, kills by headshot, gibs, minutes",
            names(),
            &[
                ("DMG", column(|one| known(one, Number::DamageGiven).map_or_else(|| "–".to_owned(), thousands))),
                ("HSK", column(|one| count(known(one, Number::HeadshotKills)))),
                ("GIB", column(|one| count(known(one, Number::Gibs)))),
                ("MIN", column(|one| count(known(one, Number::Seconds).map(|seconds| (seconds + 30) / 60)))),
            ],
        ),
    ];
    super::of_everybody(numbers, title, "Kills", tables)
}

/// A number that stands in all lines that tell anything behind the weapons.
pub(super) fn known(one: &Somebody<'_>, number: Number) -> Option<i64> {
    one.known(number, Number::KnownRounds)
}
