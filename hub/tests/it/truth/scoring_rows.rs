//! The truth table of stopwatch scoring: one line for each of its 34 rows.
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

/// How a row is played.
#[derive(Clone, Copy)]
enum Script {
    /// One half, then the other.
    Halves(First, Second),
    /// More than that; when each half ends, and how.
    Told(fn() -> Vec<(&'static str, Half)>),
}

use First as F;
use Points::{A, B, NotCounted, Tie};
use Script::{Halves, Told};
use Second as S;

/// (row, what is played, what the last map comes to, points of the red and of the blue team in the session).
type Row = (u8, Script, Points, (i64, i64));

#[rustfmt::skip]
const ROWS: [Row; 34] = [
    (1,  Halves(F::Set(360),          S::Completes(330)),    B,   (0, 1)),
    (2,  Halves(F::Set(360),          S::Held),              A,   (1, 0)),
    (3,  Halves(F::Held,              S::Completes(540)),    B,   (0, 1)),
    (4,  Halves(F::Held,              S::Held),              Tie, (1, 1)),
    (5,  Halves(F::Set(718),          S::Held),              A,   (1, 0)),
    (6,  Halves(F::Set(718),          S::Completes(710)),    B,   (0, 1)),
    (7,  Halves(F::Set(360),          S::Completes(360)),    B,   (0, 1)),
    (8,  Halves(F::Set(FULL_CLOCK),   S::Held),              A,   (1, 0)),
    (9,  Halves(F::Set(360),          S::NoSides(360)),      A,   (1, 0)),
    (10, Halves(F::Held,              S::NoSides(720)),      Tie, (1, 1)),
    (11, Halves(F::Set(360),          S::HeldWithoutClock),  A,   (1, 0)),
    (12, Halves(F::Set(360),          S::NoSides(0)),        NotCounted("unknown"), (0, 0)),
    (13, Halves(F::AttackersOut(240), S::Completes(480)),    B,   (0, 1)),
    (14, Halves(F::AttackersOut(240), S::Held),              Tie, (1, 1)),
    (15, Halves(F::AttackersOut(240), S::AttackersOut(200)), Tie, (1, 1)),
    (16, Halves(F::DefendersOut(180), S::Completes(170)),    B,   (0, 1)),
    (17, Halves(F::DefendersOut(180), S::Held),              A,   (1, 0)),
    (18, Halves(F::Set(360),          S::AttackersOut(120)), A,   (1, 0)),
    (19, Halves(F::Held,              S::AttackersOut(300)), Tie, (1, 1)),
    (20, Halves(F::Set(360),          S::DefendersOut(60)),  B,   (0, 1)),
    (21, Halves(F::Held,              S::DefendersOut(300)), B,   (0, 1)),
    (22, Halves(F::Held,              S::None),              NotCounted("incomplete"), (0, 0)),
    (23, Halves(F::Set(360),          S::None),              NotCounted("incomplete"), (0, 0)),
    (24, Halves(F::Lost(360),         S::Completes(300)),    B,   (0, 1)),
    (25, Halves(F::Lost(360),         S::Held),              A,   (1, 0)),
    (26, Halves(F::Lost(FULL_CLOCK),  S::Held),              Tie, (1, 1)),
    (27, Halves(F::Set(420),          S::Held),              A,   (1, 0)),
    (28, Told(first_half_again),                             Tie, (1, 1)),
    (29, Told(the_same_map_twice),                           A,   (1, 1)), // of the second play: blue attacks first
    (30, Halves(F::Set(360),          S::CutOff),            NotCounted("incomplete"), (0, 0)),
    (31, Told(half_the_players_change_sides),                NotCounted("teams_unclear"), (0, 0)),
    (32, Told(with_a_sub),                                   A,   (1, 0)),
    (33, Told(with_a_pause),                                 A,   (1, 0)),
    (34, Told(with_a_bot),                                   NotCounted("not_fair"), (0, 0)),
];

/// Row 28: a first half that was given up after it was set, and run again.
fn first_half_again() -> Vec<(&'static str, Half)> {
    let again = Half::first("supply", &BLUE, &RED);
    let second = Half::second(&again);
    vec![("195200", Half::first("supply", &BLUE, &RED).completed(300)), ("200500", again), ("201900", second)]
}

/// Row 29: each team sets a time that the other one does not beat.
fn the_same_map_twice() -> Vec<(&'static str, Half)> {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let three = Half::first("supply", &RED, &BLUE).completed(400);
    let (two, four) = (Half::second(&one), Half::second(&three));
    vec![("200000", one), ("200700", two), ("202000", three), ("202800", four)]
}

/// Row 31: three of six change sides, so that nobody can say whose map it is.
fn half_the_players_change_sides() -> Vec<(&'static str, Half)> {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let ([b1, b2, b3], [r1, r2, r3]) = (BLUE, RED);
    let two = Half { axis: vec![r2, r3, b1, b2], allies: vec![b3, r1], ..Half::second(&one).completed(300) };
    vec![("200000", one), ("200700", two)]
}

/// Row 32: one of those who defended first is replaced.
fn with_a_sub() -> Vec<(&'static str, Half)> {
    let one = Half::first("supply", &BLUE, &RED).completed(360);
    let [b1, b2, _] = BLUE;
    let two = Half { allies: vec![b1, b2, "B4000000"], ..Half::second(&one) };
    vec![("200000", one), ("200700", two)]
}

/// Row 33: row 2 with five minutes' pause in the second half. The header leaves pauses out, only the stamp shows them.
fn with_a_pause() -> Vec<(&'static str, Half)> {
    let one = Half { playtime: Some(360_000), ..Half::first("supply", &BLUE, &RED).completed(360) };
    let two = Half { playtime: Some(360_000), ..Half::second(&one) };
    vec![("200000", one), ("201200", two)]
}

/// Row 34, the one half of it.
fn with_a_bot() -> Vec<(&'static str, Half)> {
    let mut one = Half::first("supply", &BLUE, &RED).completed(360);
    one.axis.push("OMNIBOT0");
    let two = Half::second(&one);
    vec![("200000", one), ("200700", two)]
}

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

/// What the last map of a script comes to.
fn outcome(archive: &Archive) -> Points {
    let (play, _) = last(archive);
    match (play.counted, play.result) {
        (false, _) => NotCounted(play.uncounted_because.expect("a reason")),
        (true, MapResult::FirstAttackers) => A,
        (true, MapResult::SecondAttackers) => B,
        (true, _) => Tie,
    }
}

#[test]
fn every_row_of_the_table() {
    let numbers: Vec<u8> = ROWS.iter().map(|(row, ..)| *row).collect();
    assert_eq!(numbers, (1..=34).collect::<Vec<u8>>());
    for (row, script, expected, in_points) in ROWS {
        let (halves, lost) = match script {
            Halves(first, second) => (halves(first, second), matches!(first, F::Lost(_))),
            Told(halves) => (halves(), false),
        };
        let archive = derive(&halves);
        assert_eq!(outcome(&archive), expected, "row {row}");
        assert_eq!(points(&archive), in_points, "row {row}");
        assert_eq!(last(&archive).0.inferred, lost, "row {row}");
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
fn row_28_the_first_try_is_cancelled() {
    let archive = derive(&first_half_again());
    let states: Vec<Status> = archive.rounds().map(|round| round.status).collect();
    assert_eq!(states, [Status::Cancelled, Status::Complete, Status::Complete]);
}

#[test]
fn row_29_is_two_maps() {
    let archive = derive(&the_same_map_twice());
    let results: Vec<MapResult> = archive.matches().map(|play| play.result).collect();
    assert_eq!(results, [MapResult::FirstAttackers; 2]);
}

#[test]
fn row_33_pauses_change_no_result_and_no_duration() {
    for (row, script, expected, in_points) in ROWS {
        let Halves(first, second) = script else { continue };
        let late = ["192500", "200500", "202000"];
        let mut halves = halves(first, second);
        for (stamp, _) in &mut halves {
            *stamp = match *stamp {
                "191000" => late[0],
                "200000" => late[1],
                _ => late[2],
            };
        }
        let archive = derive(&halves);
        assert_eq!((outcome(&archive), points(&archive)), (expected, in_points), "row {row}");
    }
    let durations = |halves: &[(&str, Half)]| derive(halves).rounds().map(|round| round.duration).collect::<Vec<_>>();
    assert_eq!(durations(&with_a_pause()), [Some(360); 2]);
}

#[test]
fn row_34_bots_and_filler_maps_do_not_count() {
    let filler = Half::first("MP_SillyCTF", &BLUE, &RED).completed(360);
    let filler = derive(&[("200000", filler.clone()), ("200700", Half::second(&filler))]);
    for archive in [derive(&with_a_bot()), filler] {
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
        let (_, Halves(first, second), ..) = ROWS[row - 1] else { panic!("row {row} is told") };
        // The red team attacks first on every map.
        script.extend(halves(first, second).into_iter().map(|(_, half)| (times.next().unwrap(), Half { map, ..half })));
    }
    let archive = derive(&script);
    let (_, session) = last(&archive);
    assert_eq!(archive.sessions().count(), 1);
    assert_eq!((session.wins_a, session.wins_b, session.ties, session.uncounted), (1, 1, 1, 2));
    assert_eq!(points(&archive), (2, 2));
}
