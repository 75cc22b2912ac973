//! How often the rules of plausibility speak up where nothing was forged: on files of real servers, and on evenings that
//! were simulated without an accident.

use std::collections::BTreeMap;

use super::archive::{Archive, rules};
use super::data;
use super::played::{evenings, plan, stats_files};

/// How many rows bear each flag, and how many rows there are.
fn counts(archive: &Archive) -> (BTreeMap<&'static str, usize>, usize) {
    let mut counts = BTreeMap::new();
    let rows =
        archive.rounds().flat_map(|round| round.players.iter().map(|player| &player.flags).chain([&round.flags]));
    let mut all = 0;
    for flags in rows {
        all += 1;
        for flag in flags {
            *counts.entry(*flag).or_default() += 1;
        }
    }
    (counts, all)
}

fn archive(files: &[(String, Vec<u8>)]) -> Archive {
    Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules())
}

#[test]
fn real_files_have_few_flags_and_only_known_ones() {
    let Some(folder) = data::folder("stats-real") else { return };
    let (found, rows) = counts(&archive(&data::files(&folder)));
    eprintln!("real files, of {rows} rows: {found:?}");
    // What older writers got wrong (dead time, denied time, the next clock), a kill without a weapon, and rounds that
    // were given up.
    let known = ["dead_longer_than_played", "denied_over_played", "garbage_next", "held_early", "kill_without_weapon"];
    assert_eq!(found.keys().copied().collect::<Vec<_>>(), known);
    assert!(found.values().sum::<usize>() * 20 < rows);
}

#[test]
fn evenings_without_an_accident_have_hardly_a_flag() {
    for seed in 0..12 {
        let (found, _) = counts(&archive(&stats_files(&evenings(&plan(seed)))));
        // To deny more time than one played takes several enemies at once.
        assert!(found.keys().all(|flag| *flag == "denied_over_played"), "seed {seed}: {found:?}");
    }
}
