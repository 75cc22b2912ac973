//! The twelve cases of sessions and matches that the scoring specification lists, by their place in the list, each as
//! whole files.

use slomix_hub::domain::input::Rules;
use slomix_hub::domain::round::{Session, Status};
use slomix_shared::artifact::RoundNumber;

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED, derive, derive_by};

/// A first half that was held for ten minutes.
fn ten_minutes(map: &'static str) -> Half {
    Half { playtime: Some(600_000), ..Half::first(map, &BLUE, &RED) }
}

fn sessions(archive: &Archive) -> Vec<&Session> {
    archive.sessions().collect()
}

fn count(times: &[&str]) -> usize {
    let maps = ["supply", "radar", "te_escape2", "frostbite", "goldrush"];
    let halves: Vec<(&str, Half)> = times.iter().copied().zip(maps.map(ten_minutes)).collect();
    sessions(&derive(&halves)).len()
}

#[test]
fn session_1_an_hour_between_end_and_start_is_the_same_evening() {
    assert_eq!(count(&["200000", "211000"]), 1);
    assert_eq!(count(&["200000", "211001"]), 2);
}

#[test]
fn session_2_midnight_is_no_border() {
    let archive = derive(&[
        ("2026-02-03-234000", ten_minutes("supply")),
        ("2026-02-04-000500", ten_minutes("radar")),
        ("2026-02-04-003000", ten_minutes("frostbite")),
    ]);
    let sessions = sessions(&archive);
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].stamp.date().to_string(), "2026-02-03");
}

#[test]
fn session_3_two_sessions_of_one_evening() {
    assert_eq!(count(&["190000", "193000", "200000", "223000", "233000"]), 2);
}

#[test]
fn session_5_an_older_evening_that_comes_later_is_its_own() {
    let february = [("2026-02-03-200000", ten_minutes("supply")), ("2026-02-03-202000", ten_minutes("radar"))];
    let january = [("2026-01-09-200000", ten_minutes("supply"))];
    let alone = derive(&february);
    let both = derive(&[&february[..], &january[..]].concat());
    let ids = |archive: &Archive| sessions(archive).iter().map(|session| session.id).collect::<Vec<_>>();
    assert_eq!(ids(&both).len(), 2);
    assert_eq!(ids(&both)[1..], ids(&alone)[..]);
}

#[test]
fn session_6_a_late_file_joins_two_evenings() {
    // 70 minutes of nothing, then a round that leaves pauses of half an hour each.
    assert_eq!(count(&["200000", "212000"]), 2);
    assert_eq!(count(&["200000", "204000", "212000"]), 1);
}

#[test]
fn a_server_that_goes_on_until_morning_has_a_new_evening_at_six() {
    let halves: Vec<(String, Half)> = (0..8)
        .map(|half_hour| {
            let minutes = 4 * 60 + half_hour * 30;
            (format!("2026-02-04-{:02}{:02}00", minutes / 60, minutes % 60), ten_minutes("supply"))
        })
        .collect();
    let halves: Vec<(&str, Half)> = halves.iter().map(|(stamp, half)| (stamp.as_str(), half.clone())).collect();
    let archive = derive(&halves);
    let firsts: Vec<String> = sessions(&archive).iter().map(|session| session.stamp.to_string()).collect();
    assert_eq!(firsts, ["2026-02-04-040000", "2026-02-04-060000"]);
}

#[test]
fn a_map_whose_halves_lie_in_two_sessions_counts_once() {
    let first = Half::first("supply", &BLUE, &RED).completed(300);
    let second = Half { playtime: Some(300_000), ..Half::second(&first) };
    let ten = Rules { session_gap_minutes: 10, ..rules() };
    let archive = derive_by(&ten, &[("200000", first), ("203000", second)]);
    let sums: Vec<(i64, i64, i64)> =
        sessions(&archive).iter().map(|session| (session.wins_a, session.wins_b, session.uncounted)).collect();
    // In the second session red is Axis, and with that its team A.
    assert_eq!(sums, [(0, 0, 0), (1, 0, 0)]);
}

#[test]
fn session_7_another_map_in_between_abandons_the_first_one() {
    let radar = Half::first("radar", &BLUE, &RED).completed(300);
    let archive =
        derive(&[("200000", ten_minutes("supply")), ("201000", radar.clone()), ("201600", Half::second(&radar))]);
    let states: Vec<(&str, Status)> = archive.rounds().map(|round| (round.map.as_str(), round.status)).collect();
    assert_eq!(states, [("supply", Status::Abandoned), ("radar", Status::Complete), ("radar", Status::Complete)]);
    assert_eq!(archive.matches().filter(|play| play.counted).count(), 1);
}

#[test]
fn session_10_a_second_half_under_another_clock_is_an_orphan() {
    let set = Half::first("supply", &BLUE, &RED).completed(360);
    let other = Half::second(&Half::first("supply", &BLUE, &RED));
    let archive = derive(&[("200000", set), ("201500", other)]);
    for round in archive.rounds() {
        let expected = match round.number {
            RoundNumber::One => (Status::Abandoned, false),
            RoundNumber::Two => (Status::Orphan, true),
        };
        assert_eq!((round.status, round.flags.contains("limit_mismatch")), expected);
    }
}

#[test]
fn session_4_the_night_when_the_clock_is_set_back() {
    let first = Half { playtime: Some(300_000), ..Half::first("supply", &BLUE, &RED).completed(300) };
    let second = Half { playtime: Some(300_000), ..Half::second(&first) };
    // The name of the second half sorts first, and yet it was played a quarter of an hour later.
    let archive = derive(&[("2025-10-26-025000", first), ("2025-10-26-020500", second)]);
    let rounds: Vec<(RoundNumber, Status)> = archive.rounds().map(|round| (round.number, round.status)).collect();
    assert_eq!(rounds.len(), 2);
    assert!(rounds.iter().all(|(_, status)| *status == Status::Complete));
    let end = |number| archive.rounds().find(|round| round.number == number).unwrap().end_ms;
    assert_eq!(end(RoundNumber::Two) - end(RoundNumber::One), 15 * 60_000);
    assert_eq!(sessions(&archive).len(), 1);
}

#[test]
fn session_8_the_same_map_twice_is_two_matches() {
    let one = Half::first("supply", &BLUE, &RED).completed(300);
    let two = Half::first("supply", &RED, &BLUE).completed(310);
    let archive = derive(&[
        ("200000", one.clone()),
        ("200700", Half::second(&one)),
        ("201400", two.clone()),
        ("202100", Half::second(&two)),
    ]);
    assert!(archive.rounds().all(|round| round.status == Status::Complete));
    let ids: Vec<i64> = archive.matches().filter(|play| play.counted).map(|play| play.id).collect();
    assert!(ids.len() == 2 && ids[0] != ids[1]);
}

#[test]
fn session_9_forty_six_minutes_are_too_long() {
    let one = Half::first("supply", &BLUE, &RED).completed(300);
    let archive = derive(&[("200000", one.clone()), ("204600", Half::second(&one))]);
    let states: Vec<Status> = archive.rounds().map(|round| round.status).collect();
    assert_eq!(states, [Status::Abandoned, Status::Orphan]);
}

#[test]
fn session_11_two_servers_never_share_a_map() {
    let one = Half::first("supply", &BLUE, &RED).completed(300);
    let files = [one.file("2026-02-03-200000"), Half::second(&one).file("2026-02-03-200700")];
    // A block holds one server's files: each of these has one half.
    let states = |server: &str, (name, bytes): &(String, Vec<u8>)| {
        let rules = Rules::new(server, rules().zone);
        let archive = Archive::new([(name.as_str(), bytes.as_slice())], &rules);
        archive.rounds().map(|round| (round.id, round.status)).collect::<Vec<_>>()
    };
    assert_eq!(states("one", &files[0])[0].1, Status::Abandoned);
    assert_eq!(states("two", &files[1])[0].1, Status::Orphan);
    assert_ne!(states("one", &files[0])[0].0, states("two", &files[0])[0].0, "a round is its server's");
}

#[test]
fn session_12_the_same_file_twice_is_one_round() {
    let (name, bytes) = ten_minutes("supply").file("2026-02-03-200000");
    let twice = Archive::new([(name.as_str(), bytes.as_slice()); 2], &rules());
    assert_eq!((twice.rounds().count(), sessions(&twice).len()), (1, 1));
    // And so it is under another name, in another second.
    let other = name.replace("200000", "200004");
    let twice = Archive::new([(name.as_str(), bytes.as_slice()), (other.as_str(), bytes.as_slice())], &rules());
    assert_eq!(twice.rounds().map(|round| round.file_name.as_str()).collect::<Vec<_>>(), [name]);
}
