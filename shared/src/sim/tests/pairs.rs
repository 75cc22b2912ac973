//! Round 1 and what the truth says of round 2 together are what round 2's file shows.

use std::collections::HashMap;

use super::reader::{Row, Who, read};
use super::{play, storm};
use crate::artifact::RoundNumber;
use crate::sim::{Evening, Fate, Mode, Numbers, PlayerTruth, SimRound};

/// TAB fields that are sums over the match, as the truth has them.
fn sums(numbers: &Numbers) -> [(usize, u32); 9] {
    [
        (0, numbers.damage_given),
        (1, numbers.damage_received),
        (2, numbers.team_damage_given),
        (3, numbers.team_damage_received),
        (4, numbers.gibs),
        (5, numbers.self_kills),
        (6, numbers.team_kills),
        (7, numbers.team_gibs),
        (20, numbers.shots()),
    ]
}

/// TAB fields that start anew each round.
fn per_round(numbers: &Numbers) -> Vec<(usize, u32)> {
    let chains = numbers.multikills.iter().enumerate().map(|(index, &chains)| (29 + index, chains));
    let fields = [
        (10, numbers.killing_spree),
        (11, numbers.death_spree),
        (12, numbers.kill_assists),
        (13, numbers.kill_steals),
        (14, numbers.headshot_kills),
        (15, numbers.objectives_stolen),
        (16, numbers.objectives_returned),
        (17, numbers.dynamites_planted),
        (18, numbers.dynamites_defused),
        (19, numbers.times_revived),
        (27, numbers.useful_kills),
        (28, numbers.denied_seconds),
        (34, numbers.useless_kills),
        (35, numbers.full_selfkills),
        (36, numbers.repairs),
        (37, numbers.revives_given),
    ];
    fields.into_iter().chain(chains).collect()
}

fn whole(round: &SimRound) -> Option<HashMap<Who, Row>> {
    let there = matches!(round.truth.fate, Fate::Whole | Fate::CutThenWhole);
    round.stats.as_ref().filter(|_| there).map(|stats| read(&stats.bytes).1)
}

fn check(player: &PlayerTruth, row: &Row, before: Option<&Row>) {
    let recorded = &player.recorded;
    let before = before.filter(|_| player.mode == Mode::Cumulative);
    for (field, number) in sums(recorded) {
        assert_eq!(row.int(field) - before.map_or(0, |row| row.int(field)), i64::from(number), "TAB[{field}]");
    }
    for (field, number) in per_round(recorded) {
        assert_eq!(row.int(field), i64::from(number), "TAB[{field}]");
    }
    assert_eq!(row.tenths(22) - before.map_or(0, |row| row.tenths(22)), i64::from(recorded.time_tenths));
    assert_eq!(row.tenths(25), i64::from(recorded.dead_tenths));
    assert_eq!(row.int(9), i64::from(recorded.xp));
    assert_eq!(row.fields[21], "0.0");
    for (bit, weapon) in recorded.weapons.iter().enumerate() {
        let expected = [weapon.hits, weapon.shots, weapon.kills, weapon.deaths, weapon.headshots].map(i64::from);
        let group = |row: &Row| row.weapons.get(&bit).copied().unwrap_or_default();
        let earlier = before.map(group).unwrap_or_default();
        let now = group(row);
        assert_eq!(std::array::from_fn(|column| now[column] - earlier[column]), expected, "weapon {bit}");
    }
}

/// Finds a player's line by GUID, and by name where GUIDs are not one's own.
fn line<'a>(rows: &'a HashMap<Who, Row>, player: &PlayerTruth) -> Option<&'a Row> {
    let mut of_guid = rows.iter().filter(|((guid, _), _)| *guid == player.guid8);
    let first = of_guid.next();
    if of_guid.next().is_some() {
        rows.get(&(player.guid8.clone(), player.name.clone()))
    } else {
        first.map(|(_, row)| row)
    }
}

fn check_evening(evening: &Evening, modes: &mut HashMap<&'static str, u32>) {
    for round in evening.rounds() {
        let Some(rows) = whole(round) else { continue };
        let truth = &round.truth;
        let first = evening.rounds().find(|other| {
            other.truth.pairing == truth.pairing
                && other.truth.number == RoundNumber::One
                && truth.number == RoundNumber::Two
        });
        assert_eq!(rows.len(), truth.players.iter().filter(|player| player.in_file).count());
        let before = first.and_then(whole);
        if truth.number == RoundNumber::Two && before.is_none() {
            continue;
        }
        for player in truth.players.iter().filter(|player| player.in_file) {
            let row = &rows[&(player.guid8.clone(), player.name.clone())];
            let earlier = before.as_ref().and_then(|rows| line(rows, player));
            check(player, row, earlier);
            let team = if player.listed_as_spectator { 3 } else { i64::from(player.side.number()) };
            assert_eq!(row.team, team);
            match (player.mode, earlier) {
                (Mode::Cumulative, Some(earlier)) => assert_eq!(row.rounds, earlier.rounds + 1),
                (Mode::Reset, Some(earlier)) => {
                    let fell = (0..8).any(|field| row.int(field) < earlier.int(field))
                        || row.tenths(22) < earlier.tenths(22)
                        || (2..4).any(|column| row.weapon_sum(column) < earlier.weapon_sum(column));
                    assert_eq!(player.reset_shows, fell || row.rounds != earlier.rounds + 1);
                }
                (Mode::First | Mode::New, None) => {}
                (mode, earlier) => panic!("{mode:?}, in round 1's file: {}", earlier.is_some()),
            }
            *modes
                .entry(match player.mode {
                    Mode::First => "first",
                    Mode::Cumulative => "cumulative",
                    Mode::Reset => "reset",
                    Mode::New => "new",
                })
                .or_default() += 1;
        }
    }
}

#[test]
fn round_1_and_the_recorded_round_2_are_what_the_file_of_round_2_shows() {
    let mut modes = HashMap::new();
    for seed in 0..25 {
        for evening in play(&storm(seed)).unwrap() {
            check_evening(&evening, &mut modes);
        }
    }
    // every way in which counters come about was met
    assert_eq!(modes.len(), 4, "{modes:?}");
}

#[test]
fn recorded_is_all_that_happened_unless_the_engine_forgot_some() {
    let mut forgotten = 0;
    for evening in play(&storm(4)).unwrap() {
        for player in evening.rounds().flat_map(|round| &round.truth.players) {
            let (recorded, actual) = (&player.recorded, &player.actual);
            assert!(recorded.damage_given <= actual.damage_given && recorded.deaths() <= actual.deaths());
            if recorded.damage_received < actual.damage_received {
                forgotten += 1;
            } else {
                assert_eq!((recorded.kills(), recorded.shots()), (actual.kills(), actual.shots()));
            }
        }
    }
    assert!(forgotten > 0);
}
