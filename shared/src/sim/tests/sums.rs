//! Sums that must agree, and numbers that must look like a real evening's.

use super::reader::read;
use super::{plan, play, storm};
use crate::game::Side;
use crate::sim::{Layout, Numbers, Plan};

#[test]
fn what_one_side_does_the_other_suffers() {
    for evening in (0..8).flat_map(|seed| play(&storm(seed)).unwrap()) {
        for round in evening.rounds() {
            let of = |side: Side, what: fn(&Numbers) -> u32| -> u32 {
                let players = round.truth.players.iter().filter(|player| player.side == side);
                players.map(|player| what(&player.actual)).sum()
            };
            for side in [Side::Axis, Side::Allies] {
                assert_eq!(of(side, |n| n.damage_given), of(side.other(), |n| n.damage_received));
                assert_eq!(of(side, |n| n.team_damage_given), of(side, |n| n.team_damage_received));
                assert_eq!(of(side, Numbers::kills), of(side.other(), Numbers::deaths));
                assert_eq!(of(side, |n| n.revives_given), of(side, |n| n.times_revived));
                for bit in 0..28 {
                    let weapon = |side: Side, deaths: bool| -> u32 {
                        let players = round.truth.players.iter().filter(|player| player.side == side);
                        players.map(|p| &p.actual.weapons[bit]).map(|w| if deaths { w.deaths } else { w.kills }).sum()
                    };
                    assert_eq!(weapon(side, false), weapon(side.other(), true), "weapon {bit}");
                }
            }
        }
    }
}

#[test]
fn fields_of_one_line_agree_with_each_other() {
    for evening in (0..8).flat_map(|seed| play(&storm(seed)).unwrap()) {
        for round in evening.rounds().filter(|round| round.stats.is_some()) {
            let stats = round.stats.as_ref().unwrap();
            if !stats.bytes.ends_with(b"\n") {
                continue;
            }
            for row in read(&stats.bytes).1.into_values() {
                assert_eq!(row.fields.len(), 38);
                assert_eq!(row.int(20), row.weapon_sum(1));
                let (kills, deaths) = (row.weapon_sum(2), row.weapon_sum(3));
                let ratio = if deaths == 0 { (kills + 1) * 10 } else { (20 * kills + deaths) / (2 * deaths) };
                assert_eq!(row.tenths(26), ratio);
                assert!(row.int(14) <= kills && row.tenths(8) <= 1000 && row.tenths(25) <= row.tenths(22));
                assert!(row.weapon_sum(0) <= row.weapon_sum(1) + 400);
                assert!([10, 11].iter().all(|&spree| row.int(spree) == 0 || row.int(spree) >= 3));
            }
        }
    }
}

#[test]
fn older_writers_have_fewer_fields_and_other_bullets() {
    for (layout, count, chains_at) in
        [(Layout::Fields33, 33, 28), (Layout::Fields36, 36, 29), (Layout::Fields37, 37, 29), (Layout::Fields38, 38, 29)]
    {
        let plan = Plan { layout, playtime_field: false, versus_headers: false, ..plan(6) };
        let evening = play(&plan).unwrap().next().unwrap();
        for round in evening.rounds() {
            let (head, rows) = read(&round.stats.as_ref().unwrap().bytes);
            assert_eq!(head.fields.len(), 8);
            for ((guid, _), row) in rows {
                assert_eq!(row.fields.len(), count);
                let player = round.truth.players.iter().find(|player| player.guid8 == guid).unwrap();
                assert_eq!(row.int(chains_at), i64::from(player.recorded.multikills[0]));
                assert_eq!(row.int(20) == row.weapon_sum(1), layout == Layout::Fields38);
            }
            let endstats = String::from_utf8(round.endstats.as_ref().unwrap().bytes.clone()).unwrap();
            assert!(!endstats.contains("VS_HEADER") && endstats.starts_with("Most damage given\t"));
        }
    }
}

/// The ranges are those of real evenings of the autumn of 2025, a little wider.
#[test]
fn an_average_player_looks_like_a_real_one() {
    let mut all = [0.0; 9];
    let mut minutes = 0.0;
    for evening in play(&Plan { evenings: 20, ..plan(11) }).unwrap() {
        for player in evening.rounds().flat_map(|round| &round.truth.players) {
            let n = &player.actual;
            minutes += f64::from(player.actual_ms) / 60_000.0;
            let numbers = [
                n.damage_given,
                n.kills(),
                n.self_kills,
                n.gibs,
                n.revives_given,
                n.hits(),
                n.shots(),
                n.headshots(),
                n.dead_tenths,
            ];
            for (sum, number) in all.iter_mut().zip(numbers) {
                *sum += f64::from(number);
            }
        }
    }
    let [damage, kills, self_kills, gibs, revives, hits, shots, heads, dead] = all;
    for (what, value, from, to) in [
        ("damage per minute", damage / minutes, 230.0, 310.0),
        ("kills per minute", kills / minutes, 1.1, 1.6),
        ("self kills per minute", self_kills / minutes, 0.3, 0.6),
        ("gibs per minute", gibs / minutes, 0.3, 0.5),
        ("revives per minute", revives / minutes, 0.2, 0.45),
        ("accuracy", hits / shots, 0.30, 0.42),
        ("head hits", heads / hits, 0.08, 0.14),
        ("share of time dead", dead / 10.0 / minutes, 0.15, 0.30),
    ] {
        assert!((from..to).contains(&value), "{what}: {value:.3}");
    }
}
