//! What must hold for whole evenings, read back from the bytes by a reader of its own.

mod accidents;
mod delivery;
mod headers;
mod pairs;
mod reader;
mod sums;

use std::collections::HashSet;

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::artifact::{ContentHash, FileName, Kind};

fn plan(seed: u64) -> Plan {
    Plan::new(seed, date(2026, 3, 6).at(20, 15, 0, 0))
}

fn storm(seed: u64) -> Plan {
    Plan { evenings: 3, accidents: Accidents::storm(), ..plan(seed) }
}

/// One hash over every name, byte and moment of a plan's evenings.
fn fingerprint(plan: &Plan) -> String {
    let mut all = Vec::new();
    for evening in play(plan).unwrap() {
        all.extend_from_slice(evening.start.to_string().as_bytes());
        for write in evening.delivery() {
            all.extend_from_slice(&write.at_ms.to_le_bytes());
            all.extend_from_slice(write.name.as_bytes());
            all.extend_from_slice(write.bytes);
        }
    }
    ContentHash::of(&all).to_string()
}

/// Whoever changes these hashes changes what every seed means; say so in the commit.
#[test]
fn the_same_plan_is_the_same_bytes_on_every_machine() {
    assert_eq!(fingerprint(&plan(7)), "740afbea01e9d77196761f93b2db3def97d3b2ee1d3ef739b3286fd8633cfbfa");
    assert_eq!(fingerprint(&storm(7)), "90a238cf7a6109953da213ac3cebe7bb815bc0d0d673d2fe3d3ccdb5348150b1");
    assert_ne!(fingerprint(&plan(8)), fingerprint(&plan(7)));
}

#[test]
fn accidents_do_not_change_what_they_do_not_touch() {
    let touched = Plan { accidents: Accidents { copy: 1.0, empty_file: 1.0, ..Accidents::default() }, ..plan(3) };
    let [plain, touched] = [plan(3), touched].map(|plan| play(&plan).unwrap().next().unwrap());
    assert_eq!(plain.maps, touched.maps);
    assert!(plain.strays.is_empty());
    assert_eq!(touched.strays.len(), 13);
}

#[test]
fn refuses_plans_that_cannot_be_played() {
    let players = Plan { players_per_side: 17, ..plan(1) };
    assert_eq!(play(&players).unwrap_err(), PlanError::PlayersPerSide { asked: 17, most: 16 });
    assert_eq!(play(&Plan { evenings: 4000, ..plan(1) }).unwrap_err(), PlanError::Years);
    assert_eq!(play(&Plan { hostname: "a\\b".to_owned(), ..plan(1) }).unwrap_err(), PlanError::Header);
}

#[test]
fn a_server_that_never_pauses_goes_on_into_the_next_evening_and_day() {
    let plan = Plan { evenings: 12, rhythm: Rhythm::Pauseless, ..plan(5) };
    let evenings: Vec<_> = play(&plan).unwrap().collect();
    let stamps: Vec<_> = evenings.iter().flat_map(Evening::rounds).map(|round| round.truth.stamp).collect();
    assert!(stamps.is_sorted());
    assert!(stamps.windows(2).all(|pair| pair[1].seconds() - pair[0].seconds() < 30 * 60));
    let days: HashSet<_> = stamps.iter().map(|stamp| stamp.date()).collect();
    assert!(days.len() >= 2, "{days:?}");
}

#[test]
fn strays_that_fall_into_the_same_second_have_names_of_their_own() {
    let plan = Plan { evenings: 1, maps_per_evening: 8, players_per_side: 11, ..storm(752_879_789_220_955_979) };
    let evening = play(&plan).unwrap().next().unwrap();
    let names: HashSet<_> = evening.strays.iter().map(|stray| &stray.file.name).collect();
    assert_eq!(names.len(), evening.strays.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_file_has_a_name_of_its_own_that_the_scripts_write(seed: u64, maps in 1u32..9, players in 1u8..=16) {
        let plan = Plan { evenings: 1, maps_per_evening: maps, players_per_side: players, ..storm(seed) };
        let evening = play(&plan).unwrap().next().unwrap();
        let mut names = HashSet::new();
        for stray in &evening.strays {
            let good = !matches!(stray.what, StrayKind::MalformedName { .. });
            prop_assert_eq!(FileName::parse(&stray.file.name).is_ok(), good, "{}", stray.file.name);
            prop_assert!(names.insert(&stray.file.name));
        }
        for round in evening.rounds() {
            for (file, kind) in [(&round.stats, Kind::Stats), (&round.endstats, Kind::Endstats)] {
                let Some(file) = file else { continue };
                let Ok(FileName::Round(name)) = FileName::parse(&file.name) else {
                    return Err(TestCaseError::fail(file.name.clone()));
                };
                prop_assert_eq!((name.kind, name.round), (kind, round.truth.label));
                prop_assert_eq!(&name.map, &round.truth.map);
                let lead = round.truth.stamp.seconds() - name.stamp.seconds();
                prop_assert!(if kind == Kind::Stats { lead == 0 } else { (1..=3).contains(&lead) }, "{}", lead);
                prop_assert!(names.insert(&file.name));
            }
        }
    }
}
