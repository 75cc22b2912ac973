//! Each accident can be had alone, and the truth tells it.

use super::reader::read;
use super::{plan, play};
use crate::artifact::RoundNumber;
use crate::sim::{Accidents, Evening, Fate, Mode, Numbers, Plan, PlayerTruth, RoundKind, StrayKind};

fn evening(accidents: Accidents) -> Evening {
    play(&Plan { accidents, ..plan(21) }).unwrap().next().unwrap()
}

fn none() -> Accidents {
    Accidents::default()
}

fn players(evening: &Evening, number: RoundNumber) -> Vec<&PlayerTruth> {
    let rounds = evening.rounds().filter(|round| round.truth.number == number);
    rounds.flat_map(|round| &round.truth.players).collect()
}

#[test]
fn a_plain_evening_has_none() {
    let evening = evening(none());
    assert!(evening.strays.is_empty() && evening.teams.len() == 1);
    for round in evening.rounds() {
        assert!(matches!(round.truth.kind, RoundKind::Complete | RoundKind::Fullhold));
        assert!(round.truth.fate == Fate::Whole && !round.truth.rerun && round.truth.paused_ms == 0);
        for player in &round.truth.players {
            assert!(player.recorded.time_tenths <= player.actual.time_tenths + 1 && !player.bot);
            assert!(matches!(player.mode, Mode::First | Mode::Cumulative));
        }
    }
}

#[test]
fn surrenders_pauses_and_cut_offs() {
    let gave_up = evening(Accidents { surrender: 1.0, pause: 1.0, ..none() });
    assert!(gave_up.rounds().all(|round| round.truth.kind == RoundKind::Surrender && round.truth.paused_ms > 0));
    let attackers = gave_up.rounds().filter(|round| round.truth.surrendered == Some(round.truth.defender.other()));
    assert!((1..gave_up.rounds().count()).contains(&attackers.count()), "either side gives up now and then");

    let changed = evening(Accidents { map_change: 1.0, ..none() });
    let stopped = evening(Accidents { server_stop: 1.0, ..none() });
    for map in changed.maps.iter().chain(&stopped.maps) {
        let last = &map.rounds.last().unwrap();
        assert!(last.truth.kind == RoundKind::Abort && last.endstats.is_none());
    }
    let last = |evening: &Evening, number| {
        let rounds = evening.rounds().filter(|round| round.truth.kind == RoundKind::Abort);
        rounds.filter(|round| round.truth.number == number).map(|round| round.truth.label).collect::<Vec<_>>()
    };
    for number in [RoundNumber::One, RoundNumber::Two] {
        assert!(last(&changed, number).iter().all(|&label| label == RoundNumber::Two));
        assert!(last(&stopped, number).iter().all(|&label| label != number));
        assert!(!last(&changed, number).is_empty() && !last(&stopped, number).is_empty());
    }
}

#[test]
fn lost_and_replayed_rounds() {
    let lost = evening(Accidents { r1_lost: 1.0, ..none() });
    assert!(lost.rounds().all(|round| round.stats.is_none() == (round.truth.number == RoundNumber::One)));
    let lost = evening(Accidents { r2_lost: 1.0, ..none() });
    assert!(lost.rounds().all(|round| (round.truth.fate == Fate::Lost) == (round.truth.number == RoundNumber::Two)));
    let half = evening(Accidents { r2_not_played: 1.0, ..none() });
    assert!(half.maps.iter().all(|map| map.rounds.len() == 1));

    let rerun = evening(Accidents { r1_rerun: 1.0, ..none() });
    for map in &rerun.maps {
        let [first, one, two] = &map.rounds[..] else { panic!("three rounds") };
        assert!(first.truth.rerun && !one.truth.rerun && !two.truth.rerun);
        assert!(first.truth.pairing != one.truth.pairing && one.truth.pairing == two.truth.pairing);
    }

    let twice = evening(Accidents { same_map_twice: 1.0, ..none() });
    let names: Vec<_> = twice.maps.iter().map(|map| map.truth.map.as_str()).collect();
    assert!(names.chunks(2).all(|pair| pair[0] == pair[1]), "{names:?}");
    let rounds: Vec<i64> = twice
        .rounds()
        .take(4)
        .map(|round| {
            let rows = read(&round.stats.as_ref().unwrap().bytes).1;
            rows.into_values().next().unwrap().rounds
        })
        .collect();
    assert_eq!(rounds, [0, 1, 1, 2]);
}

#[test]
fn players_who_drop_leave_join_and_watch() {
    let dropped = evening(Accidents { reconnect_in_round: 1.0, ..none() });
    assert!(players(&dropped, RoundNumber::Two).iter().all(|player| player.mode == Mode::Reset && player.reset_shows));
    assert!(players(&dropped, RoundNumber::One).iter().all(|player| player.recorded.shots() < player.actual.shots()));

    let between = evening(Accidents { reconnect_between: 1.0, ..none() });
    for player in players(&between, RoundNumber::Two) {
        assert!(player.mode == Mode::Reset && player.recorded == Numbers { ..player.actual.clone() });
    }

    let watched = evening(Accidents { spectates_r2: 1.0, ..none() });
    for player in players(&watched, RoundNumber::Two) {
        assert!(player.listed_as_spectator && player.in_file && player.recorded == Numbers::default());
    }
    let late = evening(Accidents { spectates_late: 1.0, ..none() });
    assert!(players(&late, RoundNumber::One).iter().all(|p| p.listed_as_spectator && p.recorded.time_tenths > 0));

    let left = evening(Accidents { leaver: 1.0, ..none() });
    assert!(players(&left, RoundNumber::Two).is_empty(), "whoever left does not come back on this map");
    let joined = evening(Accidents { late_joiner: 1.0, ..none() });
    assert!(players(&joined, RoundNumber::Two).iter().any(|player| player.mode == Mode::New && player.in_file));

    let replaced = evening(Accidents { substitution: 0.1, ..none() });
    let pair = &replaced.teams[0];
    assert!(pair.a.len() + pair.b.len() > 12);
    let sizes: Vec<usize> = replaced.rounds().map(|r| r.truth.players.len()).collect();
    assert!(sizes.iter().any(|&size| size > 12), "{sizes:?}");
}

#[test]
fn names_bots_and_teams() {
    let renamed = evening(Accidents { rename: 1.0, ..none() });
    let map = &renamed.maps[0];
    for (one, two) in map.rounds[0].truth.players.iter().zip(&map.rounds[1].truth.players) {
        assert!(one.guid == two.guid && one.name != two.name);
    }
    let bots = evening(Accidents { bots: 1.0, ..none() });
    for round in bots.rounds() {
        let there: Vec<_> = round.truth.players.iter().filter(|player| player.bot).collect();
        assert_eq!(there.len(), 2);
        assert!(there.iter().all(|bot| bot.guid8.starts_with("OMNIBOT") && bot.in_file && bot.guid.len() == 32));
    }
    let shuffled = evening(Accidents { shuffle: 1.0, ..none() });
    assert_eq!(shuffled.teams.iter().map(|pair| pair.first_map).collect::<Vec<_>>(), [0, 3]);
    assert_ne!(shuffled.teams[0].a, shuffled.teams[1].a);
    assert!(shuffled.maps.iter().enumerate().all(|(index, map)| map.truth.pair == usize::from(index >= 3)));
}

#[test]
fn files_beside_the_rounds_own() {
    let strange = evening(Accidents {
        empty_file: 1.0,
        random_bytes: 1.0,
        header_only: 1.0,
        copy: 1.0,
        copy_with_other_header: 1.0,
        malformed_name: 1.0,
        ..none()
    });
    let content = |name: &str| &strange.files().find(|file| file.name == name).unwrap().bytes;
    let mut kinds = [0; 6];
    for stray in &strange.strays {
        let bytes = &stray.file.bytes;
        kinds[match &stray.what {
            StrayKind::Empty => {
                assert!(bytes.is_empty());
                0
            }
            StrayKind::RandomBytes => 1,
            StrayKind::HeaderOnly => {
                assert!(bytes.ends_with(b"\n") && bytes.split(|&b| b == b'\n').count() == 2);
                2
            }
            StrayKind::Copy { of } => {
                assert!(bytes == content(of) && stray.file.name > *of);
                3
            }
            StrayKind::CopyWithOtherHeader { of } => {
                let after = |bytes: &[u8]| bytes.splitn(2, |&b| b == b'\n').nth(1).unwrap().to_vec();
                assert!(bytes != content(of) && after(bytes) == after(content(of)));
                4
            }
            StrayKind::MalformedName { of } => {
                assert_eq!(bytes, content(of));
                5
            }
        }] += 1;
    }
    assert_eq!(kinds, [1, 1, 1, 12, 12, 12]);
}

#[test]
fn a_late_start_crosses_midnight() {
    let late = evening(Accidents { late_start: 1.0, ..none() });
    let days: std::collections::HashSet<_> = late.rounds().map(|round| round.truth.stamp.date()).collect();
    assert_eq!(days.len(), 2);
}
