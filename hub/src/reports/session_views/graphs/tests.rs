use slomix_shared::formats::stats::Field;

use super::*;
use crate::charts::tests::look;
use crate::domain::round::CountsFor;
use crate::reports::sample::{evening, line, play, round, shown};
use crate::store::read::{LineRow, MapPlayRow, RoundRow};

const NAMES: [&str; 18] = [
    "kestrel",
    "RedFox",
    "=K= cobalt",
    "a_name_of_five_and_thirty_characte^",
    "日本語の名前です長い",
    "bluelamp",
    "**bold** _i_ ~~s~~",
    "WWWWWWWWWWWWWWWW",
    "<b>&</b> `x`",
    "amber",
    "ida",
    "Živko čuk",
    "Мак",
    "🦊fox",
    "iiii",
    "†Ωmega†",
    "late",
    "later",
];

/// A number that looks like a game's, the same on every run.
fn spread(a: i64, b: i64) -> i64 {
    let mixed = (a * 64 + b + 1).cast_unsigned().wrapping_mul(0x9E37_79B9_7F4A_7C15);
    ((mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9) >> 33).cast_signed() % 100
}

/// So many players over so many maps; the third came late, and the file of the first half tells nothing of the fourth.
fn night(players: usize, maps: i64) -> SessionNumbers {
    let names = ["supply", "radar", "sw_goldrush_te", "etl_adlernest", "bremen_b3", "te_escape2", "frostbite"];
    let (mut rounds, mut plays, mut lines) = (Vec::new(), Vec::new(), Vec::new());
    let mut wins = (0, 0, 0);
    for map in 0..maps {
        let name = names[map as usize % names.len()];
        let (first, second) = (map * 2 + 1, map * 2 + 2);
        for (id, number) in [(first, 1), (second, 2)] {
            let made = spread(id, 9) > 40;
            let outcome = if made { "completed" } else { "held" };
            let set_time = made.then(|| 240 + 4 * spread(id, 5));
            let own = round(id, name, number);
            rounds.push(RoundRow { map_play: Some(map), outcome: outcome.to_owned(), set_time, ..own });
            for player in 0..players as i64 {
                if player == 2 && id < 4 {
                    continue;
                }
                let kills = 4 + (spread(player, 1) + spread(id * 20 + player, 2)) / 8;
                let mut row = line(id, player + 1, NAMES[player as usize], kills);
                row.team = if player % 2 == 0 { 1 } else { -1 };
                row.numbers.fields.set(Field::DamageReceived, Some(1_500 + 30 * spread(player, id)));
                row.numbers.fields.set(Field::RevivesGiven, Some(spread(player, 40) / 20));
                row.numbers.fields.set(Field::TimeDeadMinutes, Some(10 + spread(player, 50) / 3));
                if player == 3 {
                    row.numbers.seconds = None;
                }
                lines.push(row);
            }
        }
        let winner_team = [1, -1, 0][spread(map, 3) as usize % 3];
        let counted = map != 2;
        let wins = &mut wins;
        match (counted, winner_team) {
            (true, 1) => wins.0 += 1,
            (true, -1) => wins.1 += 1,
            (true, _) => wins.2 += 1,
            _ => {}
        }
        plays.push(MapPlayRow { winner_team, counted, ..play(map, name, [Some(first), Some(second)]) });
    }
    let mut numbers = evening(rounds, lines);
    numbers.report.epochs[0].plays = plays;
    numbers.report.epochs[0].wins = wins;
    for (player, name) in NAMES.iter().enumerate().take(players) {
        let team = if player % 2 == 0 { 1 } else { -1 };
        let epoch = &mut numbers.report.epochs[0];
        epoch.members.push(crate::reports::sample::member(player as i64 + 1, name, team));
        epoch.lines.insert(player as i64 + 1, crate::reports::numbers_table::Line::default());
    }
    numbers
}

/// What is told, and every picture looked at.
fn seen(label: &str, numbers: &SessionNumbers) -> Vec<String> {
    let answer = pages(numbers);
    let sheet = |sheet: &Sheet| {
        if let Some(picture) = &sheet.picture {
            look(&format!("graphs-{label}-{}", picture.name), &picture.plot);
        }
        shown(&sheet.post)
    };
    answer.sheets.iter().map(sheet).collect()
}

#[test]
fn six_against_six() {
    let told = seen("twelve", &night(12, 7));
    assert_eq!(told.len(), 5);
    insta::assert_snapshot!(told.join("\n----\n"));
}

#[test]
fn one_player_and_one_map() {
    insta::assert_snapshot!(seen("one", &night(1, 1)).join("\n----\n"));
}

#[test]
fn the_sixteen_with_the_most_kills_are_shown_and_that_is_said() {
    let numbers = night(18, 9);
    let told = seen("sixteen", &numbers);
    assert!(told.iter().all(|page| page.contains("Without the 2 with the fewest kills.")), "{}", told[0]);
    let answer = pages(&numbers);
    let Plot::Columns(columns) = &answer.sheets[0].picture.as_ref().unwrap().plot else { panic!("no columns") };
    assert_eq!(columns.rows.len(), 16);
}

#[test]
fn what_a_file_does_not_tell_is_a_gap_and_no_zero() {
    let numbers = night(6, 3);
    let answer = pages(&numbers);
    let plot = |at: usize| answer.sheets[at].picture.as_ref().unwrap().plot.clone();
    let Plot::Columns(offence) = plot(0) else { panic!("no columns") };
    let untold = offence.rows.iter().find(|row| row.name == NAMES[3]).unwrap();
    let known: Vec<bool> = untold.cells.iter().map(|cell| cell.value.is_some()).collect();
    assert_eq!(known, [true, true, true, false, false, false]);
    let Plot::Lines(lines) = plot(4) else { panic!("no lines") };
    let values = |name: &str| &lines.series.iter().find(|line| line.name == name).unwrap().values;
    assert!(values(NAMES[3]).iter().all(Option::is_none));
    assert_eq!(values(NAMES[2]).iter().take_while(|value| value.is_none()).count(), 3);
}

#[test]
fn shuffled_teams_have_no_colour_for_the_evening() {
    let mut numbers = night(6, 2);
    let epoch = numbers.report.epochs[0].clone();
    numbers.report.epochs.push(crate::reports::session::EpochReport { plays: Vec::new(), ..epoch });
    let answer = pages(&numbers);
    let Plot::Columns(columns) = &answer.sheets[0].picture.as_ref().unwrap().plot else { panic!("no columns") };
    assert!(columns.rows.iter().all(|row| row.team.is_none()));
}

#[test]
fn rounds_that_do_not_count_are_not_in_the_pictures() {
    let mut numbers = night(4, 2);
    for round in &mut numbers.report.rounds[2..] {
        round.counts_for = i64::from(CountsFor::DISPLAY);
    }
    let answer = pages(&numbers);
    let Plot::Lines(lines) = &answer.sheets[4].picture.as_ref().unwrap().plot else { panic!("no lines") };
    assert_eq!(lines.spans.len(), 1);
    let lines: Vec<LineRow> = numbers.lines.clone();
    numbers.lines.clear();
    assert_eq!(pages(&numbers).sheets.len(), 1, "without a line there is nothing to draw");
    numbers.lines = lines;
}

#[test]
fn the_maps_begin_with_their_timeline() {
    for (label, maps) in [("one", 1), ("seven", 7), ("many", 14)] {
        let numbers = night(6, maps);
        let sheets = super::super::timeline::sheets(&numbers.report);
        let picture = sheets[0].picture.as_ref().unwrap();
        look(&format!("timeline-{label}"), &picture.plot);
        let Plot::Timeline(timeline) = &picture.plot else { panic!("no timeline") };
        assert_eq!(timeline.maps.len() as i64, maps);
        if maps == 7 {
            insta::assert_snapshot!(shown(&sheets[0].post));
            assert_eq!((timeline.maps[2].gained, timeline.maps[2].score), (None, None), "it does not count");
        }
    }
    let weapons = super::super::weapons::pages(&night(12, 7));
    look("weapons", &weapons.sheets[0].picture.as_ref().unwrap().plot);
}
