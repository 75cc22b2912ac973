//! A made-up evening of six against six, and the odd cases of it, as pictures are drawn of them.

use crate::reports::plot::{
    Axis, Bar, Bars, Cell, Column, Columns, Half, Line, Lines, Order, Outcome, Pair, Pairs, Panel, Panels, Played,
    Plot, Radar, Reading, Reference, Row, Span, Split, Team, Timeline, Weapon,
};

/// Names as players write them.
const NAMES: [&str; 16] = [
    "kestrel",
    "RedFox",
    "amber",
    "bluelamp",
    "=K= cobalt",
    "Živko čuk",
    "**bold** _i_ ~~s~~",
    "<b>&</b> `x` ||y||",
    "Мак",
    "ＷＩＤＥ",
    "🦊fox",
    "a_name_of_five_and_thirty_characte^",
    "WWWWWWWWWWWWWWWW",
    "iiiiiiii",
    "Ωmega †★",
    "אבx",
];

fn team(at: usize) -> Team {
    if at.is_multiple_of(2) { Team::A } else { Team::B }
}

/// A number that looks like a game's: spread, and the same on every run.
fn spread(at: usize, salt: usize) -> f64 {
    let mixed = (at as u64 * 64 + salt as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    ((mixed >> 33) % 1000) as f64 / 1000.0
}

fn bar(at: usize, value: f64, text: String) -> Bar {
    Bar { name: NAMES[at].to_owned(), team: Some(team(at)), value: Some(value), text, interval: None, note: None }
}

/// Damage per minute of so many players, with the session's pace as reference.
pub(crate) fn dpm(players: usize) -> Bars {
    let rows = (0..players).map(|at| {
        let value = (180.0 + 290.0 * spread(at, 1)).round();
        bar(at, value, format!("{value:.0}"))
    });
    Bars {
        title: "kestrel did the most damage a minute, 89 above the pace".to_owned(),
        subtitle: format!("Damage given per minute played, dpm@2. {players} players, 14 rounds of 9 Nov"),
        order: Order::MostFirst,
        reference: Some(Reference { value: 330.0, label: "pace 330".to_owned() }),
        rows: rows.collect(),
    }
}

/// K/D with intervals, small samples, and somebody who never died.
pub(crate) fn ratio() -> Bars {
    let mut rows: Vec<Bar> = (0..12)
        .map(|at| {
            let value = 0.5 + 1.4 * spread(at, 3);
            let interval = Some((value - 0.3, value + 0.35));
            Bar { interval, team: None, ..bar(at, value, format!("{value:.2}")) }
        })
        .collect();
    rows[4].note = Some("n 3".to_owned());
    rows[9].value = None;
    Bars {
        title: "Five of twelve killed more than they died".to_owned(),
        subtitle: "Kills by deaths, kd@1, with 90% intervals. 12 players, 14 rounds of 9 Nov".to_owned(),
        order: Order::MostFirst,
        reference: Some(Reference { value: 1.0, label: "even 1.0".to_owned() }),
        rows,
    }
}

/// Frag potential with the name of each play style.
pub(crate) fn styles() -> Bars {
    let names = ["Fragger", "Medic", "Tank", "Objective", "Balanced", "Sniper", "Rusher", "Slayer"];
    let rows = (0..12).map(|at| {
        let value = (300.0 + 620.0 * spread(at, 5)).round();
        Bar { note: Some(names[at % 8].to_owned()), ..bar(at, value, format!("{value:.0}")) }
    });
    Bars {
        title: "kestrel leads, and the objective players keep up".to_owned(),
        subtitle:
            "FragPotential: damage per minute alive, frag_potential@1, with the play style. 12 players, 14 rounds"
                .to_owned(),
        order: Order::MostFirst,
        reference: None,
        rows: rows.collect(),
    }
}

/// Differences from a player's own average, some below zero.
pub(crate) fn gains() -> Bars {
    let rows = (0..6).map(|at| {
        let value = (60.0 * spread(at, 9) - 30.0).round();
        Bar { team: None, ..bar(at, value, format!("{value:+.0}%")) }
    });
    Bars {
        title: "amber gains most from this team".to_owned(),
        subtitle: "Damage per minute in these teams against the own average, lineup@1. 6 players, 5 maps".to_owned(),
        order: Order::MostFirst,
        reference: None,
        rows: rows.collect(),
    }
}

/// Damage given and received.
pub(crate) fn damage(players: usize) -> Pairs {
    let rows = (0..players).map(|at| {
        let values = [12_000.0 + 21_000.0 * spread(at, 1), 14_000.0 + 14_000.0 * spread(at, 2)];
        Pair {
            name: NAMES[at].to_owned(),
            team: Some(team(at)),
            values: values.map(Some),
            texts: values.map(|value| format!("{:.1}k", value / 1e3)),
        }
    });
    Pairs {
        title: "Eight of twelve gave more damage than they took".to_owned(),
        subtitle: format!("Damage given and received, damage@1. {players} players, 14 rounds of 9 Nov"),
        labels: ["given".to_owned(), "received".to_owned()],
        rows: rows.collect(),
    }
}

/// Seven numbers of so many players, one of them unknown.
pub(crate) fn table(players: usize) -> Columns {
    let columns = [
        ("FragPot.", Order::MostFirst, 200.0, 500.0, 0),
        ("dmg ratio", Order::MostFirst, 0.6, 0.9, 2),
        ("denied", Order::MostFirst, 4.0, 11.0, 1),
        ("alive %", Order::MostFirst, 55.0, 30.0, 0),
        ("useful", Order::MostFirst, 8.0, 40.0, 0),
        ("self kills", Order::Given, 0.0, 9.0, 0),
        ("full ones", Order::Given, 0.0, 4.0, 0),
    ];
    let rows = (0..players).map(|at| {
        let cell = |(column, (_, _, low, reach, digits)): (usize, (&str, Order, f64, f64, usize))| {
            let value: f64 = low + reach * spread(at, 30 + column);
            let known = !(at == 3 && column == 2);
            Cell { value: known.then_some(value), text: format!("{value:.digits$}") }
        };
        Row {
            name: NAMES[at].to_owned(),
            team: Some(team(at)),
            cells: columns.into_iter().enumerate().map(cell).collect(),
        }
    });
    Columns {
        title: "kestrel hurt most while alive, RedFox kept others out longest".to_owned(),
        subtitle: format!("frag_potential@1, denied_rate@1. {players} players, 14 rounds of 2026-11-09a"),
        teams: ["sWat".to_owned(), "madDogz".to_owned()],
        columns: columns.map(|(label, best, ..)| Column { label: label.to_owned(), best }).into(),
        rows: rows.collect(),
    }
}

/// Two players against the pool.
pub(crate) fn radar(players: usize) -> Radar {
    let axes = [
        ("K/D", "full at 5", [1.42, 0.97, 1.05], 5.0, 2),
        ("Accuracy", "%, full at 50", [31.0, 38.5, 29.0], 50.0, 1),
        ("DPM", "full at 1000", [412.0, 288.0, 305.0], 1000.0, 0),
        ("HS", "% of hits, full at 50", [14.2, 21.0, 12.0], 50.0, 1),
        ("Rounds", "full at 500", [388.0, 120.0, 210.0], 500.0, 0),
    ];
    let axes = axes.into_iter().map(|(label, unit, values, full, digits)| {
        let [first, second, median] =
            values.map(|value: f64| Some(Reading { share: value / full, text: format!("{value:.digits$}") }));
        Axis {
            label: label.to_owned(),
            unit: unit.to_owned(),
            readings: [first, second].into_iter().take(players).collect(),
            median,
        }
    });
    Radar {
        title: "kestrel hits harder, RedFox aims better".to_owned(),
        subtitle: "Five axes from 0 to full, compare@1. 388 and 120 rounds since March; median of 41 players"
            .to_owned(),
        players: [NAMES[0], NAMES[1]].into_iter().take(players).map(str::to_owned).collect(),
        axes: axes.collect(),
    }
}

const MAPS: [&str; 8] =
    ["supply", "radar", "sw_goldrush_te", "etl_adlernest", "bremen_b3", "te_escape2", "karsiah_te2", "frostbite"];

fn gained(at: usize) -> Option<Team> {
    [Some(Team::A), Some(Team::B), None, Some(Team::B), Some(Team::A), Some(Team::B), Some(Team::B)][at % 7]
}

fn score(maps: usize) -> [u32; 2] {
    let mut score = [0, 0];
    for team in (0..=maps).filter_map(gained) {
        score[usize::from(team == Team::B)] += 1;
    }
    score
}

/// Damage per minute by round.
pub(crate) fn rounds(players: usize, maps: usize) -> Lines {
    let spans = (0..maps).map(|at| Span {
        name: MAPS[at % 8].to_owned(),
        points: vec!["R1".to_owned(), "R2".to_owned()],
        gained: gained(at),
        score: Some(score(at)),
    });
    let lines = (0..players).map(|player| {
        let values = (0..maps * 2).map(|round| {
            let absent = player == 2 && (4..6).contains(&round) || player == 5 && round > 9;
            (!absent).then(|| 180.0 + 160.0 * spread(player, 1) + 190.0 * spread(round, player + 20))
        });
        Line { name: NAMES[player].to_owned(), values: values.collect() }
    });
    Lines {
        title: "Team B pulled away on etl_adlernest".to_owned(),
        subtitle: format!("Damage per minute by round, dpm@2. {players} players, {} rounds of 9 Nov", maps * 2),
        unit: "DPM".to_owned(),
        spans: spans.collect(),
        reference: None,
        series: lines.collect(),
    }
}

/// One player's evenings.
pub(crate) fn career() -> Lines {
    let days = (0..18).map(|at| Span {
        name: format!("{} {}", 1 + (at * 9) % 28, ["Jul", "Aug", "Sep", "Oct", "Nov"][at / 4]),
        points: vec![String::new()],
        gained: None,
        score: None,
    });
    let values = (0..18).map(|at| (at != 7).then(|| 240.0 + 5.0 * at as f64 + 60.0 * spread(at, 4))).collect();
    Lines {
        title: "kestrel is rising: 40% more than in July".to_owned(),
        subtitle: "Damage per minute by session, dpm@2. 17 sessions, 214 rounds".to_owned(),
        unit: "DPM".to_owned(),
        spans: days.collect(),
        reference: Some(Reference { value: 305.0, label: "median of the pool".to_owned() }),
        series: vec![Line { name: NAMES[0].to_owned(), values }],
    }
}

/// The maps of the evening.
pub(crate) fn evening(maps: usize) -> Timeline {
    let maps = (0..maps).map(|at| {
        let attacker = if at.is_multiple_of(2) { Team::A } else { Team::B };
        let defender = if attacker == Team::A { Team::B } else { Team::A };
        let first = 300 + (420.0 * spread(at, 6)) as u32;
        let half = |attacker, outcome, seconds, limit| {
            Some(Half { attacker: Some(attacker), outcome, seconds, limit: Some(limit) })
        };
        let halves = match at % 4 {
            0 => [half(attacker, Outcome::Set, Some(first), 720), half(defender, Outcome::Held, Some(first), first)],
            1 => {
                [half(attacker, Outcome::Set, Some(first), 900), half(defender, Outcome::Set, Some(first - 95), first)]
            }
            2 => [half(attacker, Outcome::Held, Some(720), 720), half(defender, Outcome::Held, Some(720), 720)],
            _ => [half(attacker, Outcome::Unknown, None, 720), None],
        };
        let counted = at % 4 != 3;
        Played {
            map: MAPS[at % 8].to_owned(),
            halves,
            gained: gained(at).filter(|_| counted),
            score: counted.then(|| score(at)),
        }
    });
    Timeline {
        title: "Team B took the evening 4–2 after losing supply".to_owned(),
        subtitle: "How long each attack took, stopwatch@1. Maps of 9 Nov in order, score after each".to_owned(),
        teams: ["Team A".to_owned(), "Team B".to_owned()],
        maps: maps.collect(),
    }
}

/// Weapons of somebody.
pub(crate) fn weapons(count: usize) -> Split {
    let names = [
        "MP40",
        "Thompson",
        "Grenade",
        "Panzerfaust",
        "Luger",
        "Colt",
        "Knife",
        "K43 scoped",
        "Artillery",
        "Airstrike",
        "Dynamite",
        "Mortar",
        "Landmine",
        "Satchel",
    ];
    let weapons = (0..count).map(|at| Weapon {
        name: names[at].to_owned(),
        kills: Some(240 / (1 + at as u32 * at as u32)),
        accuracy: matches!(at, 0 | 1 | 4 | 5 | 7).then(|| 0.24 + 0.2 * spread(at, 8)),
    });
    Split {
        title: "kestrel kills with the MP40: every other kill".to_owned(),
        subtitle: "Share of kills and hits by shots, weapons@1. 388 rounds since March".to_owned(),
        weapons: weapons.collect(),
    }
}

fn small(title: &str, bars: Bars, reference: Option<f64>) -> Panel {
    let reference = reference.map(|value| Reference { value, label: format!("{value}") });
    Panel::Bars(Bars { title: title.to_owned(), reference, ..bars })
}

fn pair(title: &str, labels: [&str; 2], pairs: Pairs) -> Panel {
    Panel::Pairs(Pairs { title: title.to_owned(), labels: labels.map(str::to_owned), ..pairs })
}

/// Four panels about attacking.
pub(crate) fn offence() -> Panels {
    Panels {
        title: "kestrel led the attack, Živko čuk the duels".to_owned(),
        subtitle: "kills@1, damage@1, kd@1, dpm@2. 12 players, 14 rounds of 9 Nov; the best of each".to_owned(),
        parts: vec![
            pair("Kills and deaths", ["kills", "deaths"], damage(12)),
            pair("Damage", ["given", "received"], damage(12)),
            small("K/D", ratio(), Some(1.0)),
            small("Damage per minute", dpm(12), None),
        ],
    }
}

/// Six panels.
pub(crate) fn advanced() -> Panels {
    Panels {
        title: "Who was worth most beyond the frags".to_owned(),
        subtitle: "frag_potential@1, efficiency@1, denied@1, survival@1, useful@1. 12 players, 14 rounds".to_owned(),
        parts: vec![
            small("FragPotential", styles(), None),
            small("Damage efficiency", ratio(), Some(1.0)),
            small("Time denied %", dpm(12), None),
            small("Survival %", dpm(12), Some(300.0)),
            small("Useful kills", dpm(12), None),
            pair("Self-kills", ["self", "full"], damage(12)),
        ],
    }
}

/// Every kind of picture with the name of its file.
pub(crate) fn all() -> Vec<(&'static str, Plot)> {
    vec![
        ("radar", Plot::Radar(radar(2))),
        ("radar-one", Plot::Radar(radar(1))),
        ("bars", Plot::Bars(dpm(12))),
        ("bars-one", Plot::Bars(dpm(1))),
        ("bars-two", Plot::Bars(dpm(2))),
        ("bars-sixteen", Plot::Bars(dpm(16))),
        ("bars-intervals", Plot::Bars(ratio())),
        ("bars-styles", Plot::Bars(styles())),
        ("bars-gains", Plot::Bars(gains())),
        ("pairs", Plot::Pairs(damage(12))),
        ("pairs-one", Plot::Pairs(damage(1))),
        ("pairs-sixteen", Plot::Pairs(damage(16))),
        ("columns", Plot::Columns(table(12))),
        ("columns-one", Plot::Columns(table(1))),
        ("columns-sixteen", Plot::Columns(table(16))),
        ("lines", Plot::Lines(rounds(12, 7))),
        ("lines-one-round", Plot::Lines(rounds(2, 1))),
        ("lines-sixteen-maps", Plot::Lines(rounds(4, 16))),
        ("lines-career", Plot::Lines(career())),
        ("timeline", Plot::Timeline(evening(7))),
        ("timeline-one", Plot::Timeline(evening(1))),
        ("timeline-long", Plot::Timeline(evening(18))),
        ("split", Plot::Split(weapons(14))),
        ("split-one", Plot::Split(weapons(1))),
        ("panels-offence", Plot::Panels(offence())),
        ("panels-advanced", Plot::Panels(advanced())),
        ("empty", Plot::Lines(rounds(0, 0))),
    ]
}
