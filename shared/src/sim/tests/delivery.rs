//! Files come to hold what they hold by the writes that are told, in the order of their moments.

use std::collections::HashMap;

use super::{plan, play, storm};
use crate::artifact::RoundNumber;
use crate::sim::{Accidents, Evening, Fate, Plan};

#[test]
fn the_writes_leave_what_the_files_hold() {
    for evening in (0..6).flat_map(|seed| play(&storm(seed)).unwrap()) {
        let mut disk: HashMap<&str, Vec<u8>> = HashMap::new();
        let writes = evening.delivery();
        assert!(writes.is_sorted_by_key(|write| write.at_ms));
        for write in writes {
            let file = disk.entry(write.name).or_default();
            if !write.append {
                file.clear();
            }
            file.extend_from_slice(write.bytes);
        }
        assert_eq!(disk.len(), evening.files().count());
        for file in evening.files() {
            assert_eq!(disk[file.name.as_str()], file.bytes, "{}", file.name);
        }
    }
}

#[test]
fn endstats_are_closed_many_times_and_before_the_stats_file() {
    let evening = play(&plan(1)).unwrap().next().unwrap();
    for round in evening.rounds() {
        let (stats, endstats) = (round.stats.as_ref().unwrap(), round.endstats.as_ref().unwrap());
        assert_eq!(stats.writes().count(), 1);
        let blocks = endstats.bytes.split(|&b| b == b'\n').filter(|line| line.starts_with(b"VS_HEADER\t")).count();
        assert_eq!(endstats.writes().count(), 1 + 2 * blocks);
        assert!(blocks > 0 && endstats.closed_ms() < stats.closed_ms());
        assert!((3_000..3_100).contains(&(stats.closed_ms() - round.truth.ended_ms)));
    }
}

fn one(accidents: Accidents) -> Evening {
    play(&Plan { accidents, ..plan(9) }).unwrap().next().unwrap()
}

#[test]
fn late_and_swapped_files_come_in_another_order_than_their_stamps() {
    let swapped = one(Accidents { r2_arrives_first: 1.0, ..Accidents::default() });
    for map in &swapped.maps {
        let closed = |number| {
            let round = map.rounds.iter().find(|round| round.truth.number == number).unwrap();
            round.stats.as_ref().unwrap().closed_ms()
        };
        assert!(closed(RoundNumber::One) > closed(RoundNumber::Two));
    }
    let late = one(Accidents { arrives_late: 1.0, ..Accidents::default() });
    assert!(late.rounds().all(|round| round.stats.as_ref().unwrap().closed_ms() > late.ends_ms));
}

#[test]
fn a_cut_file_is_a_part_of_the_whole_one() {
    let whole = one(Accidents::default());
    let cut = one(Accidents { cut_for_good: 1.0, ..Accidents::default() });
    let later = one(Accidents { cut_then_whole: 1.0, ..Accidents::default() });
    for ((whole, cut), later) in whole.rounds().zip(cut.rounds()).zip(later.rounds()) {
        let [whole, cut_file, later_file] = [whole, cut, later].map(|round| round.stats.as_ref().unwrap());
        assert_eq!(cut.truth.fate, Fate::Cut(cut_file.bytes.len()));
        assert!(whole.bytes.starts_with(&cut_file.bytes) && cut_file.bytes.len() < whole.bytes.len());
        assert_eq!(later.truth.fate, Fate::CutThenWhole);
        let writes: Vec<_> = later_file.writes().collect();
        assert_eq!(writes.len(), 2);
        assert!(whole.bytes.starts_with(writes[0].bytes) && writes[1].bytes == whole.bytes && !writes[1].append);
    }
}
