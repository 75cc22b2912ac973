//! Kills, deaths, damage.

use crate::domain::leaf::Number;
use crate::domain::metrics::{dpm, kd};
use crate::reports::plot::Order;
use crate::reports::session_numbers::leaders;
use crate::reports::words::{count, hundredths, thousands, whole};

use super::{Evening, Of, Page, cut, known, said};

pub(super) fn page(evening: &Evening<'_>) -> Page {
    let most = leaders(evening.shown, |one| Some(one.number(Number::Kills)));
    let hardest = leaders(evening.shown, |one| dpm::METRIC.of(&one.sums));
    let parts = [
        most.map(|(who, kills)| format!("Most kills: {} ({kills})", cut(&who))),
        hardest.map(|(who, damage)| format!("Most DPM: {} ({})", cut(&who), whole(Some(damage)))),
    ];
    let title = said(parts, "Nobody hit anybody");
    let damage = |value: Option<i64>| value.map_or_else(|| "–".to_owned(), thousands);
    let columns = [
        Of { label: "kills", best: Order::MostFirst, value: |one| Some(one.number(Number::Kills)), text: count },
        Of { label: "deaths", best: Order::Given, value: |one| Some(one.number(Number::Deaths)), text: count },
        Of { label: "K/D", best: Order::MostFirst, value: |one| kd::METRIC.of(&one.sums), text: hundredths },
        Of { label: "given", best: Order::MostFirst, value: |one| known(one, Number::DamageGiven), text: damage },
        Of { label: "received", best: Order::Given, value: |one| known(one, Number::DamageReceived), text: damage },
        Of { label: "DPM", best: Order::MostFirst, value: |one| dpm::METRIC.of(&one.sums), text: whole },
    ];
    let formulas = format!("{}, {}, damage given and received", kd::METRIC.formula_id(), dpm::METRIC.formula_id());
    let plot = evening.columns(&title, &formulas, &columns);
    Page { about: "offence", name: "offence", plot, title, tables: Vec::new(), lines: Vec::new() }
}
