//! The numbered cases of the stats-file specification about whole map plays, and what their totals are.

use std::collections::BTreeMap;

use slomix_hub::domain::leaf::NUMBERS;
use slomix_hub::domain::map_result::MapResult;
use slomix_hub::domain::metrics;
use slomix_hub::domain::round::{CountsFor, Origin, Round, Status};

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED, derive};

fn set(map: &'static str, seconds: u32) -> Half {
    Half::first(map, &BLUE, &RED).completed(seconds)
}

fn states(archive: &Archive) -> Vec<Status> {
    archive.rounds().map(|round| round.status).collect()
}

fn second(archive: &Archive) -> &Round {
    archive.rounds().max_by_key(|round| round.stamp).unwrap()
}

#[test]
fn case_53_a_first_half_that_comes_late_makes_its_second_one_whole() {
    let (first, two) = (set("supply", 300), Half::second(&set("supply", 300)));
    let before = derive(&[("201000", two.clone())]);
    let orphan = second(&before);
    assert_eq!((orphan.status, orphan.players[0].origin), (Status::Orphan, Origin::Cumulative));
    let after = derive(&[("201000", two), ("200000", first)]);
    assert_eq!(states(&after), [Status::Complete; 2]);
    assert_eq!((second(&after).id, second(&after).players[0].origin), (orphan.id, Origin::Difference));
    let ids: Vec<Option<i64>> = after.rounds().map(|round| round.match_id).collect();
    assert!(ids[0].is_some() && ids[0] == ids[1]);
}

#[test]
fn case_54_an_orphan_counts_for_its_result_alone() {
    let archive = derive(&[("201000", Half::second(&set("supply", 300)).completed(280))]);
    let orphan = second(&archive);
    assert_eq!(orphan.status, Status::Orphan);
    assert!(orphan.counts_for.has(CountsFor::SCORE) && orphan.counts_for.has(CountsFor::DISPLAY));
    assert!(!orphan.counts_for.has(CountsFor::RATING) && !orphan.counts_for.has(CountsFor::LIFETIME));
    let plays: Vec<_> = archive.matches().map(|play| (play.first, play.result, play.counted, play.inferred)).collect();
    assert_eq!(plays, [(None, MapResult::SecondAttackers, true, true)]);
    assert_eq!(archive.blocks[0].leaves, BTreeMap::new());
}

#[test]
fn case_72_the_second_half_is_what_its_own_header_says() {
    // The first half names other sides than the second one, and no clock.
    let first = Half { sides: ("2", "2"), ..set("supply", 300) };
    let two = Half { sides: ("1", "2"), clocks: (300, 280), ..Half::second(&first) };
    let archive = derive(&[("200000", first), ("201000", two)]);
    let found = second(&archive);
    assert_eq!(found.status, Status::Complete);
    let number = |side: Option<slomix_shared::game::Side>| side.map(slomix_shared::game::Side::number);
    assert_eq!((number(found.defender), number(found.winner)), (Some(1), Some(2)));
    assert_eq!((found.clock, found.set_time), (Some(300), Some(280)));
}

#[test]
fn case_75_both_halves_are_one_map_play_however_often_they_come() {
    let mut first = set("supply", 300);
    first.axis.push("OMNIBOT0");
    let files = [first.file("2026-02-03-200000"), Half::second(&first).file("2026-02-03-201000")];
    let arrivals = |times: usize| {
        let all = files.iter().cycle().take(files.len() * times);
        Archive::new(all.map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules())
    };
    let (once, thrice) = (arrivals(1), arrivals(3));
    assert_eq!(once.blocks, thrice.blocks);
    let rounds: Vec<&Round> = thrice.rounds().collect();
    assert_eq!((rounds.len(), thrice.matches().count()), (2, 1));
    assert!(rounds.iter().all(|round| round.match_id == thrice.matches().next().map(|play| play.id)));
    assert!(rounds.iter().all(|round| !round.valid), "a bot played, however often the file comes");
    let stamp = thrice.matches().next().unwrap().stamp.to_string();
    assert_eq!(stamp, "2026-02-03-200000", "named after the first half");
}

#[test]
fn case_76_a_match_is_the_sum_of_its_halves() {
    let change = |text: &str, from: &str, to: &str| text.replace(from, to);
    let (name_1, first) = set("supply", 300).file("2026-02-03-200000");
    let (name_2, two) = Half::second(&set("supply", 300)).file("2026-02-03-201000");
    // 2,000 damage in 300 s, then 1,000 in 294 s.
    let first = change(&String::from_utf8(first).unwrap(), "\t500\t400\t", "\t2000\t400\t");
    let two = change(&String::from_utf8(two).unwrap(), "\t1000\t800\t", "\t3000\t800\t").replace("\t10.0\t", "\t9.9\t");
    let archive = Archive::new([(name_1.as_str(), first.as_bytes()), (name_2.as_str(), two.as_bytes())], &rules());
    for sums in archive.blocks[0].leaves.values() {
        let sum = |name: &str| sums[NUMBERS.iter().position(|known| *known == name).unwrap()];
        assert_eq!((sum("rounds"), sum("damage_given"), sum("seconds")), (2, 3000, 594));
        assert_eq!(metrics::dpm::dpm(sum("damage_given"), sum("seconds")), Some(3030));
    }
    assert_eq!(archive.blocks[0].leaves.len(), 6);
}

#[test]
fn case_77_whoever_succeeded_alone_won() {
    let held = || Half::first("supply", &BLUE, &RED);
    let gives_up = |half: Half| Half { playtime: Some(120_000), ..half };
    for (first, two, result) in [
        (set("supply", 300), Half::second(&set("supply", 300)), MapResult::FirstAttackers),
        (held(), Half::second(&held()).completed(400), MapResult::SecondAttackers),
        (held(), Half::second(&held()), MapResult::Tie),
        (held(), gives_up(Half::second(&held())), MapResult::Tie),
        (set("supply", 300), gives_up(Half::second(&set("supply", 300))), MapResult::FirstAttackers),
    ] {
        let archive = derive(&[("200000", first), ("201500", two)]);
        let plays: Vec<_> = archive.matches().map(|play| (play.result, play.counted)).collect();
        assert_eq!(plays, [(result, true)]);
    }
}

#[test]
fn case_78_two_fast_plays_of_one_map_both_count() {
    let (one, two) = (set("supply", 60), set("supply", 55));
    let archive = derive(&[
        ("200000", one.clone()),
        ("200130", Half::second(&one)),
        ("200400", two.clone()),
        ("200530", Half::second(&two)),
    ]);
    assert_eq!(states(&archive), [Status::Complete; 4]);
    assert_eq!(archive.matches().filter(|play| play.counted).count(), 2);
}

#[test]
fn case_79_a_first_half_run_again_counts_once() {
    let (first, again) = (set("supply", 300), set("supply", 400));
    let states = |second_stamp: &str, again: &Half| {
        let archive = derive(&[("200000", first.clone()), (second_stamp, again.clone())]);
        archive.rounds().map(|round| round.status).collect::<Vec<_>>()
    };
    assert_eq!(states("200400", &again), [Status::Cancelled, Status::Abandoned]);
    assert_eq!(states("201500", &again), [Status::Cancelled, Status::Abandoned]);
    assert_eq!(states("201501", &again), [Status::Abandoned, Status::Abandoned]);
    assert_eq!(states("201600", &again), [Status::Abandoned, Status::Abandoned]);
    let with_a_sub = Half { axis: vec![BLUE[0], BLUE[1], "B4000000"], ..again };
    assert_eq!(states("200400", &with_a_sub), [Status::Substitution, Status::Abandoned]);
}

#[test]
fn case_80_a_filler_map_counts_for_nothing() {
    for map in ["mp_sillyctf", "MP_SillyCTF"] {
        let archive = derive(&[("200000", set(map, 300)), ("201000", Half::second(&set(map, 300)))]);
        assert!(archive.rounds().all(|round| !round.valid && round.map == "mp_sillyctf"), "{map}");
        assert!(archive.matches().all(|play| play.uncounted_because == Some("not_fair")), "{map}");
    }
}
