//! Revives, time alive and dead, gibs, heads.

use crate::domain::leaf::Number;
use crate::reports::plot::Order;
use crate::reports::session_numbers::{Somebody, leaders};
use crate::reports::words::{clock, count};

use super::{Evening, Of, Page, cut, known, said};

pub(super) fn page(evening: &Evening<'_>) -> Page {
    let parts = [
        leaders(evening.shown, revives).map(|(who, count)| format!("Most revives: {} ({count})", cut(&who))),
        leaders(evening.shown, |one| known(one, Number::Gibs))
            .map(|(who, count)| format!("Most gibs: {} ({count})", cut(&who))),
    ];
    let title = said(parts, "Nobody was revived or gibbed");
    let columns = [
        Of { label: "revives", best: Order::MostFirst, value: revives, text: count },
        Of { label: "revived", best: Order::Given, value: |one| known(one, Number::TimesRevived), text: count },
        Of { label: "alive", best: Order::MostFirst, value: alive, text: clock },
        Of { label: "dead", best: Order::Given, value: |one| known(one, Number::DeadSeconds), text: clock },
        Of { label: "gibs", best: Order::MostFirst, value: |one| known(one, Number::Gibs), text: count },
        Of {
            label: "head hits",
            best: Order::MostFirst,
            value: |one| Some(one.number(Number::Headshots)),
            text: count,
        },
    ];
    let plot = evening.columns(&title, "Minutes alive, and waiting dead. Hits to the head with bullets", &columns);
    Page { about: "defence", name: "defence", plot, title, tables: Vec::new(), lines: Vec::new() }
}

fn revives(one: &Somebody<'_>) -> Option<i64> {
    one.known(Number::RevivesGiven, Number::RevivesKnownSeconds)
}

fn alive(one: &Somebody<'_>) -> Option<i64> {
    Some(known(one, Number::Seconds)? - known(one, Number::DeadSeconds)?)
}
