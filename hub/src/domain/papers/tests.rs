use super::*;

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

fn name(text: &str) -> FileName {
    FileName::parse(text).unwrap()
}

fn stats(text: &str) -> RoundFileName {
    match name(text) {
        FileName::Round(name) => name,
        FileName::Gametime(_) => panic!("{text}"),
    }
}

fn seconds(paper: &str, file: &str) -> Option<i64> {
    let file = stats(file);
    let place = Place { stamp: file.stamp, map_key: &file.map.key(), number: file.round };
    distance(&name(paper), place, &zone())
}

#[test]
fn case_87_endstats_are_found_by_full_stamps() {
    let of = |paper, file| seconds(&format!("{paper}-endstats.txt"), &format!("{file}.txt"));
    let file = "2026-02-03-200010-supply-round-1";
    assert_eq!(of("2026-02-03-200006-supply-round-1", file), Some(4));
    assert_eq!(of("2026-02-03-200040-Supply-round-1", file), Some(30));
    assert_eq!(of("2026-02-03-200041-supply-round-1", file), None);
    assert_eq!(of("2026-02-03-200610-supply-round-1", file), None, "the map again, six minutes later");
    assert_eq!(of("2026-02-03-200010-supply-round-2", file), None);
    assert_eq!(of("2026-02-03-200010-radar-round-1", file), None);
    assert_eq!(of("2026-02-04-000001-supply-round-2", "2026-02-03-235959-supply-round-2"), Some(2));
}

#[test]
fn events_are_found_by_the_end_s_instant() {
    let file = "2026-02-03-200003-map.v2-round-2.txt";
    let end = clock::instant_ms(&zone(), LocalStamp::parse("2026-02-03-200000").unwrap()) / 1000;
    assert_eq!(seconds(&format!("gametime-map_v2-R2-{end}.json"), file), Some(3));
    assert_eq!(seconds(&format!("gametime-map_v2-R2-{}.json", end - 28), file), None);
    assert_eq!(seconds(&format!("gametime-map_v2-R2-{}.json", end + 33), file), Some(30));
    assert_eq!(seconds(&format!("gametime-map_v2-R1-{end}.json"), file), None);
    let paper = name(&format!("gametime-map_v2-R2-{end}.json"));
    assert_eq!(local_stamp(&paper, &zone()).to_string(), "2026-02-03-200000");
}

#[test]
fn in_the_hour_that_comes_twice_either_instant_will_do() {
    let file = "2025-10-26-023003-supply-round-1.txt";
    let [earlier, later] = clock::instants_ms(&zone(), LocalStamp::parse("2025-10-26-023000").unwrap());
    for end in [earlier, later] {
        let paper = format!("gametime-supply-R1-{}.json", end / 1000);
        assert_eq!(seconds(&paper, file), Some(3));
        assert_eq!(local_stamp(&name(&paper), &zone()).to_string(), "2025-10-26-023000");
    }
}

#[test]
fn the_nearest_stats_file_is_home_and_of_two_the_earlier() {
    let files = ["2026-02-03-200010-supply-round-1.txt", "2026-02-03-200030-supply-round-1.txt"].map(stats);
    let home_of = |stamp: &str| {
        let paper = name(&format!("2026-02-03-{stamp}-supply-round-1-endstats.txt"));
        home(&paper, &files, &zone()).map(|file| file.stamp.to_string()[11..].to_owned())
    };
    assert_eq!(home_of("200012").as_deref(), Some("200010"));
    assert_eq!(home_of("200020").as_deref(), Some("200010"));
    assert_eq!(home_of("200021").as_deref(), Some("200030"));
    assert_eq!(home_of("200101"), None);
}
