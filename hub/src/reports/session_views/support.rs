//! Who revived whom how often.

use slomix_shared::formats::stats::Field;

use crate::domain::leaf::Number;
use crate::domain::metrics::revive_rate;
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::{count, scaled};

/// Everybody by revives.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let mut everybody = numbers.everybody();
    everybody.sort_by_key(|one| std::cmp::Reverse(one.total(Field::RevivesGiven)));
    let names = || everybody.iter().map(|one| one.name);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| one.total(Field::RevivesGiven))
        .map(|(who, revives)| format!("{}: most revives by {who}, {revives}", numbers.report.handle));
    // Hundredths to tenths: one digit is what a phone has room for.
    let rate = |one: &Somebody<'_>| scaled(revive_rate::METRIC.of(&one.sums).map(|value| (value + 5) / 10), 1);
    let tables = vec![
        grid(
            "Revives, per 10 minutes, was revived",
            names(),
            &[
                ("RV", column(|one| count(one.total(Field::RevivesGiven)))),
                ("/10 MIN", everybody.iter().map(rate).collect()),
                ("WAS", column(|one| count(one.total(Field::TimesRevived)))),
            ],
        ),
        grid(
            "Kills, deaths, self kills, full ones",
            names(),
            &[
                ("K", column(|one| one.number(Number::Kills).to_string())),
                ("D", column(|one| one.number(Number::Deaths).to_string())),
                ("SK", column(|one| count(one.total(Field::SelfKills)))),
                ("FSK", column(|one| count(one.total(Field::FullSelfkills)))),
            ],
        ),
    ];
    super::of_everybody(numbers, title, "Support", tables)
}
