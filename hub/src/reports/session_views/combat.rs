//! Damage, gibs, deaths without an enemy.

use slomix_shared::formats::stats::Field;

use super::top::known;
use crate::domain::leaf::Number;
use crate::domain::metrics::{damage_efficiency, dpm, kd};
use crate::reports::grid::grid;
use crate::reports::post::Post;
use crate::reports::session_numbers::{SessionNumbers, Somebody, leaders};
use crate::reports::words::{count, thousands, whole};

/// Everybody by damage per minute.
pub(super) fn post(numbers: &SessionNumbers) -> Post {
    let mut everybody = numbers.everybody();
    everybody.sort_by_key(|one| std::cmp::Reverse(dpm::METRIC.of(&one.sums)));
    let names = || everybody.iter().map(|one| one.name);
    let column = |text: fn(&Somebody<'_>) -> String| everybody.iter().map(text).collect::<Vec<_>>();
    let damage = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), thousands);
    let column_of = |number: Number| everybody.iter().map(|one| damage(known(one, number))).collect::<Vec<_>>();
    let title = leaders(&everybody, |one| dpm::METRIC.of(&one.sums)).map(|(who, tenths)| {
        format!("{}: most damage by {who}, {} a minute", numbers.report.handle, whole(Some(tenths)))
    });
    let tables = vec![
        grid(
            "By damage per minute",
            names(),
            &[
                ("DPM", column(|one| whole(dpm::METRIC.of(&one.sums)))),
                ("K", column(|one| one.number(Number::Kills).to_string())),
                ("D", column(|one| one.number(Number::Deaths).to_string())),
                ("K/D", column(|one| one.metric(&kd::METRIC))),
            ],
        ),
        grid(
            "Damage given, received, the ratio",
            names(),
            &[
                ("GIVEN", column_of(Number::DamageGiven)),
                ("RECVD", column_of(Number::DamageReceived)),
                ("RATIO", column(|one| one.metric(&damage_efficiency::METRIC))),
            ],
        ),
        grid(
            "Gibs, headshots, self kills, full ones",
            names(),
            &[
                ("GIB", column(|one| count(known(one, Number::Gibs)))),
                ("HSK", column(|one| count(known(one, Number::HeadshotKills)))),
                ("SK", column(|one| count(known(one, Number::SelfKills)))),
                ("FSK", column(|one| count(one.total(Field::FullSelfkills)))),
            ],
        ),
    ];
    super::of_everybody(numbers, title, "Combat", tables)
}
