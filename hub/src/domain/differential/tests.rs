//! The golden pairs: real lines with names and GUIDs replaced.

use slomix_shared::formats::stats;

use super::*;

const R1: &str = r"S\etl_adlernest\legacy3\1\1\2\10:00\5:12";
const R2: &str = r"S\etl_adlernest\legacy3\2\1\2\5:12\4:55";

fn pair(first: &str, second: &str) -> Difference {
    let parse = |header: &str, line: &str| stats::parse(format!("{header}\n{line}\n").as_bytes()).unwrap();
    difference(&parse(R1, first), &parse(R2, second))
}

fn weapons(player: &PlayerRound) -> Vec<(&'static str, [i64; 5])> {
    player.weapons.iter().map(|w| (w.weapon.name(), [w.hits, w.shots, w.kills, w.deaths, w.headshots])).collect()
}

fn fields(player: &PlayerRound, list: &[Field]) -> Vec<Option<i64>> {
    list.iter().map(|&field| player.fields.get(field)).collect()
}

#[test]
fn golden_a_normal_player() {
    let result = pair(
        "AAAA0001\\^6A^2lpha\\0\\2\\134219832 10 18 3 0 3 4 9 0 4 2 97 247 9 0 9 1 7 0 0 0 2 2 0 0 0 \t2014\t1626\t85\t18\t1\t4\t0\t0\t86.0\t66\t3\t0\t0\t2\t4\t0\t0\t0\t0\t1\t283\t0.0\t5.2\t3.1\t27.5\t1.4\t3.0\t2\t50\t2\t0\t0\t0\t0\t5\t0\t0\t2",
        "AAAA0001\\^6A^2lpha\\1\\1\\134219837 0 16 0 0 0 3 8 2 0 0 10 18 3 2 3 56 150 4 4 10 104 268 9 5 11 2 10 0 0 0 3 3 0 0 0 \t3433\t3151\t85\t76\t4\t5\t0\t0\t81.4\t31\t3\t4\t1\t0\t0\t0\t0\t0\t0\t0\t473\t0.0\t10.1\t3.1\t26.1\t2.6\t1.6\t2\t46\t0\t0\t0\t0\t0\t1\t0\t0\t1",
    );
    assert!(!result.not_cumulative);
    let alpha = &result.players[0];
    assert_eq!((alpha.kills(), alpha.deaths(), alpha.seconds), (6, 7, Some(294)));
    assert_eq!((alpha.side, alpha.origin), (Some(Side::Axis), Origin::Difference));
    assert_eq!(
        weapons(alpha),
        [
            ("WS_KNIFE", [0, 16, 0, 0, 0]),
            ("WS_LUGER", [3, 8, 2, 0, 0]),
            ("WS_COLT", [0, 0, 0, 2, 0]),
            ("WS_MP40", [52, 141, 4, 0, 8]),
            ("WS_THOMPSON", [7, 21, 0, 5, 2]),
            ("WS_GRENADE", [1, 3, 0, 0, 0]),
            ("WS_SYRINGE", [1, 1, 0, 0, 0]),
        ]
    );
    assert_eq!(
        fields(
            alpha,
            &[
                Field::DamageGiven,
                Field::DamageReceived,
                Field::TeamDamageGiven,
                Field::TeamDamageReceived,
                Field::Gibs,
                Field::SelfKills,
                Field::BulletsFired,
                Field::TimePlayedPercent,
                Field::Xp,
                Field::HeadshotKills,
                Field::DeniedPlaytime,
                Field::RevivesGiven,
            ]
        ),
        [1419, 1525, 0, 58, 3, 1, 190, 765, 31, 0, 46, 1].map(Some)
    );
}

#[test]
fn golden_b_reconnected_player() {
    let result = pair(
        "BBBB0002\\bob\\1\\2\\134217791 0 1 0 0 0 0 9 0 0 0 0 0 0 2 0 5 7 1 0 1 2 4 0 11 0 47 235 5 3 6 10 12 0 0 0 \t1116\t3266\t23\t83\t4\t4\t1\t0\t70.2\t75\t0\t6\t3\t1\t1\t0\t0\t0\t0\t2\t268\t0.0\t12.0\t0.0\t66.8\t8.0\t0.4\t1\t42\t1\t0\t0\t0\t0\t2\t0\t0\t10",
        "BBBB0002\\bob\\1\\1\\150997045 1 11 1 0 0 3 7 1 0 1 33 114 8 0 9 20 67 2 6 4 2 3 2 0 0 0 0 0 3 0 5 5 0 0 0 \t1449\t2350\t54\t140\t5\t1\t0\t1\t85.3\t136\t4\t0\t3\t2\t5\t0\t0\t0\t0\t6\t207\t0.0\t11.1\t0.0\t40.5\t4.5\t1.6\t5\t117\t0\t0\t0\t0\t0\t5\t0\t0\t5",
    );
    let bob = &result.players[0];
    assert_eq!((bob.kills(), bob.deaths(), bob.seconds), (14, 9, Some(666)));
    assert_eq!(bob.origin, Origin::Reset);
    assert_eq!(
        fields(bob, &[Field::DamageGiven, Field::DamageReceived, Field::BulletsFired]),
        [1449, 2350, 207].map(Some)
    );
    assert!(result.not_cumulative, "the only shared player was reset");
}

#[test]
fn golden_c_spectator() {
    let fields = |percent: &str, rest: &str| {
        format!(
            "1541\t2965\t25\t69\t8\t5\t1\t1\t{percent}\t75\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t296\t0.0\t12.0\t0.0\t0.0\t{rest}\t4.0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0"
        )
    };
    let result = pair(
        &format!("CCCC0003\\c\\1\\1\\16 62 296 4 1 10 \t{}", fields("75.0", "2.0")),
        &format!("CCCC0003\\c\\2\\3\\16 62 296 4 1 10 \t{}", fields("75.0", "0.0")),
    );
    let spectator = &result.players[0];
    assert!(!spectator.participant);
    assert_eq!((spectator.seconds, spectator.kills(), spectator.weapons.len()), (Some(0), 0, 0));
}

#[test]
fn case_60_player_only_in_the_second_half() {
    let line = |guid: &str, rounds: u8, minutes: &str| {
        format!(
            "{guid}\\n\\{rounds}\\1\\16 62 296 4 1 10 \t100\t200\t0\t0\t0\t0\t0\t0\t75.0\t5\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t296\t0.0\t{minutes}\t0.0\t0.0\t1.0\t4.0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0"
        )
    };
    let result = pair(&line("AAAA0001", 0, "5.0"), &line("BBBB0002", 0, "2.0"));
    assert_eq!(result.players[0].seconds, Some(120));
    assert_eq!(result.players[0].origin, Origin::AsWritten);
    assert!(!result.not_cumulative);
    let mut result = pair(&line("AAAA0001", 0, "5.0"), &line("BBBB0002", 0, "9.0"));
    flag_leftovers(&mut result.players, Some(295));
    assert!(result.players[0].flags.contains("r1_part_missing"));
}
