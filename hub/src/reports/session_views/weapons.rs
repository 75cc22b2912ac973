//! Which weapons killed: all of them on the first page, then everybody's own.

use std::collections::BTreeMap;

use slomix_shared::game::Weapon;

use crate::domain::leaf::Number;
use crate::domain::metrics::headshot_accuracy::headshot_accuracy;
use crate::domain::metrics::weapon_accuracy::weapon_accuracy;
use crate::reports::answer::{Answer, Sheet, Shown};
use crate::reports::grid::grid;
use crate::reports::plot::{self, Plot, Split};
use crate::reports::post::Table;
use crate::reports::session_numbers::{SessionNumbers, Somebody};
use crate::reports::words::{plural, whole};

/// So many weapons of a player are told.
const WEAPONS: usize = 6;
/// So many players stand on a page.
const PLAYERS: usize = 4;

/// What was done with one weapon.
#[derive(Debug, Clone, Copy, Default)]
struct Done {
    kills: i64,
    hits: i64,
    shots: i64,
    headshots: i64,
}

impl Done {
    fn add(&mut self, other: Self) {
        self.kills += other.kills;
        self.hits += other.hits;
        self.shots += other.shots;
        self.headshots += other.headshots;
    }
}

/// The weapons of everybody together, then of each, the most kills first.
pub(super) fn pages(numbers: &SessionNumbers) -> Answer {
    pages_of(numbers, &numbers.everybody(), &numbers.report.handle)
}

/// The same of everybody in some rounds, which are called `what`.
pub(in crate::reports) fn pages_of(numbers: &SessionNumbers, everybody: &[Somebody<'_>], what: &str) -> Answer {
    let own: Vec<(&Somebody<'_>, BTreeMap<Weapon, Done>)> = everybody.iter().map(|one| (one, of(one))).collect();
    let mut all: BTreeMap<Weapon, Done> = BTreeMap::new();
    for (weapon, done) in own.iter().flat_map(|(_, own)| own) {
        all.entry(*weapon).or_default().add(*done);
    }
    let most = ranked(&all).first().map(|(weapon, done)| (weapon.label(), done.kills));
    let kills: i64 = all.values().map(|done| done.kills).sum();
    let title =
        most.filter(|(_, most)| *most > 0).map(|(weapon, most)| format!("{what}: {weapon} killed {most} of {kills}"));
    let post = |title: Option<String>, tables: Vec<Table>| {
        let title = title.unwrap_or_else(|| format!("Weapons of {what}"));
        super::of_everybody(numbers, Some(title), "Weapons", tables)
    };
    let mut first = post(title, vec![table("All players", &all, all.len()), best(&own, &all)]);
    first
        .notes
        .push("AC: hits per shot in percent; HS: hits to the head per hit, where bullets can hit one".to_owned());
    let split = split(&first.title, numbers, &all, everybody.len());
    let mut sheets = vec![match split {
        Some(plot) => Sheet::with_picture(first, "weapons", plot),
        None => first.into(),
    }];
    for players in own.chunks(PLAYERS) {
        let tables = players
            .iter()
            .map(|(one, own)| table(&format!("{}, {} kills", one.name, one.number(Number::Kills)), own, WEAPONS));
        sheets.push(post(None, tables.collect()).into());
    }
    Answer { sheets, shown: Shown::BySheet, ..Answer::default() }
}

/// What everybody killed with, as a picture; none where nobody killed.
fn split(title: &str, numbers: &SessionNumbers, all: &BTreeMap<Weapon, Done>, players: usize) -> Option<Plot> {
    let ranked = ranked(all);
    let rounds = numbers.report.rounds.iter().filter(|round| super::maps::counts(round)).count();
    let weapon = |(weapon, done): &(Weapon, Done)| plot::Weapon {
        name: weapon.label().to_owned(),
        kills: u32::try_from(done.kills).ok(),
        accuracy: aim(*weapon, *done).map(|tenths| tenths as f64 / 1_000.0),
    };
    (!ranked.is_empty()).then(|| {
        Plot::Split(Split {
            title: title.to_owned(),
            subtitle: format!(
                "Share of all kills; hits per shot of bullets, weapon_accuracy@1. {}, {}",
                plural(players as i64, "player", "players"),
                plural(rounds as i64, "round", "rounds")
            ),
            weapons: ranked.iter().map(weapon).collect(),
        })
    })
}

/// Hits per shot in tenths of a percent; what is laid or thrown by others' hands has hits without shots.
fn aim(weapon: Weapon, done: Done) -> Option<i64> {
    weapon_accuracy(done.hits, done.shots).filter(|_| weapon.has_headshots())
}

fn of(one: &Somebody<'_>) -> BTreeMap<Weapon, Done> {
    let mut own: BTreeMap<Weapon, Done> = BTreeMap::new();
    for line in one.rounds.iter().flat_map(|round| &round.weapons) {
        let done = Done { kills: line.kills, hits: line.hits, shots: line.shots, headshots: line.headshots };
        own.entry(line.weapon).or_default().add(done);
    }
    own
}

/// Those with kills, the most first.
fn ranked(weapons: &BTreeMap<Weapon, Done>) -> Vec<(Weapon, Done)> {
    let mut ranked: Vec<(Weapon, Done)> =
        weapons.iter().filter(|(_, done)| done.kills > 0).map(|(weapon, done)| (*weapon, *done)).collect();
    ranked.sort_by_key(|(_, done)| std::cmp::Reverse(done.kills));
    ranked
}

fn table(heading: &str, weapons: &BTreeMap<Weapon, Done>, most: usize) -> Table {
    let mut ranked = ranked(weapons);
    ranked.truncate(most);
    let head = |weapon: &Weapon, done: &Done| {
        if weapon.has_headshots() { whole(headshot_accuracy(done.headshots, done.hits)) } else { String::new() }
    };
    let shown = |weapon: &Weapon, done: &Done| {
        if weapon.has_headshots() { whole(aim(*weapon, *done)) } else { String::new() }
    };
    grid(
        heading,
        ranked.iter().map(|(weapon, _)| weapon.label()),
        &[
            ("KILLS", ranked.iter().map(|(_, done)| done.kills.to_string()).collect()),
            ("AC", ranked.iter().map(|(weapon, done)| shown(weapon, done)).collect()),
            ("HS", ranked.iter().map(|(weapon, done)| head(weapon, done)).collect()),
        ],
    )
}

/// Who killed most with each weapon.
fn best(own: &[(&Somebody<'_>, BTreeMap<Weapon, Done>)], all: &BTreeMap<Weapon, Done>) -> Table {
    let kills = |weapons: &BTreeMap<Weapon, Done>, weapon: Weapon| weapons.get(&weapon).map_or(0, |done| done.kills);
    let best: Vec<(Weapon, String, i64)> = ranked(all)
        .into_iter()
        .filter_map(|(weapon, _)| {
            let most = own.iter().map(|(_, weapons)| kills(weapons, weapon)).max()?;
            let names: Vec<&str> =
                own.iter().filter(|(_, weapons)| kills(weapons, weapon) == most).map(|(one, _)| one.name).collect();
            let name = match names.as_slice() {
                [one] => crate::reports::columns::cut(one, 12),
                several => format!("{} players", several.len()),
            };
            Some((weapon, name, most))
        })
        .collect();
    grid(
        "Most kills with it",
        best.iter().map(|(weapon, ..)| weapon.label()),
        &[
            ("WHO", best.iter().map(|(_, name, _)| name.clone()).collect()),
            ("KILLS", best.iter().map(|(.., kills)| kills.to_string()).collect()),
        ],
    )
}
