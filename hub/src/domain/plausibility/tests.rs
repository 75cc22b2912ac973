//! For each rule a line or a round that it finds, one edit away from a plain one.

use std::collections::BTreeSet;

use slomix_shared::artifact::{FileName, RoundFileName};
use slomix_shared::formats::stats::{self, Field, StatsFile};

use super::*;
use crate::domain::differential::{as_written, difference};
use crate::domain::outcome;
use crate::domain::play::Play;
use crate::domain::round::{Origin, PlayerRound};

const HEADER: &str = r"S\supply\legacy3\1\1\2\10:00\5:12";
/// Hits, shots, kills, deaths and headshots of the MP 40.
const MP40: &str = "16 97 247 12 4 9";
/// The round's length in seconds.
const DURATION: Option<i64> = Some(312);

/// A plain line of five minutes and twelve seconds, with some fields replaced.
fn line(guid: &str, weapons: &str, edits: &[(Field, &str)]) -> String {
    let mut values = ["0"; Field::COUNT];
    for &(field, value) in [
        (Field::DamageGiven, "2014"),
        (Field::DamageReceived, "1626"),
        (Field::SelfKills, "2"),
        (Field::TimePlayedPercent, "86.0"),
        (Field::Xp, "66"),
        (Field::KillingSpree, "3"),
        (Field::HeadshotKills, "4"),
        (Field::TimesRevived, "1"),
        (Field::BulletsFired, "247"),
        (Field::TimePlayedMinutes, "5.2"),
        (Field::TimeDeadRatio, "27.5"),
        (Field::TimeDeadMinutes, "1.4"),
        (Field::KdRatio, "3.0"),
        (Field::DeniedPlaytime, "50"),
    ]
    .iter()
    .chain(edits)
    {
        values[field as usize] = value;
    }
    format!("{guid}\\n\\0\\1\\{weapons} \t{}\n", values.join("\t"))
}

fn file(header: &str, lines: &[String]) -> StatsFile {
    stats::parse(format!("{header}\n{}", lines.concat()).as_bytes()).unwrap()
}

/// The flags of a player's row with these weapons and fields.
fn flags_of(weapons: &str, edits: &[(Field, &str)]) -> BTreeSet<&'static str> {
    let stats = file(HEADER, &[line("AAAA0001", weapons, edits)]);
    let player = as_written(&stats, Origin::AsWritten).remove(0);
    let odd = of_player(&player, DURATION);
    player.flags.union(&odd).copied().collect()
}

#[test]
fn a_plain_line_has_no_flag() {
    assert_eq!(flags_of(MP40, &[]), BTreeSet::new());
}

#[test]
fn each_rule_of_a_player_finds_what_it_is_for() {
    type Edit = (Field, &'static str);
    let cases: [(&str, &str, &[Edit]); 22] = [
        ("headshot_kills_over_kills", MP40, &[(Field::HeadshotKills, "13")]),
        ("dead_longer_than_played", MP40, &[(Field::TimeDeadMinutes, "5.3"), (Field::TimeDeadRatio, "101.9")]),
        ("longer_than_round", MP40, &[(Field::TimePlayedMinutes, "6.3"), (Field::TimeDeadRatio, "22.2")]),
        ("revived_without_dying", MP40, &[(Field::TimesRevived, "7")]),
        ("denied_over_played", MP40, &[(Field::DeniedPlaytime, "314")]),
        ("accuracy_over_100", "16 248 247 12 4 9", &[]),
        ("alive_share_odd", MP40, &[(Field::TimePlayedPercent, "105.1")]),
        ("kill_rate", "16 97 247 105 35 9", &[]),
        ("death_rate", "16 97 247 315 105 9", &[]),
        ("damage_rate", MP40, &[(Field::DamageGiven, "31201")]),
        ("damage_rate", MP40, &[(Field::DamageReceived, "31201")]),
        ("revive_rate", MP40, &[(Field::RevivesGiven, "40")]),
        ("gib_rate", MP40, &[(Field::Gibs, "157")]),
        ("dynamite_rate", MP40, &[(Field::DynamitesPlanted, "13")]),
        ("xp_rate", MP40, &[(Field::Xp, "469")]),
        ("shot_rate", "16 97 4681 12 4 9", &[(Field::BulletsFired, "4681")]),
        ("bullets_mismatch", MP40, &[(Field::BulletsFired, "246")]),
        ("headshots_over_hits", "16 97 247 12 4 98", &[]),
        ("dead_ratio_mismatch", MP40, &[(Field::TimeDeadRatio, "33.0")]),
        ("spree_below_three", MP40, &[(Field::DeathSpree, "2")]),
        ("negative", MP40, &[(Field::Gibs, "-1")]),
        ("kill_without_weapon", MP40, &[(Field::KdRatio, "3.5")]),
    ];
    for (flag, weapons, edits) in cases {
        let found = flags_of(weapons, edits);
        assert!(found.contains(flag), "{flag}: {found:?}");
    }
    // A grenade may hit more often than it is thrown.
    assert_eq!(flags_of("2048 12 7 12 4 0", &[(Field::BulletsFired, "7")]), BTreeSet::new());
}

#[test]
fn a_bound_is_no_finding() {
    for (weapons, edits) in [
        ("16 97 247 104 35 9", vec![(Field::BulletsFired, "247"), (Field::KdRatio, "3.0")]),
        (MP40, vec![(Field::DamageGiven, "31200"), (Field::Xp, "468"), (Field::DynamitesPlanted, "12")]),
        (MP40, vec![(Field::TimesRevived, "6"), (Field::HeadshotKills, "12"), (Field::RevivesGiven, "39")]),
        (MP40, vec![(Field::TimePlayedPercent, "105.0"), (Field::DeniedPlaytime, "313"), (Field::Gibs, "156")]),
    ] {
        assert_eq!(flags_of(weapons, &edits), BTreeSet::new(), "{edits:?}");
    }
}

#[test]
fn a_flag_changes_no_number() {
    let odd = [(Field::HeadshotKills, "13"), (Field::TimeDeadMinutes, "9.9"), (Field::DamageGiven, "99999")];
    let stats = file(HEADER, &[line("AAAA0001", "16 300 247 12 4 9", &odd)]);
    let player = as_written(&stats, Origin::AsWritten).remove(0);
    let get = |field| player.fields.get(field);
    assert_eq!(get(Field::HeadshotKills), Some(13));
    assert_eq!(get(Field::DamageGiven), Some(99_999));
    assert_eq!(player.weapon_sum(|weapon| weapon.hits), 300);
    // The better value of the dead time stands beside the raw one.
    assert_eq!((get(Field::TimeDeadMinutes), player.dead_seconds()), (Some(99), Some(312)));
}

#[test]
fn totals_of_both_halves_are_no_round_s_numbers() {
    let stats = file(HEADER, &[line("AAAA0001", MP40, &[(Field::TimePlayedMinutes, "15.2")])]);
    let of = |origin| of_player(&as_written(&stats, origin)[0], DURATION);
    assert!(of(Origin::AsWritten).contains("longer_than_round"));
    assert_eq!(of(Origin::Cumulative), BTreeSet::new());
}

/// The flags of a round with this header, played by these lines.
fn flags_of_round(header: &str, file_name: &str, lines: &[String]) -> BTreeSet<&'static str> {
    let stats = file(header, lines);
    let players = as_written(&stats, Origin::AsWritten);
    facts(file_name, &stats, None, &players)
}

fn facts(
    file_name: &str,
    stats: &StatsFile,
    first: Option<&StatsFile>,
    players: &[PlayerRound],
) -> BTreeSet<&'static str> {
    let Ok(FileName::Round(RoundFileName { stamp, map, round, .. })) = FileName::parse(file_name) else {
        panic!("{file_name}")
    };
    let play = Play { artifact: 1, file_name, stamp, map_key: map.key(), map: &map, number: round, stats };
    let longest = players.iter().filter_map(|player| player.seconds).max();
    of_round(&RoundFacts {
        play: &play,
        header: &stats.header,
        first,
        outcome: outcome::outcome(round, &stats.header),
        duration: outcome::duration(round, &stats.header, longest),
        players,
    })
}

const R1: &str = "2026-01-12-100000-supply-round-1.txt";
const R2: &str = "2026-01-12-101000-supply-round-2.txt";

#[test]
fn each_rule_of_a_round_finds_what_it_is_for() {
    let two = |guid: &str| [line("AAAA0001", MP40, &[]), line(guid, MP40, &[])];
    assert_eq!(flags_of_round(HEADER, R1, &two("BBBB0002")), BTreeSet::new());
    for (header, name, expected) in [
        (r"S\supply\c\1\\2\10:00\5:12", R1, &["defender_missing", "told_by_clock"][..]),
        (r"S\supply\c\1\axis\2\10:00\5:12", R1, &["defender_non_numeric", "told_by_clock"]),
        (r"S\supply\c\1\5\2\10:00\5:12", R1, &["defender_out_of_range", "told_by_clock"]),
        (r"S\supply\c\1\1\\10:00\5:12", R1, &["told_by_clock", "winner_missing"]),
        (r"S\supply\c\1\1\axis\10:00\5:12", R1, &["told_by_clock", "winner_non_numeric"]),
        (r"S\supply\c\1\1\3\10:00\5:12", R1, &["told_by_clock", "winner_out_of_range"]),
        (r"S\supply\c\1\1\0\10:00\5:12", R1, &["nobody_won", "told_by_clock"]),
        (r"S\supply\c\1\1\0\10:00\Unknown", R1, &["next_unreadable", "nobody_won"]),
        (r"S\supply\c\1\1\2\long\5:12", R1, &["limit_unknown"]),
        (r"S\supply\c\1\1\1\10:00\10:00\300000", R1, &["held_early"]),
        (r"S\supply\c\2\1\2\10:00\71:05", R2, &["garbage_next"]),
        (r"S\supply\c\2\1\2\10:00\5:12", R1, &["label_differs"]),
        (r"S\radar\c\1\1\2\10:00\5:12", R1, &["map_differs"]),
        (r"S\SUPPLY\c\1\1\2\10:00\5:12", R1, &[]),
    ] {
        let found: Vec<&str> = flags_of_round(header, name, &two("BBBB0002")).into_iter().collect();
        assert_eq!(found, expected, "{header}");
    }
    let mut lines = two("OMNIBOT0").to_vec();
    assert_eq!(flags_of_round(HEADER, R1, &lines), BTreeSet::new(), "as many bots as humans");
    lines.remove(0);
    assert_eq!(flags_of_round(HEADER, R1, &lines), BTreeSet::from(["bot_round"]));
    lines.extend(["no line\\of a player\n".to_owned(), line("AAAA0001", MP40, &[])]);
    assert_eq!(flags_of_round(HEADER, R1, &lines), BTreeSet::from(["lines_dropped"]));
}

#[test]
fn a_second_half_in_which_everybody_was_better_may_hold_the_first_one() {
    let half = |kills: &str, damage: &str, rounds: &str, players: usize| {
        let guids = ["AAAA0001", "BBBB0002", "CCCC0003", "DDDD0004"];
        let of = |guid: &&str| {
            let edits = [(Field::DamageGiven, damage), (Field::TimePlayedMinutes, "9.9")];
            line(guid, &MP40.replace("12 4", kills), &edits).replace("\\0\\1\\", &format!("\\{rounds}\\1\\"))
        };
        guids.iter().take(players).map(of).collect::<Vec<_>>()
    };
    let found = |players: usize, kills: &str| {
        let first = file(HEADER, &half("12 4", "2000", "0", players));
        let second = file(r"S\supply\c\2\1\1\5:12\5:12", &half(kills, "4001", "1", players));
        let difference = difference(&first, &second);
        facts(R2, &second, Some(&first), &difference.players).contains("all_beat_first_half")
    };
    assert!(found(4, "25 8"));
    assert!(!found(4, "24 8"), "nobody killed more");
    assert!(!found(3, "25 8"), "too few to say so");
}
