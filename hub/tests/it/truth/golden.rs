//! Real pairs whose numbers are known by hand, as whole files and not alone in them.

use slomix_hub::domain::metrics;
use slomix_hub::domain::outcome::Outcome;
use slomix_hub::domain::round::{Origin, PlayerRound, Round, Status};
use slomix_shared::formats::stats::Field;
use slomix_shared::game::Side;

use super::archive::{Archive, rules};

const FIRST: &str = "2025-10-14-210000-etl_adlernest-round-1.txt";
const SECOND: &str = "2025-10-14-210700-etl_adlernest-round-2.txt";
const FIRST_HEADER: &str = r"S\etl_adlernest\legacy3\1\1\2\10:00\5:12";
const SECOND_HEADER: &str = r"S\etl_adlernest\legacy3\2\1\2\5:12\4:55";

const ALPHA: [&str; 2] = [
    "AAAA0001\\^6A^2lpha\\0\\2\\134219832 10 18 3 0 3 4 9 0 4 2 97 247 9 0 9 1 7 0 0 0 2 2 0 0 0 \t2014\t1626\t85\t18\t1\t4\t0\t0\t86.0\t66\t3\t0\t0\t2\t4\t0\t0\t0\t0\t1\t283\t0.0\t5.2\t3.1\t27.5\t1.4\t3.0\t2\t50\t2\t0\t0\t0\t0\t5\t0\t0\t2",
    "AAAA0001\\^6A^2lpha\\1\\1\\134219837 0 16 0 0 0 3 8 2 0 0 10 18 3 2 3 56 150 4 4 10 104 268 9 5 11 2 10 0 0 0 3 3 0 0 0 \t3433\t3151\t85\t76\t4\t5\t0\t0\t81.4\t31\t3\t4\t1\t0\t0\t0\t0\t0\t0\t0\t473\t0.0\t10.1\t3.1\t26.1\t2.6\t1.6\t2\t46\t0\t0\t0\t0\t0\t1\t0\t0\t1",
];
const BOB: [&str; 2] = [
    "BBBB0002\\bob\\1\\2\\134217791 0 1 0 0 0 0 9 0 0 0 0 0 0 2 0 5 7 1 0 1 2 4 0 11 0 47 235 5 3 6 10 12 0 0 0 \t1116\t3266\t23\t83\t4\t4\t1\t0\t70.2\t75\t0\t6\t3\t1\t1\t0\t0\t0\t0\t2\t268\t0.0\t12.0\t0.0\t66.8\t8.0\t0.4\t1\t42\t1\t0\t0\t0\t0\t2\t0\t0\t10",
    "BBBB0002\\bob\\1\\1\\150997045 1 11 1 0 0 3 7 1 0 1 33 114 8 0 9 20 67 2 6 4 2 3 2 0 0 0 0 0 3 0 5 5 0 0 0 \t1449\t2350\t54\t140\t5\t1\t0\t1\t85.3\t136\t4\t0\t3\t2\t5\t0\t0\t0\t0\t6\t207\t0.0\t11.1\t0.0\t40.5\t4.5\t1.6\t5\t117\t0\t0\t0\t0\t0\t5\t0\t0\t5",
];

fn text(header: &str, lines: &[&str]) -> String {
    format!("{header}\n{}\n", lines.join("\n"))
}

fn derive(files: &[(&str, String)]) -> Archive {
    Archive::new(files.iter().map(|(name, text)| (*name, text.as_bytes())), &rules())
}

fn pair() -> Archive {
    derive(&[(FIRST, text(FIRST_HEADER, &ALPHA[..1])), (SECOND, text(SECOND_HEADER, &ALPHA[1..]))])
}

/// A double fullhold, between whose halves the second player reconnected.
fn reconnected() -> Archive {
    let header = |number: u8| format!(r"S\etl_adlernest\legacy3\{number}\1\1\12:00\12:00");
    derive(&[(FIRST, text(&header(1), &[ALPHA[0], BOB[0]])), (SECOND, text(&header(2), &[BOB[1], ALPHA[1]]))])
}

fn row<'a>(round: &'a Round, guid: &str) -> &'a PlayerRound {
    round.players.iter().find(|player| player.key.as_str() == guid).unwrap()
}

/// Hits, shots, kills, deaths and headshots with all weapons.
fn sums(player: &PlayerRound) -> [i64; 5] {
    [
        player.weapon_sum(|w| w.hits),
        player.weapon_sum(|w| w.shots),
        player.kills(),
        player.deaths(),
        player.weapon_sum(|w| w.headshots),
    ]
}

fn rates(player: &PlayerRound) -> (Option<i64>, Option<i64>) {
    let damage = player.fields.get(Field::DamageGiven).unwrap();
    (metrics::dpm::dpm(damage, player.seconds.unwrap()), metrics::kd::kd(player.kills(), player.deaths()))
}

#[test]
fn case_23_the_rates_of_a_first_half() {
    let archive = pair();
    let alpha = row(archive.round(FIRST).unwrap(), "AAAA0001");
    assert_eq!((sums(alpha), alpha.seconds), ([114, 283, 12, 4, 14], Some(312)));
    // 387.3 a minute, 3.00; hits per shot of all weapons are 40.283 %.
    assert_eq!(rates(alpha), (Some(3873), Some(300)));
    assert_eq!(114 * 100_000 / 283, 40_282);
    assert_eq!((alpha.dead_seconds(), alpha.tank_tenths()), (Some(84), Some(31)));
}

#[test]
fn case_41_tenths_of_a_minute_lose_no_second() {
    for (minutes, seconds) in [("4.1", 246), ("8.2", 492), ("16.4", 984), ("16.9", 1014), ("32.3", 1938)] {
        let line = ALPHA[0].replace("\t5.2\t", &format!("\t{minutes}\t"));
        let archive = derive(&[(FIRST, text(FIRST_HEADER, &[&line]))]);
        assert_eq!(row(archive.round(FIRST).unwrap(), "AAAA0001").seconds, Some(seconds), "{minutes}");
    }
}

#[test]
fn case_57_a_pair_to_the_last_number() {
    let archive = pair();
    let (first, second) = (archive.round(FIRST).unwrap(), archive.round(SECOND).unwrap());
    assert_eq!((first.outcome, first.set_time, first.clock), (Outcome::Completed, Some(312), Some(600)));
    assert_eq!(first.set_time.map(|seconds| seconds.div_ceil(60)), Some(6));
    assert_eq!((second.outcome, second.clock, second.status), (Outcome::Completed, Some(312), Status::Complete));
    let alpha = row(second, "AAAA0001");
    assert_eq!((sums(alpha), alpha.seconds, alpha.side), ([64, 190, 6, 7, 10], Some(294), Some(Side::Axis)));
    assert_eq!(rates(alpha), (Some(2896), Some(86)));
    for (field, value) in [
        (Field::DamageGiven, 1419),
        (Field::DamageReceived, 1525),
        (Field::TeamDamageGiven, 0),
        (Field::TeamDamageReceived, 58),
        (Field::Gibs, 3),
        (Field::SelfKills, 1),
        (Field::BulletsFired, 190),
        (Field::TimePlayedPercent, 765),
        (Field::TimeDeadMinutes, 26),
        (Field::Xp, 31),
        (Field::KillingSpree, 3),
        (Field::DeathSpree, 4),
        (Field::KillAssists, 1),
        (Field::HeadshotKills, 0),
        (Field::UsefulKills, 2),
        (Field::DeniedPlaytime, 46),
        (Field::RevivesGiven, 1),
    ] {
        assert_eq!(alpha.fields.get(field), Some(value), "{field:?}");
    }
    assert_eq!((alpha.dead_seconds(), alpha.tank_tenths()), (Some(156), Some(0)));
}

#[test]
fn case_62_who_reconnected_counts_as_written_and_nobody_else_does() {
    let archive = reconnected();
    let second = archive.round(SECOND).unwrap();
    let bob = row(second, "BBBB0002");
    assert_eq!((bob.origin, bob.kills(), bob.deaths(), bob.seconds), (Origin::Reset, 14, 9, Some(666)));
    assert_eq!(rates(bob).0, Some(1305));
    assert_eq!((bob.dead_seconds(), bob.fields.get(Field::BulletsFired)), (Some(270), Some(207)));
    assert!(bob.flags.contains("counters_reset"));
    assert_eq!(row(second, "AAAA0001").origin, Origin::Difference);
    assert!(!second.flags.contains("r2_not_cumulative"));
}

#[test]
fn golden_d_a_first_half_cut_off_by_the_nightly_restart() {
    let line = |guid: &str, dead: &str| {
        let fields = format!(
            "201\t162\t0\t0\t0\t0\t0\t0\t83.1\t6\t0\t0\t0\t0\t0\t0\t0\t0\t0\t0\t30\t0.0\t1.2\t0.0\t0.0\t{dead}\t1.0\t0\t5\t0\t0\t0\t0\t0\t0\t0\t0\t0"
        );
        format!("{guid}\\n\\0\\1\\16 10 30 1 1 1 \t{fields}")
    };
    let lines: Vec<String> =
        (1..=6).map(|n| line(&format!("AAAA000{n}"), if n == 1 { "82.4" } else { "0.3" })).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let name = "2025-10-26-200001-etl_sp_delivery-round-2.txt";
    let archive = derive(&[(name, text(r"S\etl_sp_delivery\legacy3\2\1\1\12:00\71:05", &lines))]);
    let round = archive.round(name).unwrap();
    assert_eq!((round.status, round.valid, round.outcome), (Status::Aborted, false, Outcome::Unknown));
    assert!(round.flags.contains("label_inverted") && round.flags.contains("garbage_next"), "{:?}", round.flags);
    assert_eq!((round.set_time, round.duration, round.match_id), (None, None, None));
    let longest_dead = row(round, "AAAA0001");
    assert_eq!((longest_dead.seconds, longest_dead.dead_seconds()), (Some(72), Some(72)));
    assert_eq!(longest_dead.fields.get(Field::TimeDeadMinutes), Some(824), "as written");
}
