//! Rounds that a map change or the server's end cut off, and rounds that only look so.

use slomix_hub::domain::outcome::Outcome;
use slomix_hub::domain::round::{Origin, Round, Status};
use slomix_shared::artifact::RoundNumber;

use super::archive::Archive;
use super::scripted::{BLUE, FULL_CLOCK, Half, RED, derive};

fn held() -> Half {
    Half::first("supply", &BLUE, &RED)
}

/// The second half of a held one, five minutes into its twelve, on the path of a map change: the next clock is
/// garbage.
fn cut_off_second() -> Half {
    Half { clocks: (FULL_CLOCK, 4265), ..Half::second(&held()) }
}

fn last(archive: &Archive) -> &Round {
    archive.rounds().max_by_key(|round| round.stamp).expect("a round")
}

fn assert_cut_off(archive: &Archive, origin: Origin) {
    let round = last(archive);
    assert_eq!((round.status, round.outcome, round.winner), (Status::Aborted, Outcome::Unknown, None));
    assert_eq!((round.match_id, round.valid), (None, false));
    assert!(round.players.iter().all(|player| player.origin == origin), "{:?}", round.players[0].origin);
    let was_second = origin == Origin::Cumulative;
    assert_eq!(round.flags.contains("label_inverted"), was_second != (round.number == RoundNumber::Two));
}

#[test]
fn a_negative_play_time_says_it_all() {
    let second = Half { playtime: Some(-374_889), ..cut_off_second() };
    assert_cut_off(&derive(&[("200000", held()), ("200600", second.clone())]), Origin::Cumulative);
    // A first half that bears the label 2: nobody had finished a round, nothing stands on another half.
    let first = Half { halves: 1, ..second };
    assert_cut_off(&derive(&[("200000", first)]), Origin::AsWritten);
}

#[test]
fn a_measured_play_time_proves_the_normal_path() {
    let second = Half { playtime: Some(300_000), ..cut_off_second() };
    let archive = derive(&[("200000", held()), ("200600", second)]);
    assert_eq!(last(&archive).status, Status::Complete);
}

#[test]
fn without_a_play_time_the_clock_and_the_counters_tell() {
    // Held, it would have lasted for twelve minutes and not for five.
    assert_cut_off(&derive(&[("200000", held()), ("200600", cut_off_second())]), Origin::Cumulative);
    // No first half set this clock.
    assert_cut_off(&derive(&[("200600", cut_off_second())]), Origin::AsWritten);
    // Writers of early 2025 show 0:00 after every second half.
    let old = Half { clocks: (FULL_CLOCK, 0), ..cut_off_second() };
    let archive = derive(&[("200000", held()), ("200600", old)]);
    assert_eq!((last(&archive).status, last(&archive).outcome), (Status::Complete, Outcome::Held));
}

#[test]
fn a_second_half_that_bears_the_label_1_shows_more_time_than_its_clock() {
    let set = held().completed(300);
    let stopped = Half { number: RoundNumber::One, ..Half::second(&set) };
    assert_cut_off(&derive(&[("200000", set.clone()), ("200400", stopped.clone())]), Origin::Cumulative);
    assert_cut_off(&derive(&[("200400", stopped)]), Origin::Cumulative);
    // A first half that is run again starts from nothing.
    let archive = derive(&[("200000", held()), ("201400", held())]);
    assert_eq!(last(&archive).status, Status::Abandoned);
}

#[test]
fn a_first_half_that_was_run_again_lends_its_numbers_to_nobody() {
    // Both runs were held under the same clock, and the second one's file is lost: the clocks fit the first.
    let second = Half { playtime: Some(300_000), ..Half::second(&held()) };
    let busier = Half { halves: 3, playtime: Some(720_000), ..held() };
    let archive = derive(&[("200000", busier), ("202000", second)]);
    let states: Vec<Status> = archive.rounds().map(|round| round.status).collect();
    assert_eq!(states, [Status::Abandoned, Status::Orphan]);
    assert!(last(&archive).flags.contains("counters_mismatch"));
    assert!(last(&archive).players.iter().all(|player| player.origin == Origin::Cumulative));
}

#[test]
fn without_a_limit_nobody_outlasts_the_clock() {
    let unlimited = Half { clocks: (0, 300), ..held().completed(300) };
    let archive = derive(&[("200000", unlimited)]);
    let round = last(&archive);
    assert_eq!((round.status, round.outcome, round.clock), (Status::Abandoned, Outcome::Completed, None));
    assert_eq!(round.duration, Some(300));
    assert!(round.flags.contains("limit_unknown"));
}
