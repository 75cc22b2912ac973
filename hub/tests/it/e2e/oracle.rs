//! Derived rows beside what was really played.

use std::collections::BTreeMap;

use serde_json::Value;
use slomix_shared::game::Side;
use slomix_shared::sim::{Evening, MapPlay, MapResult, Roster, SimRound};

use super::dump::{Dump, int, text};
use super::evenings::stats;

/// Kills, deaths, damage given and received, and the army.
type Line = (i64, i64, i64, i64, i64);

/// Every round is there once with everybody's numbers, every map has its result, every evening is a session with its
/// score; and there is nothing else.
pub(crate) fn check(dump: &Dump, evenings: &[Evening]) {
    let rounds: usize = evenings.iter().map(|evening| evening.rounds().count()).sum();
    let maps: usize = evenings.iter().map(|evening| evening.maps.len()).sum();
    let counts = ["round", "map_play", "session"].map(|table| dump.rows(table).len());
    assert_eq!(counts, [rounds, maps, evenings.len()], "rounds, map plays and sessions");
    for evening in evenings {
        for round in evening.rounds() {
            assert_eq!(found(dump, round), played(round), "{}", stats(round).name);
        }
        for map in &evening.maps {
            check_map(dump, map);
        }
        check_session(dump, evening);
    }
}

fn row<'a>(dump: &'a Dump, round: &SimRound) -> &'a Value {
    dump.row("round", "file", &Value::from(stats(round).name.as_str()))
}

/// The numbers in the database, by GUID.
fn found(dump: &Dump, round: &SimRound) -> BTreeMap<String, Line> {
    let id = &row(dump, round)["id"];
    let lines = dump.rows("round_player").iter().filter(|line| line["round"] == *id);
    lines
        .map(|line| {
            let player = dump.row("player", "id", &line["player"]);
            let number = |column: &str| int(&line[column]);
            let numbers =
                (number("kills"), number("deaths"), number("damage_given"), number("damage_received"), number("side"));
            (text(&player["guid"]), numbers)
        })
        .collect()
}

/// The numbers that were played, by GUID.
fn played(round: &SimRound) -> BTreeMap<String, Line> {
    let players = round.truth.players.iter().filter(|player| player.in_file);
    players
        .map(|player| {
            let numbers = &player.actual;
            let line = [numbers.kills(), numbers.deaths(), numbers.damage_given, numbers.damage_received];
            let [kills, deaths, given, received] = line.map(i64::from);
            (player.guid8.clone(), (kills, deaths, given, received, army(player.side)))
        })
        .collect()
}

fn army(side: Side) -> i64 {
    i64::from(side.number())
}

/// Which of the session's teams (1 for A, -1 for B) a roster of the evening is, told by a round that both played.
fn team(dump: &Dump, round: &SimRound, roster: Roster) -> i64 {
    let axis = int(&row(dump, round)["axis_team"]);
    assert_ne!(axis, 0, "the teams of {} are clear", stats(round).name);
    if round.truth.roster_of(Side::Axis) == roster { axis } else { -axis }
}

fn check_map(dump: &Dump, map: &MapPlay) {
    let [first, second] = &map.rounds[..] else { panic!("{:?} has two halves", map.truth) };
    let play = dump.row("map_play", "id", &row(dump, first)["map_play"]);
    let halves = [row(dump, first), row(dump, second)].map(|round| &round["id"]);
    assert_eq!([&play["first_half"], &play["second_half"]], halves, "the halves of {:?}", map.truth);
    let wanted = match map.truth.result {
        MapResult::Won(roster) => team(dump, second, roster),
        MapResult::Tie => 0,
        MapResult::Incomplete => panic!("{:?} was played to its end", map.truth),
    };
    let result = text(&play["result"]);
    assert_eq!(int(&play["winner_team"]), wanted, "the winner of {:?}, which came to {result}", map.truth);
    assert_eq!(result == "tie", wanted == 0, "{:?} came to {result}", map.truth);
    assert_eq!(int(&play["counted"]), 1, "{:?} counts", map.truth);
}

fn check_session(dump: &Dump, evening: &Evening) {
    let [pair] = &evening.teams[..] else { panic!("nobody shuffled the teams") };
    let first = evening.rounds().next().expect("an evening has rounds");
    let session = dump.row("session", "id", &row(dump, first)["session"]);
    for round in evening.rounds() {
        assert_eq!(row(dump, round)["session"], session["id"], "the session of {}", stats(round).name);
    }
    let score = if team(dump, first, Roster::A) == 1 {
        [pair.wins_a, pair.wins_b, pair.ties]
    } else {
        [pair.wins_b, pair.wins_a, pair.ties]
    };
    let found = ["wins_a", "wins_b", "ties"].map(|column| int(&session[column]));
    assert_eq!(found, score.map(i64::from), "the score of {}", session["date"]);
}
