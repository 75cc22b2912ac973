//! The numbered pairing cases of the stats-file specification, 46 to 56, each as whole files.

use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{Origin, Round, Status};

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED, derive};

fn one(map: &'static str, next: u32) -> Half {
    Half::first(map, &BLUE, &RED).completed(next)
}

/// The second half of a first one that needed `limit` seconds; it was held.
fn two(map: &'static str, limit: u32) -> Half {
    Half::second(&one(map, limit))
}

/// Pairs of stamps (hours, minutes and seconds of the name), of every map play with two halves.
fn pairs(archive: &Archive) -> Vec<(String, String)> {
    let stamp = |id: Option<i64>| {
        let round = archive.rounds().find(|round| Some(round.id) == id)?;
        Some(round.stamp.to_string()[11..].to_owned())
    };
    archive.matches().filter_map(|play| Some((stamp(play.first)?, stamp(play.second)?))).collect()
}

fn state(archive: &Archive, stamp: &str) -> (Status, bool) {
    let round = round(archive, stamp);
    (round.status, round.flags.contains("limit_mismatch"))
}

fn round<'a>(archive: &'a Archive, stamp: &str) -> &'a Round {
    archive.rounds().find(|round| round.stamp.to_string().ends_with(stamp)).expect("a round with this stamp")
}

fn pair(first: &str, second: &str) -> (String, String) {
    (first.to_owned(), second.to_owned())
}

#[test]
fn case_46_over_midnight() {
    let archive = derive(&[
        ("2025-10-19-235307", one("etl_adlernest", 420)),
        ("2025-10-20-000043", two("etl_adlernest", 420)),
        ("2025-10-20-220000", one("etl_adlernest", 420)),
    ]);
    assert_eq!(pairs(&archive), [pair("235307", "000043")]);
}

#[test]
fn case_47_three_quarters_of_an_hour_and_not_a_second_more() {
    let archive = derive(&[("200000", one("supply", 420)), ("204500", two("supply", 420))]);
    assert_eq!(pairs(&archive), [pair("200000", "204500")]);
    let archive = derive(&[("200000", one("supply", 420)), ("204501", two("supply", 420))]);
    assert_eq!(pairs(&archive), []);
    assert_eq!(state(&archive, "200000"), (Status::Abandoned, false));
    assert_eq!(state(&archive, "204501"), (Status::Orphan, false));
}

#[test]
fn case_48_a_later_first_half_is_none() {
    let archive = derive(&[("200000", two("supply", 420)), ("201000", one("supply", 420))]);
    assert_eq!(pairs(&archive), []);
    assert_eq!(state(&archive, "200000"), (Status::Orphan, false));
}

#[test]
fn case_49_the_same_map_twice() {
    let archive = derive(&[
        ("100000", one("supply", 300)),
        ("100600", two("supply", 300)),
        ("100900", one("supply", 300)),
        ("101400", two("supply", 300)),
    ]);
    assert_eq!(pairs(&archive), [pair("100000", "100600"), pair("100900", "101400")]);
}

#[test]
fn case_50_the_clock_tells_which_first_half() {
    let with_limit = |limit| {
        derive(&[("100000", one("supply", 240)), ("101200", one("supply", 390)), ("102000", two("supply", limit))])
    };
    assert_eq!(pairs(&with_limit(390)), [pair("101200", "102000")]);
    assert_eq!(pairs(&with_limit(240)), [pair("100000", "102000")]);
    assert_eq!(state(&with_limit(240), "102000"), (Status::Complete, false));
    let archive = with_limit(300);
    assert_eq!(pairs(&archive), []);
    assert_eq!(state(&archive, "102000"), (Status::Orphan, true));
}

#[test]
fn case_51_other_maps_do_not_matter_and_neither_does_case() {
    let archive =
        derive(&[("200000", one("Supply", 300)), ("200500", one("radar", 300)), ("201000", two("supply", 300))]);
    assert_eq!(pairs(&archive), [pair("200000", "201000")]);
}

#[test]
fn case_52_an_unreadable_first_half_leaves_an_orphan() {
    let (name, whole) = one("supply", 300).file("2026-02-03-200000");
    let (second, bytes) = two("supply", 300).file("2026-02-03-201000");
    let cut = &whole[..whole.len() - 20];
    let archive = Archive::new([(name.as_str(), cut), (second.as_str(), &bytes)], &rules());
    assert!(matches!(archive.fates(&name)[..], [Fate::Quarantined { code: "truncated", .. }]));
    assert_eq!(state(&archive, "201000"), (Status::Orphan, false));
    // The whole file comes later.
    let files = [(second.as_str(), &bytes[..]), (name.as_str(), cut), (name.as_str(), &whole)];
    let archive = Archive::new(files, &rules());
    assert_eq!(archive.fates(&name), [&Fate::Superseded, &Fate::Stored]);
    assert_eq!(pairs(&archive), [pair("200000", "201000")]);
    assert!(round(&archive, "201000").players.iter().all(|player| player.origin == Origin::Difference));
}

#[test]
fn case_55_one_second_for_both_halves() {
    let archive = derive(&[("200000", one("supply", 300)), ("200000", two("supply", 300))]);
    assert_eq!(pairs(&archive), [pair("200000", "200000")]);
}

#[test]
fn case_56_a_round_cut_off_by_a_restart_is_nobody_s_partner() {
    let cut_off = Half {
        // 12:00 and 71:05, the writer's garbage; nobody had finished a round before.
        clocks: (720, 4265),
        halves: 1,
        ..two("etl_sp_delivery", 720)
    };
    let archive = derive(&[
        ("2025-10-26-200001", cut_off),
        ("2025-10-26-201727", one("etl_sp_delivery", 400)),
        ("2025-10-26-203013", two("etl_sp_delivery", 400)),
    ]);
    assert_eq!(pairs(&archive), [pair("201727", "203013")]);
    assert_eq!(state(&archive, "200001"), (Status::Aborted, false));
    assert!(!round(&archive, "200001").valid);
}

#[test]
fn on_the_night_when_the_clock_is_set_back_a_first_half_may_bear_the_later_name() {
    let archive = derive(&[("2025-10-26-025000", one("supply", 300)), ("2025-10-26-020500", two("supply", 300))]);
    assert_eq!(pairs(&archive), [pair("025000", "020500")]);
    let (first, second) = (round(&archive, "025000"), round(&archive, "020500"));
    assert_eq!(second.end_ms - first.end_ms, 15 * 60_000);
    // Any other night that is no pair.
    let archive = derive(&[("2025-10-25-025000", one("supply", 300)), ("2025-10-25-020500", two("supply", 300))]);
    assert_eq!(pairs(&archive), []);
    // The next first half does not take the second half away from its own one, although the clocks fit.
    let archive = derive(&[
        ("2025-10-26-021000", one("supply", 300)),
        ("2025-10-26-022000", two("supply", 300)),
        ("2025-10-26-024000", one("supply", 300)),
        ("2025-10-26-025000", two("supply", 300)),
    ]);
    assert_eq!(pairs(&archive), [pair("021000", "022000"), pair("024000", "025000")]);
}

#[test]
fn on_the_night_when_the_clock_is_set_forward_an_hour_of_names_is_missing() {
    let archive = derive(&[("2026-03-29-015500", one("supply", 300)), ("2026-03-29-030500", two("supply", 300))]);
    assert_eq!(pairs(&archive), [pair("015500", "030500")]);
    let (first, second) = (round(&archive, "015500"), round(&archive, "030500"));
    assert_eq!(second.end_ms - first.end_ms, 10 * 60_000);
}
