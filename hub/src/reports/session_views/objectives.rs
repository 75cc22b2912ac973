//! Objectives, dynamite, what else was done for the map.

use slomix_shared::formats::stats::Field;

use super::top::known;
use crate::domain::leaf::Number;
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::{clock, count};

/// Everybody by experience.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let mut everybody = numbers.everybody();
    everybody.sort_by_key(|one| std::cmp::Reverse(known(one, Number::Xp)));
    let names = || everybody.iter().map(|one| one.name);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| known(one, Number::Xp))
        .map(|(who, xp)| format!("{}: most experience by {who}, {xp} XP", numbers.report.handle));
    let tables = vec![
        grid(
            "XP, stolen, returned, planted, defused",
            names(),
            &[
                ("XP", column(|one| count(known(one, Number::Xp)))),
                ("STL", column(|one| count(one.total(Field::ObjectivesStolen)))),
                ("RET", column(|one| count(one.total(Field::ObjectivesReturned)))),
                ("PL", column(|one| count(one.total(Field::DynamitesPlanted)))),
                ("DF", column(|one| count(one.total(Field::DynamitesDefused)))),
            ],
        ),
        grid(
            "Built, revived, was revived, gibs, denied",
            names(),
            &[
                ("BLT", column(|one| count(one.total(Field::RepairsConstructions)))),
                ("RV", column(|one| count(one.total(Field::RevivesGiven)))),
                ("WAS", column(|one| count(one.total(Field::TimesRevived)))),
                ("GIB", column(|one| count(known(one, Number::Gibs)))),
                ("DENY", column(|one| clock(one.known(Number::DeniedSeconds, Number::DeniedKnownSeconds)))),
            ],
        ),
    ];
    super::of_everybody(numbers, title, "Objectives", tables)
}
