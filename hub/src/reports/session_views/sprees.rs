//! Runs of kills and of deaths: the best of a round, never a sum over rounds.

use slomix_shared::formats::stats::Field;

use crate::domain::leaf::Number;
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::count;

/// Everybody by his longest run of kills.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let mut everybody = numbers.everybody();
    everybody.sort_by_key(|one| {
        (std::cmp::Reverse(one.most(Field::KillingSpree)), std::cmp::Reverse(one.number(Number::Kills)))
    });
    let names = || everybody.iter().map(|one| one.name);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| one.most(Field::KillingSpree))
        .map(|(who, best)| format!("{}: longest spree by {who}, {best} kills", numbers.report.handle));
    let tables = vec![
        grid(
            "Longest run in one round",
            names(),
            &[
                ("KILLS", column(|one| count(one.most(Field::KillingSpree)))),
                ("DEATHS", column(|one| count(one.most(Field::DeathSpree)))),
                ("ALL K", column(|one| one.number(Number::Kills).to_string())),
            ],
        ),
        grid(
            "Kills within 3 seconds each",
            names(),
            &[
                ("2x", column(|one| count(one.total(Field::Multikill2)))),
                ("3x", column(|one| count(one.total(Field::Multikill3)))),
                ("4x", column(|one| count(one.total(Field::Multikill4)))),
                ("5x", column(|one| count(one.total(Field::Multikill5)))),
                ("6x", column(|one| count(one.total(Field::Multikill6)))),
            ],
        ),
    ];
    super::of_everybody(numbers, title, "Sprees", tables)
}
