use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::domain::leaf::NUMBERS;

/// Sums as some rounds may leave them: parts never exceed their wholes, and what old files lack may be unknown.
fn sums() -> impl Strategy<Value = Sums> {
    let known = prop::bool::weighted(0.8);
    let seeds = prop::collection::vec(0_i64..=1000, NUMBERS.len());
    (1_i64..400, known, known, known, seeds).prop_map(|(rounds, common, denied, revives, seeds)| {
        let mut sums = [0; Number::COUNT];
        let seed = |number: Number| seeds[number as usize];
        let mut set = |number: Number, value: i64| {
            sums[number as usize] = value;
            value
        };
        set(Number::Rounds, rounds);
        let kills = set(Number::Kills, seed(Number::Kills) * rounds / 20);
        set(Number::Deaths, seed(Number::Deaths) * rounds / 20);
        let shots = set(Number::BulletShots, seed(Number::BulletShots) * rounds);
        let hits = set(Number::BulletHits, shots * seed(Number::BulletHits) / 1000);
        set(Number::Headshots, hits * seed(Number::Headshots) / 1000);
        let seconds = rounds * (60 + seed(Number::Seconds));
        if common {
            set(Number::KnownRounds, rounds);
            let known_kills = set(Number::KnownKills, kills);
            set(Number::Seconds, seconds);
            set(Number::DeadSeconds, seconds * seed(Number::DeadSeconds) / 1000);
            for number in [Number::DamageGiven, Number::DamageReceived, Number::TeamDamageGiven] {
                set(number, seed(number) * rounds * 5);
            }
            for number in [Number::Gibs, Number::Objectives, Number::Multikills] {
                set(number, seed(number) * rounds / 100);
            }
            set(Number::MultikillsKnownSeconds, seconds);
            for number in [Number::HeadshotKills, Number::UsefulKills] {
                set(number, known_kills * seed(number) / 1000);
            }
        }
        if denied {
            set(Number::DeniedSeconds, seed(Number::DeniedSeconds) * rounds);
            set(Number::DeniedKnownSeconds, seconds);
            set(Number::UselessKnownKills, kills);
            set(Number::UselessKills, kills * seed(Number::UselessKills) / 1000);
        }
        if revives {
            set(Number::RevivesGiven, seed(Number::RevivesGiven) * rounds / 100);
            set(Number::RevivesKnownSeconds, seconds);
        }
        sums
    })
}

/// Percentages of a whole, which end at 100.
const SHARES: [&str; 8] = [
    "accuracy",
    "headshot_accuracy",
    "headshot_kill_rate",
    "efficiency",
    "survival_rate",
    "time_dead_ratio",
    "useful_rate",
    "useless_rate",
];

/// Values that add up and do not stay the same when everything is played twice.
const COUNTS: [&str; 7] = ["games", "kills", "gibs", "revives", "objectives", "multikills", "denied_playtime"];

proptest! {
    #[test]
    fn values_stay_in_their_bounds(sums in sums()) {
        for metric in ALL {
            let Some(value) = metric.of(&sums) else { continue };
            prop_assert!(value >= 0, "{} is {value}", metric.key);
            prop_assert!(!SHARES.contains(&metric.key) || value <= 1000, "{} is {value}", metric.key);
        }
        if let (Some(alive), Some(dead)) = (survival_rate::METRIC.of(&sums), time_dead_ratio::METRIC.of(&sums)) {
            // Each is rounded half up for itself.
            prop_assert!((1000..=1001).contains(&(alive + dead)));
        }
        if let (Some(dpm), Some(alive)) = (dpm::METRIC.of(&sums), frag_potential::METRIC.of(&sums)) {
            prop_assert!(dpm <= alive, "nobody does damage while he waits");
        }
    }

    #[test]
    fn the_same_played_again_changes_no_rate(sums in sums(), times in 2_i64..50) {
        let again = sums.map(|sum| sum * times);
        for metric in ALL {
            let (once, more) = (metric.of(&sums), metric.of(&again));
            if COUNTS.contains(&metric.key) {
                prop_assert_eq!(once.map(|value| value * times), more, "{}", metric.key);
            } else if !(["kd", "damage_efficiency"].contains(&metric.key)
                && (Number::Deaths.of(&sums) == 0 || Number::DamageReceived.of(&sums) == 0))
            {
                prop_assert_eq!(once, more, "{}", metric.key);
            }
        }
    }

    #[test]
    fn a_rate_of_two_sums_lies_between_their_rates(one in sums(), other in sums()) {
        let mut both = one;
        for (sum, part) in both.iter_mut().zip(other) {
            *sum += part;
        }
        for metric in ALL.into_iter().filter(|metric| !COUNTS.contains(&metric.key)) {
            let floor_is_met = Number::Deaths.of(&one).min(Number::Deaths.of(&other)) > 0
                && Number::DamageReceived.of(&one).min(Number::DamageReceived.of(&other)) > 0;
            if let (Some(a), Some(b), Some(joint)) = (metric.of(&one), metric.of(&other), metric.of(&both))
                && floor_is_met
            {
                prop_assert!((a.min(b)..=a.max(b)).contains(&joint), "{}: {a}, {b}, {joint}", metric.key);
            }
        }
    }
}

#[test]
fn nothing_is_known_of_nobody() {
    for metric in ALL {
        assert_eq!(metric.of(&[0; Number::COUNT]), None, "{}", metric.key);
    }
}

#[test]
fn what_no_file_told_is_unknown_and_not_nothing() {
    let mut sums = [0; Number::COUNT];
    sums[Number::Rounds as usize] = 3;
    sums[Number::Kills as usize] = 20;
    sums[Number::Deaths as usize] = 10;
    let told: BTreeSet<&str> =
        ALL.iter().filter(|metric| metric.of(&sums).is_some()).map(|metric| metric.key).collect();
    let expected = ["games", "kills", "kd", "efficiency", "kills_per_round", "deaths_per_round"];
    assert_eq!(told, BTreeSet::from(expected));
}

#[test]
fn every_metric_has_a_name_of_its_own() {
    let keys: BTreeSet<&str> = ALL.iter().map(|metric| metric.key).collect();
    assert_eq!(keys.len(), ALL.len());
    for metric in ALL {
        assert!(metric.column.len() <= 6 && !metric.definition.is_empty() && metric.decimals <= 2, "{}", metric.key);
        assert_eq!(find(metric.key).map(Metric::formula_id), Some(metric.formula_id()));
    }
    assert_eq!(dpm::METRIC.formula_id(), "dpm@1");
}
