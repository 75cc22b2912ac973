//! The engine's rules as the headers show them.

use super::reader::{Head, read};
use super::{plan, play, storm};
use crate::artifact::RoundNumber;
use crate::sim::{Fate, MapResult, Plan, Roster, RoundKind, SimRound};

fn head(round: &SimRound) -> Option<Head> {
    let readable = matches!(round.truth.fate, Fate::Whole | Fate::CutThenWhole);
    round.stats.as_ref().filter(|_| readable).map(|stats| read(&stats.bytes).0)
}

#[test]
fn every_field_is_what_the_engine_and_the_writer_put_there() {
    let mut aborts = 0;
    for evening in (0..15).flat_map(|seed| play(&storm(seed)).unwrap()) {
        for round in evening.rounds() {
            let truth = &round.truth;
            let Some(head) = head(round) else { continue };
            assert_eq!(head.fields.len(), 9);
            assert_eq!(head.fields[1], truth.map.as_str());
            assert_eq!(head.number(3), i64::from(truth.label.number()));
            assert_eq!(head.number(4), i64::from(truth.defender.number()));
            assert_eq!((head.seconds(6), &head.fields[7]), (truth.limit_seconds, &truth.next));
            if truth.kind == RoundKind::Abort {
                aborts += 1;
                assert!(head.number(8) < 0);
                assert_eq!(head.number(5), head.number(4), "the defenders until an objective says otherwise");
                if truth.label == RoundNumber::Two {
                    let sum = head.seconds(7) + head.seconds(6);
                    assert!(head.seconds(7) > head.seconds(6) && sum.is_multiple_of(5));
                } else {
                    assert_eq!(head.fields[7], head.fields[6]);
                }
                continue;
            }
            assert_eq!(truth.label, truth.number);
            let winner = truth.winner.unwrap();
            assert_eq!(head.number(5), i64::from(winner.number()));
            if winner == truth.defender {
                assert_eq!(head.fields[7], head.fields[6]);
            } else {
                let set = truth.duration_ms / 1000;
                assert!((set.saturating_sub(1)..=set).contains(&head.seconds(7)));
                assert!(head.seconds(7) <= head.seconds(6));
            }
            let short = i64::from(truth.duration_ms) - head.number(8);
            assert!((0..1_000).contains(&short));
            assert_eq!(truth.surrendered.is_some(), truth.kind == RoundKind::Surrender);
            assert!(truth.surrendered.is_none_or(|side| side != winner));
            let spent = truth.ended_ms - truth.started_ms;
            assert_eq!(spent, u64::from(truth.duration_ms) + u64::from(truth.paused_ms));
        }
    }
    assert!(aborts > 0);
}

#[test]
fn round_2_runs_on_the_clock_that_round_1_left_and_the_teams_change_sides() {
    for evening in (0..15).flat_map(|seed| play(&storm(seed)).unwrap()) {
        for map in &evening.maps {
            let last = |number| map.rounds.iter().rfind(|round| round.truth.number == number);
            let (Some(one), Some(two)) = (last(RoundNumber::One), last(RoundNumber::Two)) else { continue };
            assert_eq!(one.truth.pairing, two.truth.pairing);
            assert_eq!(one.truth.side_of_a, two.truth.side_of_a.other());
            assert_eq!(one.truth.defender, two.truth.defender);
            if let (Some(one), Some(two)) = (head(one), head(two)) {
                assert_eq!(one.fields[7], two.fields[6]);
            }
        }
    }
}

#[test]
fn a_map_is_won_by_the_last_attack_that_succeeds() {
    let mut seen = [0; 4];
    for evening in (0..30).flat_map(|seed| play(&storm(seed)).unwrap()) {
        let mut score = vec![(0, 0, 0); evening.teams.len()];
        for map in &evening.maps {
            let decided: Vec<_> = map.rounds.iter().filter(|round| !round.truth.rerun).collect();
            let both = decided.len() == 2 && decided.iter().all(|round| round.truth.winner.is_some());
            let success = decided.iter().rfind(|round| round.truth.winner == Some(round.truth.defender.other()));
            let score = &mut score[map.truth.pair];
            match map.truth.result {
                MapResult::Incomplete => assert!(!both),
                MapResult::Tie => {
                    assert!(both && success.is_none());
                    score.2 += 1;
                }
                MapResult::Won(roster) => {
                    let attack = &success.unwrap().truth;
                    assert!(both);
                    assert_eq!(attack.roster_of(attack.defender.other()), roster);
                    if roster == Roster::A { score.0 += 1 } else { score.1 += 1 }
                }
            }
            seen[match map.truth.result {
                MapResult::Won(Roster::A) => 0,
                MapResult::Won(Roster::B) => 1,
                MapResult::Tie => 2,
                MapResult::Incomplete => 3,
            }] += 1;
        }
        let told: Vec<_> = evening.teams.iter().map(|pair| (pair.wins_a, pair.wins_b, pair.ties)).collect();
        assert_eq!(told, score);
    }
    assert!(seen.iter().all(|&count| count > 0), "{seen:?}");
}

#[test]
fn sides_follow_abba_or_abab() {
    for (alternate_sides, expected) in [(false, "AbbAAb"), (true, "AbAbAb")] {
        let evening = play(&Plan { alternate_sides, ..plan(2) }).unwrap().next().unwrap();
        let first = evening.maps[0].rounds[0].truth.side_of_a;
        let order: String =
            evening.rounds().take(6).map(|round| if round.truth.side_of_a == first { 'A' } else { 'b' }).collect();
        assert_eq!(order, expected);
    }
}
