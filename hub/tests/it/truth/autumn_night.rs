//! The nights on which clocks are changed, as evenings of whole files.

use slomix_hub::domain::round::{Round, Status};

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED, derive};
use crate::pipeline::Bench;

const MINUTE_MS: i64 = 60_000;
/// 2025-10-26 01:00 of the summer time of Berlin: at 03:00 its clocks went back to 02:00.
const ONE_O_CLOCK_MS: i64 = 1_761_433_200_000;

/// A map of two halves of eight minutes.
fn map(map: &'static str) -> [Half; 2] {
    let first = Half { playtime: Some(480_000), ..Half::first(map, &BLUE, &RED).completed(480) };
    let second = Half { playtime: Some(480_000), ..Half::second(&first) };
    [first, second]
}

/// The name of a file that is written so many minutes after one o'clock of that night.
fn stamp(minutes: i64) -> String {
    let shown = if minutes < 120 { minutes } else { minutes - 60 };
    format!("2025-10-26-{:02}{:02}00", 1 + shown / 60, shown % 60)
}

/// Files of halves that end so many minutes after one o'clock.
fn files(halves: &[(i64, Half)]) -> Vec<(String, Vec<u8>)> {
    halves.iter().map(|(minutes, half)| half.file(&stamp(*minutes))).collect()
}

fn derived(files: &[(String, Vec<u8>)]) -> Archive {
    Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules())
}

/// When the rounds ended, in minutes after one o'clock, by the order of play.
fn ends(archive: &Archive) -> Vec<i64> {
    let mut rounds: Vec<&Round> = archive.rounds().collect();
    rounds.sort_by_key(|round| round.end_ms);
    rounds.iter().map(|round| (round.end_ms - ONE_O_CLOCK_MS) / MINUTE_MS).collect()
}

#[test]
fn a_map_that_begins_before_the_repeated_hour_is_one_map_of_one_evening() {
    let [first, second] = map("supply");
    let archive = derived(&files(&[(50, first), (65, second)]));
    assert_eq!(ends(&archive), [50, 65]);
    assert_eq!(archive.sessions().count(), 1);
    assert!(archive.rounds().all(|round| round.status == Status::Complete));
    assert_eq!(archive.matches().filter(|play| play.counted).count(), 1);
}

#[test]
fn an_evening_that_ends_or_begins_in_the_repeated_hour_is_whole() {
    let ([one, two], [three, four]) = (map("supply"), map("radar"));
    let ended = [(40, one.clone()), (55, two.clone()), (70, three.clone()), (85, four.clone())];
    let archive = derived(&files(&ended));
    assert_eq!((ends(&archive), archive.sessions().count()), (vec![40, 55, 70, 85], 1));
    let begun = [(140, one), (155, two), (170, three), (185, four)];
    let archive = derived(&files(&begun));
    assert_eq!((ends(&archive), archive.sessions().count()), (vec![140, 155, 170, 185], 1));
}

#[test]
fn rounds_played_through_both_hours_lie_where_they_were_played() {
    let maps = ["supply", "radar", "te_escape2", "frostbite", "goldrush", "adlernest", "bremen"].map(map);
    let halves: Vec<(i64, Half)> = (0..).map(|index| 40 + index * 12).zip(maps.into_iter().flatten()).collect();
    let wanted: Vec<i64> = halves.iter().map(|(minutes, _)| *minutes).collect();
    assert!(wanted.first() < Some(&60) && wanted.last() > Some(&180));
    let archive = derived(&files(&halves));
    assert_eq!((ends(&archive), archive.sessions().count()), (wanted, 1));
    assert!(archive.rounds().all(|round| round.status == Status::Complete));
}

#[tokio::test]
async fn the_order_in_which_the_files_of_the_night_come_does_not_matter() {
    let maps = ["supply", "radar", "te_escape2"].map(map);
    let halves: Vec<(i64, Half)> = [50, 65, 110, 125, 140, 200].into_iter().zip(maps.into_iter().flatten()).collect();
    let files = files(&halves);
    let mut dumps = Vec::new();
    for turn in 0..files.len() {
        let bench = Bench::new().await;
        // Each file alone, from another one on, the next or the one after that.
        let step = if turn % 2 == 0 { 1 } else { 5 };
        for index in 0..files.len() {
            bench.keep(std::slice::from_ref(&files[(turn + index * step) % files.len()])).await;
            bench.derive().await;
        }
        dumps.push(bench.dump().await);
    }
    assert!(dumps.iter().all(|dump| *dump == dumps[0]));
}

#[test]
fn on_the_spring_night_the_missing_hour_parts_nothing() {
    let ([one, two], [three, four]) = (map("supply"), map("radar"));
    let archive = derive(&[
        ("2026-03-29-014000", one),
        ("2026-03-29-015500", two),
        ("2026-03-29-031000", three),
        ("2026-03-29-032500", four),
    ]);
    assert_eq!(archive.sessions().count(), 1);
    assert!(archive.rounds().all(|round| round.status == Status::Complete));
    let mut ends: Vec<i64> = archive.rounds().map(|round| round.end_ms).collect();
    ends.sort_unstable();
    assert!(ends.windows(2).all(|pair| pair[1] - pair[0] == 15 * MINUTE_MS));
    // A map over the change, the halves of which seem to lie more than an hour apart.
    let [one, two] = map("supply");
    let archive = derive(&[("2026-03-29-015000", one), ("2026-03-29-030500", two)]);
    assert_eq!((archive.sessions().count(), archive.matches().filter(|play| play.counted).count()), (1, 1));
}
