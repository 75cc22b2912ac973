//! The numbered cases of the format that concern one file, and the golden lines.

use proptest::prelude::*;

use super::*;
use crate::game::{Guid, Weapon};

const HEADER: &str = r"S\etl_adlernest\legacy3\1\1\2\10:00\5:12";
/// The weapons of [`ALPHA`].
const GROUPS: &str = "134219832 10 18 3 0 3 4 9 0 4 2 97 247 9 0 9 1 7 0 0 0 2 2 0 0 0 ";
/// A real line with 38 fields, its name and GUID replaced.
const ALPHA: &str = "AAAA0001\\^6A^2lpha\\0\\2\\134219832 10 18 3 0 3 4 9 0 4 2 97 247 9 0 9 1 7 0 0 0 2 2 0 0 0 \t2014\t1626\t85\t18\t1\t4\t0\t0\t86.0\t66\t3\t0\t0\t2\t4\t0\t0\t0\t0\t1\t283\t0.0\t5.2\t3.1\t27.5\t1.4\t3.0\t2\t50\t2\t0\t0\t0\t0\t5\t0\t0\t2";

fn file(lines: &[&str]) -> Result<StatsFile, StatsError> {
    parse(format!("{HEADER}\n{}\n", lines.join("\n")).as_bytes())
}

fn player(line: &str) -> PlayerLine {
    file(&[line]).unwrap().players.remove(0)
}

fn sums(player: &PlayerLine) -> [i64; 5] {
    [
        player.weapon_sum(|w| w.hits),
        player.weapon_sum(|w| w.shots),
        player.weapon_sum(|w| w.kills),
        player.weapon_sum(|w| w.deaths),
        player.weapon_sum(|w| w.headshots),
    ]
}

#[test]
fn case_6_empty_and_header_only() {
    assert_eq!(parse(b""), Err(StatsError::Empty));
    assert_eq!(parse(HEADER.as_bytes()), Err(StatsError::HeaderOnly));
    assert_eq!(parse(format!("{HEADER}\n").as_bytes()), Err(StatsError::HeaderOnly));
}

#[test]
fn case_7_nonsense() {
    assert_eq!(parse(b"INVALID STATS FILE FORMAT\r\n"), Err(StatsError::Header { found: 1 }));
}

#[test]
fn case_9_crlf_reads_as_lf() {
    let unix = file(&[ALPHA]).unwrap();
    let windows = parse(format!("{HEADER}\r\n{ALPHA}\r\n").as_bytes()).unwrap();
    assert_eq!(unix.players, windows.players);
    assert_eq!(unix.header, windows.header);
}

#[test]
fn case_10_whole_without_final_line_feed_cut_is_truncated() {
    let whole = format!("{HEADER}\n{ALPHA}\n{ALPHA}");
    assert_eq!(parse(whole.as_bytes()).unwrap().players.len(), 2);
    let cut = |bytes: usize| parse(&whole.as_bytes()[..whole.len() - bytes]);
    assert_eq!(cut(1), Err(StatsError::Truncated), "an empty last field");
    assert_eq!(cut(2), Err(StatsError::Truncated), "a field less than the line above");
    let only = format!("{HEADER}\n{ALPHA}");
    assert!(parse(only.as_bytes()).is_ok());
    assert_eq!(parse(&only.as_bytes()[..only.len() - 12]), Err(StatsError::Truncated));
}

#[test]
fn case_11_blank_lines_are_no_players() {
    assert_eq!(parse(format!("{HEADER}\n\n  \n").as_bytes()), Err(StatsError::NoPlayers { lines: 1 }));
}

#[test]
fn case_23_golden_line() {
    let alpha = player(ALPHA);
    assert_eq!(alpha.weapons.iter().map(|w| w.weapon.bit()).collect::<Vec<_>>(), [3, 4, 5, 11, 27]);
    assert_eq!(sums(&alpha), [114, 283, 12, 4, 14]);
    assert_eq!(alpha.name(), "Alpha");
    assert_eq!((alpha.rounds, alpha.team, alpha.flags.as_slice()), (Some(0), 2, &[][..]));
    for (field, value) in [
        (Field::BulletsFired, 283),
        (Field::TimePlayedMinutes, 52),
        (Field::Xp, 66),
        (Field::DeniedPlaytime, 50),
        (Field::Multikill2, 2),
        (Field::UselessKills, 5),
        (Field::RevivesGiven, 2),
    ] {
        assert_eq!(alpha.fields.get(field), Some(value), "{field:?}");
    }
}

#[test]
fn case_24_one_weapon_is_enough() {
    let line = ALPHA.replace(GROUPS, "16 10 30 3 2 1 ");
    assert_eq!(sums(&player(&line)), [10, 30, 3, 2, 1]);
}

#[test]
fn case_25_empty_mask_is_dropped() {
    let line = "AAAA0001\\a\\0\\2\\0 \t1\t2";
    let parsed = file(&[ALPHA, line]).unwrap();
    assert_eq!(parsed.players.len(), 1);
    assert_eq!(parsed.remarks, [Remark { line: 3, fault: LineFault::NoWeapon }]);
}

#[test]
fn case_26_groups_that_fit_are_kept() {
    let odd = player("AAAA0001\\a\\0\\2\\48 10 30 3 2 1 4 5 \t1");
    assert_eq!(odd.weapons.len(), 1);
    assert_eq!(odd.weapons[0].weapon, Weapon::from_bit(4).unwrap());
    assert!(odd.flags.contains(&LineFlag::WeaponsMissing));
}

#[test]
fn case_27_unknown_mask_bit() {
    let odd = player(&ALPHA.replace("134219832", &(0x800_0838_u32 | 1 << 28).to_string()));
    assert_eq!(sums(&odd), [114, 283, 12, 4, 14]);
    assert!(odd.flags.contains(&LineFlag::UnknownWeapon));
}

#[test]
fn case_28_one_bad_number_drops_one_player() {
    let bad = ALPHA.replace(" 247 ", " 24x7 ");
    let parsed = file(&[ALPHA, &bad, ALPHA]).unwrap();
    assert_eq!(parsed.players.len(), 2);
    assert_eq!(parsed.remarks, [Remark { line: 3, fault: LineFault::WeaponNumber }]);
}

#[test]
fn case_29_33_fields() {
    let fields: Vec<&str> = ALPHA.split('\t').collect();
    let line = [&fields[..28], &["9", "1", "0", "0", "0", "0"]].concat().join("\t");
    let old = player(&line);
    assert_eq!(old.fields.get(Field::Multikill2), Some(1));
    assert_eq!(old.fields.get(Field::DeniedPlaytime), None);
    assert_eq!(old.flags, []);
}

#[test]
fn case_30_shorter_layouts_lack_what_came_later() {
    for count in [36, 37] {
        let line = ALPHA.split('\t').take(count + 1).collect::<Vec<_>>().join("\t");
        let old = player(&line);
        assert_eq!(old.fields.get(Field::RevivesGiven), None);
        assert_eq!(old.fields.get(Field::DeniedPlaytime), Some(50));
        assert_eq!(old.fields.get(Field::RepairsConstructions), (count == 37).then_some(0));
    }
}

/// Whether somebody with this GUID and name is a bot.
fn is_bot(guid: &str, name: &str) -> bool {
    player(&ALPHA.replace("AAAA0001", guid).replace("^6A^2lpha", name)).is_bot()
}

#[test]
fn case_34_a_bot_by_its_guid_or_by_its_name() {
    assert!(is_bot("OMNIBOT0", "[BOT]A"));
    assert!(is_bot("OMNIBOT1", "plain"));
    assert!(is_bot("AAAA0001", "^1[bot]x"));
    assert!(!is_bot("AAAA0001", "robot"));
    assert!(!is_bot("AAAA0001", "the [BOT]"));
}

#[test]
fn case_37_bytes_that_are_no_text_survive() {
    let mut bytes = format!("{HEADER}\n").into_bytes();
    bytes.extend(ALPHA.replace("lpha", "l?pha").bytes().map(|b| if b == b'?' { 0xFF } else { b }));
    bytes.push(b'\n');
    let odd = parse(&bytes).unwrap().players.remove(0);
    assert!(odd.raw_name.contains(&0xFF));
    assert_eq!(odd.name(), "Alpha");
}

#[test]
fn case_39_backslashes_in_a_forged_name() {
    let odd = player(&ALPHA.replace("^6A^2lpha", r"a\b\c"));
    assert_eq!(odd.raw_name, br"a\b\c");
    assert_eq!(sums(&odd), [114, 283, 12, 4, 14]);
}

#[test]
fn case_40_no_fields() {
    let odd = player("AAAA0001\\a\\0\\2\\16 10 30 3 2 1");
    assert_eq!(odd.fields.get(Field::DamageGiven), None);
    assert!(odd.flags.contains(&LineFlag::NoFields));
    let zero = player(&ALPHA.replace("\t5.2\t", "\t0.0\t"));
    assert_eq!(zero.fields.get(Field::TimePlayedMinutes), Some(0));
}

#[test]
fn case_32_a_splash_weapon_may_hit_more_often_than_it_shoots() {
    let thrower = player(&ALPHA.replace(" 1 7 0 0 0 2 2 0 0 0 ", " 12 7 2 0 0 2 2 0 0 0 "));
    let grenade = thrower.weapons.iter().find(|weapon| weapon.weapon.name() == "WS_GRENADE").unwrap();
    assert_eq!((grenade.hits, grenade.shots), (12, 7), "kept as written, 171.4 %");
    let [hits, shots, ..] = sums(&thrower);
    assert!(hits <= shots);
}

/// The flags of a line with these weapons and this ratio of kills to deaths.
fn flags(weapons: &str, ratio: &str) -> Vec<LineFlag> {
    let line = ALPHA.replace(GROUPS, weapons);
    player(&line.replace("\t3.0\t2\t50", &format!("\t{ratio}\t2\t50"))).flags
}

#[test]
fn case_42_kill_without_a_weapon_slot() {
    assert_eq!(flags(GROUPS, "3.3"), [LineFlag::KillWithoutWeapon]);
    // 17 kills and 6 deaths by weapons, and yet a ratio of 3.0: 18 kills. What the weapons say stays.
    assert_eq!(flags("16 97 247 17 6 9 ", "3.0"), [LineFlag::KillWithoutWeapon]);
    assert_eq!(sums(&player(&ALPHA.replace(GROUPS, "16 97 247 17 6 9 ")))[2..4], [17, 6]);
    assert_eq!(flags("16 97 247 18 6 9 ", "3.0"), []);
}

#[test]
fn case_43_without_a_death_the_writer_shows_a_kill_too_many() {
    assert_eq!(flags("16 97 247 5 0 9 ", "6.0"), []);
    assert_eq!(flags("16 97 247 0 0 9 ", "1.0"), []);
    assert_eq!(flags("16 97 247 0 0 9 ", "0.0"), []);
    assert_eq!(flags("16 97 247 5 0 9 ", "5.0"), [LineFlag::KillWithoutWeapon]);
}

#[test]
fn empty_guid_is_refused() {
    let line = ALPHA.replace("AAAA0001", "");
    assert_eq!(file(&[ALPHA, &line]).unwrap().remarks, [Remark { line: 3, fault: LineFault::Guid }]);
    assert_eq!(player(ALPHA).guid, Guid::from_bytes(b"AAAA0001").unwrap());
}

#[test]
fn payload_ignores_the_header() {
    let other = parse(format!("{}\n{ALPHA}\n", HEADER.replace('S', "T")).as_bytes()).unwrap();
    assert_eq!(other.payload, file(&[ALPHA]).unwrap().payload);
}

proptest! {
    #[test]
    fn never_panics_on_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn never_panics_on_a_damaged_file(at in 0usize..600, byte in any::<u8>()) {
        let mut bytes = format!("{HEADER}\n{ALPHA}\n{ALPHA}\n").into_bytes();
        let at = at % bytes.len();
        bytes[at] = byte;
        let _ = parse(&bytes);
    }

    #[test]
    fn every_cut_is_an_error_or_keeps_whole_lines(cut in 1usize..400) {
        let whole = format!("{HEADER}\n{ALPHA}\n{ALPHA}\n").into_bytes();
        if let Ok(parsed) = parse(&whole[..whole.len() - cut.min(whole.len())]) {
            prop_assert!(parsed.players.iter().all(|p| p.weapons.len() == 5));
        }
    }
}

#[test]
fn a_flood_of_lines_is_no_flood_of_players() {
    let flood = [r"A\b\0\1\1 0 0 0 0 0"; 1_000];
    let file = file(&flood).unwrap();
    assert_eq!((file.players.len(), file.remarks.len()), (128, 256));
    assert_eq!(file.remarks[0], Remark { line: 130, fault: LineFault::TooMany });
}

#[test]
fn a_name_that_no_game_allows_costs_its_line() {
    let long = ALPHA.replacen("lpha", &"a".repeat(300), 1);
    assert_ne!(long, ALPHA);
    let file = file(&[&long, ALPHA]).unwrap();
    assert_eq!((file.players.len(), &file.remarks[..]), (1, &[Remark { line: 2, fault: LineFault::Name }][..]));
}
