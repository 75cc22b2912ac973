//! The truth table of stopwatch scoring, as far as stats files can express it: one line for each row.
//!
//! A attacks in the first half, B in the second. Full clock 12:00.

use slomix_hub::domain::map_result::MapResult;
use slomix_hub::domain::round::{Match, Session, Status};

use super::archive::Archive;
use super::scripted::{BLUE, FULL_CLOCK, Half, RED, derive};

/// The first half.
#[derive(Debug, Clone, Copy)]
enum First {
    /// The attackers needed so many seconds.
    Set(u32),
    Held,
    /// The attackers gave up after so many seconds.
    AttackersOut(u32),
    /// The defenders gave up after so many seconds: that is the time to beat.
    DefendersOut(u32),
    /// Its file is lost; the clock it set for the second half.
    Lost(u32),
}

/// The second half.
#[derive(Debug, Clone, Copy)]
enum Second {
    Completes(u32),
    Held,
    AttackersOut(u32),
    DefendersOut(u32),
    /// The header names no sides; the next clock that it shows.
    NoSides(u32),
    /// Held, but the next clock is gone.
    HeldWithoutClock,
    /// Cut off by a map change: labelled round 1.
    CutOff,
    None,
}

/// What the map comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Points {
    A,
    B,
    Tie,
    NotCounted(&'static str),
}

use First as F;
use Points::{A, B, NotCounted, Tie};
use Second as S;

#[rustfmt::skip]
const ROWS: [(u8, First, Second, Points); 28] = [
    (1,  F::Set(360),          S::Completes(330),    B),
    (2,  F::Set(360),          S::Held,              A),
    (3,  F::Held,              S::Completes(540),    B),
    (4,  F::Held,              S::Held,              Tie),
    (5,  F::Set(718),          S::Held,              A),
    (6,  F::Set(718),          S::Completes(710),    B),
    (7,  F::Set(360),          S::Completes(360),    B),
    (8,  F::Set(FULL_CLOCK),   S::Held,              A),
    (9,  F::Set(360),          S::NoSides(360),      A),
    (10, F::Held,              S::NoSides(720),      Tie),
    (11, F::Set(360),          S::HeldWithoutClock,  A),
    (12, F::Set(360),          S::NoSides(0),        NotCounted("unknown")),
    (13, F::AttackersOut(240), S::Completes(480),    B),
    (14, F::AttackersOut(240), S::Held,              Tie),
    (15, F::AttackersOut(240), S::AttackersOut(200), Tie),
    (16, F::DefendersOut(180), S::Completes(170),    B),
    (17, F::DefendersOut(180), S::Held,              A),
    (18, F::Set(360),          S::AttackersOut(120), A),
    (19, F::Held,              S::AttackersOut(300), Tie),
    (20, F::Set(360),          S::DefendersOut(60),  B),
    (21, F::Held,              S::DefendersOut(300), B),
    (22, F::Held,              S::None,              NotCounted("incomplete")),
    (23, F::Set(360),          S::None,              NotCounted("incomplete")),
    (24, F::Lost(360),         S::Completes(300),    B),
    (25, F::Lost(360),         S::Held,              A),
    (26, F::Lost(FULL_CLOCK),  S::Held,              Tie),
    (27, F::Set(420),          S::Held,              A),
    (30, F::Set(360),          S::CutOff,            NotCounted("incomplete")),
];

fn halves(first: First, second: Second) -> Vec<(&'static str, Half)> {
    let held = Half::first("supply", &BLUE, &RED);
    let mut one = match first {
        F::Held | F::AttackersOut(_) | F::Lost(FULL_CLOCK) => held,
        F::Set(time) | F::DefendersOut(time) | F::Lost(time) => held.completed(time),
    };
    if let F::AttackersOut(time) | F::DefendersOut(time) = first {
        one.playtime = Some(i64::from(time) * 1000);
    }
    let held = Half::second(&one);
    let two = match second {
        S::Completes(time) => Some(held.completed(time)),
        S::Held => Some(held),
        S::AttackersOut(time) => Some(Half { playtime: Some(i64::from(time) * 1000), ..held }),
        S::DefendersOut(time) => Some(Half { playtime: Some(i64::from(time) * 1000), ..held }.completed(time)),
        S::NoSides(next) => Some(Half { sides: ("", ""), clocks: (held.clocks.0, next), ..held }),
        S::HeldWithoutClock => Some(Half { clocks: (held.clocks.0, 0), ..held }),
        S::CutOff => Some(Half { number: one.number, playtime: Some(-86_000_000), ..held }),
        S::None => None,
    };
    let mut halves = Vec::new();
    if matches!(first, F::Lost(_)) {
        // The map's full clock is known from a half that nobody finished, long before.
        halves.push(("191000", Half::first("supply", &BLUE, &RED)));
    } else {
        halves.push(("200000", one));
    }
    halves.extend(two.map(|two| ("201000", two)));
    halves
}

/// The last map play and its session.
fn last(archive: &Archive) -> (&Match, &Session) {
    let play =
        archive.matches().max_by_key(|play| play.stamp).unwrap_or_else(|| panic!("no map: {:?}", archive.blocks));
    (play, archive.sessions().find(|session| session.id == play.session).expect("it has a session"))
}

/// Points for the red team, who attack first in every script, and for the blue one.
fn points(archive: &Archive) -> (i64, i64) {
    // Blue is Axis in the first half of all, so blue is team A of the session.
    let (_, session) = last(archive);
    let (blue, red) = session.score();
    (red, blue)
}

#[test]
fn every_row_of_the_table() {
    for (row, first, second, expected) in ROWS {
        let archive = derive(&halves(first, second));
        let (play, _) = last(&archive);
        let found = match (play.counted, play.result) {
            (false, _) => NotCounted(play.uncounted_because.expect("a reason")),
            (true, MapResult::FirstAttackers) => A,
            (true, MapResult::SecondAttackers) => B,
            (true, _) => Tie,
        };
        assert_eq!(found, expected, "row {row}");
        let in_points = match expected {
            A => (1, 0),
            B => (0, 1),
            Tie => (1, 1),
            NotCounted(_) => (0, 0),
        };
        assert_eq!(points(&archive), in_points, "row {row}");
        assert_eq!(play.inferred, matches!(first, F::Lost(_)), "row {row}");
    }
}

#[test]
fn row_25_without_a_known_full_clock_is_not_guessed() {
    let archive = derive(&halves(F::Lost(360), S::Held)[1..]);
    let (play, session) = last(&archive);
    assert_eq!((play.result, play.uncounted_because), (MapResult::Incomplete, Some("incomplete")));
    assert_eq!((session.score(), session.uncounted), ((0, 0), 1));
}

#[test]
fn row_28_an_abandoned_first_half_does_not_count() {
    let abandoned = Half::first("supply", &BLUE, &RED).completed(300);
    let again = Half::first("supply", &BLUE, &RED);
    let second = Half::second(&again);
    let archive = derive(&[("195200", abandoned), ("200500", again), ("201900", second)]);
    let states: Vec<Status> = archive.rounds().map(|round| round.status).collect();
    assert_eq!(states, [Status::Cancelled, Status::Complete, Status::Complete]);
    assert_eq!(points(&archive), (1, 1));
}

#[test]
fn row_29_the_same_map_twice_is_two_maps() {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let two = Half::second(&one);
    let three = Half::first("supply", &RED, &BLUE).completed(400);
    let four = Half::second(&three);
    let archive = derive(&[("200000", one), ("200700", two), ("202000", three), ("202800", four)]);
    let results: Vec<MapResult> = archive.matches().map(|play| play.result).collect();
    assert_eq!(results, [MapResult::FirstAttackers; 2]);
    assert_eq!(points(&archive), (1, 1));
}

#[test]
fn row_31_half_the_players_change_sides_so_nobody_s_map() {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let [b1, b2, b3] = BLUE;
    let [r1, r2, r3] = RED;
    let two = Half { axis: vec![r2, r3, b1, b2], allies: vec![b3, r1], ..Half::second(&one).completed(300) };
    let archive = derive(&[("200000", one), ("200700", two)]);
    let (play, _) = last(&archive);
    assert_eq!((play.result, play.uncounted_because), (MapResult::SecondAttackers, Some("teams_unclear")));
    assert_eq!(points(&archive), (0, 0));
}

#[test]
fn row_32_a_sub_changes_nothing() {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let [b1, b2, _] = BLUE;
    let two = Half { allies: vec![b1, b2, "B4000000"], ..Half::second(&one) };
    let archive = derive(&[("200000", one), ("200700", two)]);
    assert_eq!(points(&archive), (1, 0));
}

#[test]
fn row_34_bots_and_filler_maps_do_not_count() {
    let mut one = Half::first("supply", &BLUE, &RED).completed(360);
    one.axis.push("OMNIBOT0");
    let with_bot = derive(&[("200000", one.clone()), ("200700", Half::second(&one))]);
    let filler = Half::first("MP_SillyCTF", &BLUE, &RED).completed(360);
    let filler = derive(&[("200000", filler.clone()), ("200700", Half::second(&filler))]);
    for archive in [with_bot, filler] {
        let (play, session) = last(&archive);
        assert_eq!((play.counted, play.uncounted_because), (false, Some("not_fair")));
        assert_eq!((session.score(), session.uncounted), ((0, 0), 1));
        assert!(archive.rounds().all(|round| !round.valid));
    }
}

#[test]
fn the_worked_session_is_two_to_two() {
    let mut script = Vec::new();
    let times = ["200000", "200700", "202000", "202700", "204000", "205300", "210600", "211300", "212600"];
    let mut times = times.into_iter();
    let maps = ["supply", "radar", "te_escape2", "frostbite", "braundorf_b4"];
    for (map, row) in maps.into_iter().zip([1, 2, 4, 12, 22]) {
        let (_, first, second, _) = ROWS.into_iter().find(|(number, ..)| *number == row).unwrap();
        // The red team attacks first on every map.
        script.extend(halves(first, second).into_iter().map(|(_, half)| (times.next().unwrap(), Half { map, ..half })));
    }
    let archive = derive(&script);
    let (_, session) = last(&archive);
    assert_eq!(archive.sessions().count(), 1);
    assert_eq!((session.wins_a, session.wins_b, session.ties, session.uncounted), (1, 1, 1, 2));
    assert_eq!(points(&archive), (2, 2));
}
