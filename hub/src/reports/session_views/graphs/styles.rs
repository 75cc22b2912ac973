//! What everybody is most like.

use crate::domain::leaf::Sums;
use crate::domain::metrics::frag_potential;
use crate::domain::play_style::{self, Style};
use crate::reports::plot::{Bar, Bars, Order, Plot};
use crate::reports::words::{plural, whole};

use super::{Evening, Page};

pub(super) fn page(evening: &Evening<'_>) -> Page {
    // Whoever is not shown tells what is usual, too.
    let everybody = evening.numbers.everybody();
    let sums: Vec<Sums> = everybody.iter().map(|one| one.sums).collect();
    let styles = play_style::styles(&sums);
    let of = |player: i64| everybody.iter().position(|one| one.player == player).and_then(|at| styles[at]);
    let rows = evening.shown.iter().map(|one| {
        let value = frag_potential::METRIC.of(&one.sums);
        Bar {
            name: one.name.to_owned(),
            team: None,
            value: value.map(|value| value as f64 / 10.0),
            text: whole(value),
            interval: None,
            note: Some(of(one.player).map_or("too little play", Style::name).to_owned()),
        }
    });
    let count = |style: Style| styles.iter().filter(|one| **one == Some(style)).count() as i64;
    let told = styles.iter().flatten().count();
    let title = if told == 0 {
        "Too little play to tell who is what".to_owned()
    } else {
        let of = |style: Style, one: &'static str, many: &'static str| match count(style) {
            0 => None,
            several => Some(plural(several, one, many)),
        };
        let all: Vec<String> = [
            of(Style::Fragger, "fragger", "fraggers"),
            of(Style::Rusher, "rusher", "rushers"),
            of(Style::Medic, "medic", "medics"),
            of(Style::Sniper, "sniper", "snipers"),
            of(Style::Objective, "objective player", "objective players"),
            of(Style::Tank, "tank", "tanks"),
        ]
        .into_iter()
        .flatten()
        .collect();
        if all.is_empty() { "Nobody plays a style of his own".to_owned() } else { all.join(", ") }
    };
    let plot = Plot::Bars(Bars {
        title: title.clone(),
        subtitle: format!(
            "Damage a minute alive ({}) with the style (play_style@1). {}",
            frag_potential::METRIC.formula_id(),
            evening.sample()
        ),
        order: Order::MostFirst,
        reference: None,
        rows: rows.collect(),
    });
    let lines = vec![
        "A style is what somebody did clearly more of, by time, than the others of the evening: fragger damage and K/D, \
         rusher damage and deaths, medic revives, sniper heads and few deaths, objective dynamites and documents, tank \
         takes more than he gives and lives."
            .to_owned(),
    ];
    Page { about: "play styles", name: "styles", plot, title, tables: Vec::new(), lines }
}
