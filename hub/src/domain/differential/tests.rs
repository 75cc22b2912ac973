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

/// A line with everything 0 but what is named.
struct Written {
    guid: &'static str,
    rounds: i64,
    team: i64,
    /// Hits, shots, kills, deaths, headshots of the MP 40.
    mp40: [i64; 5],
    /// As the file spells them.
    fields: Vec<(Field, &'static str)>,
}

fn written(guid: &'static str, rounds: i64, mp40: [i64; 5], fields: &[(Field, &'static str)]) -> Written {
    Written { guid, rounds, team: 1, mp40, fields: fields.to_vec() }
}

impl Written {
    fn line(&self) -> String {
        let mut values = ["0"; Field::COUNT];
        values[Field::TimePlayedMinutes as usize] = "5.0";
        for &(field, value) in &self.fields {
            values[field as usize] = value;
        }
        let [hits, shots, kills, deaths, headshots] = self.mp40;
        let (guid, rounds, team) = (self.guid, self.rounds, self.team);
        let name = if guid.starts_with("OMNIBOT") { "[BOT]Pawn" } else { "n" };
        format!(
            "{guid}\\{name}\\{rounds}\\{team}\\16 {hits} {shots} {kills} {deaths} {headshots} \t{}",
            values.join("\t")
        )
    }
}

fn lines(list: &[Written]) -> String {
    list.iter().map(Written::line).collect::<Vec<_>>().join("\n")
}

const SOME: [i64; 5] = [10, 30, 2, 1, 1];
const MORE: [i64; 5] = [25, 70, 5, 3, 2];
const TEN: (Field, &str) = (Field::TimePlayedMinutes, "10.0");

/// The given fields of the only player, his first half's line and his second one's being these.
fn subtracted(first: &[(Field, &'static str)], second: &[(Field, &'static str)], list: &[Field]) -> Vec<Option<i64>> {
    let second: Vec<_> = [&[TEN], second].concat();
    let result = pair(&written("AAAA0001", 0, SOME, first).line(), &written("AAAA0001", 1, MORE, &second).line());
    assert_eq!(result.players[0].origin, Origin::Difference);
    fields(&result.players[0], list)
}

#[test]
fn case_58_fields_of_the_round_stay() {
    let first = [(Field::RevivesGiven, "5"), (Field::Xp, "66")];
    let second = [(Field::RevivesGiven, "2"), (Field::Xp, "31")];
    assert_eq!(subtracted(&first, &second, &[Field::RevivesGiven, Field::Xp]), [2, 31].map(Some));
    // All 23 of them, whether they rise or fall.
    let all: Vec<Field> = Field::all().filter(|field| field.scope() == Scope::Round).collect();
    let high: Vec<_> = all.iter().map(|&field| (field, if field.is_tenths() { "4.0" } else { "40" })).collect();
    let low: Vec<_> = all.iter().map(|&field| (field, if field.is_tenths() { "0.7" } else { "7" })).collect();
    assert_eq!(all.len(), 23);
    assert_eq!(subtracted(&high, &low, &all), [Some(7); 23]);
    assert_eq!(subtracted(&low, &high, &all), [Some(40); 23]);
}

#[test]
fn case_59_sums_are_subtracted() {
    let first = [(Field::Gibs, "4"), (Field::TeamDamageGiven, "30")];
    let second = [(Field::Gibs, "7"), (Field::TeamDamageGiven, "30")];
    assert_eq!(subtracted(&first, &second, &[Field::Gibs, Field::TeamDamageGiven]), [3, 0].map(Some));
}

#[test]
fn case_81_team_kills_are_no_kills() {
    let line = written("AAAA0001", 0, [10, 30, 0, 1, 0], &[(Field::TeamKills, "2")]).line();
    let stats = stats::parse(format!("{R1}\n{line}\n").as_bytes()).unwrap();
    let player = as_written(&stats, Origin::AsWritten).remove(0);
    assert_eq!((player.kills(), player.fields.get(Field::TeamKills)), (0, Some(2)));
}

#[test]
fn what_one_of_the_halves_does_not_know_is_unknown_and_not_nothing() {
    for unknown in ["", "x", "-1"] {
        for (first, second) in [(unknown, "9"), ("9", unknown)] {
            let found = subtracted(&[(Field::Gibs, first)], &[(Field::Gibs, second)], &[Field::Gibs]);
            assert_eq!(found, [None], "{first:?} and {second:?}");
        }
    }
    // An older writer has no revives: none are not nought.
    let old = |line: String| line.split('\t').take(37).collect::<Vec<_>>().join("\t");
    let result =
        pair(&old(written("AAAA0001", 0, SOME, &[]).line()), &old(written("AAAA0001", 1, MORE, &[TEN]).line()));
    assert_eq!(fields(&result.players[0], &[Field::RevivesGiven, Field::RepairsConstructions]), [None; 2]);
}

#[test]
fn case_61_who_left_after_the_first_half_is_not_in_the_second() {
    let first = lines(&[written("AAAA0001", 0, SOME, &[]), written("BBBB0002", 0, SOME, &[])]);
    let result = pair(&first, &written("AAAA0001", 1, MORE, &[TEN]).line());
    let who: Vec<&str> = result.players.iter().map(|player| player.key.as_str()).collect();
    assert_eq!(who, ["AAAA0001"]);
}

/// Two players, of whom the second one has this line in the second half; the first one must not notice.
fn beside(reset: &Written) -> PlayerRound {
    let first = lines(&[written("AAAA0001", 0, SOME, &[]), written("BBBB0002", 0, SOME, &[(Field::Gibs, "1")])]);
    let second = lines(&[written("AAAA0001", 1, MORE, &[TEN]), written("BBBB0002", 1, MORE, &[])]);
    let second = second.replace(&written("BBBB0002", 1, MORE, &[]).line(), &reset.line());
    let mut result = pair(&first, &second);
    assert!(!result.not_cumulative);
    let stayed = &result.players[0];
    assert_eq!((stayed.origin, stayed.kills(), stayed.seconds), (Origin::Difference, 3, Some(300)));
    result.players.remove(1)
}

#[test]
fn case_63_only_the_time_fell() {
    let player = beside(&written("BBBB0002", 1, MORE, &[(Field::TimePlayedMinutes, "4.9"), (Field::Gibs, "3")]));
    assert_eq!((player.origin, player.kills(), player.seconds), (Origin::Reset, 5, Some(294)));
    assert_eq!(player.fields.get(Field::Gibs), Some(3));
    assert!(player.flags.contains("counters_reset"));
}

#[test]
fn case_64_only_the_rounds_did_not_go_on() {
    let player = beside(&written("BBBB0002", 0, MORE, &[(Field::TimePlayedMinutes, "9.0"), (Field::Gibs, "3")]));
    assert_eq!((player.origin, player.kills(), player.seconds), (Origin::Reset, 5, Some(540)));
    assert_eq!(player.fields.get(Field::Gibs), Some(3));
    // With both signs in order he is subtracted as everybody is.
    let player = beside(&written("BBBB0002", 1, MORE, &[(Field::TimePlayedMinutes, "9.0"), (Field::Gibs, "3")]));
    assert_eq!((player.origin, player.kills(), player.seconds), (Origin::Difference, 3, Some(240)));
}

#[test]
fn case_65_everybody_was_reset_so_the_half_was_restarted() {
    let first = lines(&[written("AAAA0001", 0, SOME, &[]), written("BBBB0002", 0, SOME, &[])]);
    let second = lines(&[written("AAAA0001", 0, MORE, &[TEN]), written("BBBB0002", 3, MORE, &[TEN])]);
    let result = pair(&first, &second);
    assert!(result.not_cumulative);
    assert!(result.players.iter().all(|player| player.origin == Origin::Reset && player.kills() == 5));
}

#[test]
fn case_66_shots_may_fall_without_a_reset() {
    let fallen = [25, 29, 5, 3, 2];
    let result = pair(&written("AAAA0001", 0, SOME, &[]).line(), &written("AAAA0001", 1, fallen, &[TEN]).line());
    let player = &result.players[0];
    assert_eq!(player.origin, Origin::Difference);
    assert_eq!(weapons(player), [("WS_MP40", [15, 0, 3, 2, 1])]);
}

#[test]
fn case_67_a_weapon_of_the_first_half_alone_gives_no_row() {
    // A knife and one shot with the MP 40, which a corpse took back.
    let first = written("AAAA0001", 0, SOME, &[]).line().replace("\\16 10 30 2 1 1 ", "\\17 0 4 0 0 0 0 1 0 0 0 ");
    let second = written("AAAA0001", 1, SOME, &[TEN]).line().replace("\\16 10 30 2 1 1 ", "\\1 0 9 0 0 0 ");
    let result = pair(&first, &second);
    assert_eq!(weapons(&result.players[0]), [("WS_KNIFE", [0, 5, 0, 0, 0])]);
}

#[test]
fn case_68_who_goes_to_watch_late_took_part_on_the_side_that_his_first_half_tells() {
    let second = Written { team: 3, ..written("AAAA0001", 1, MORE, &[(Field::TimePlayedMinutes, "8.0")]) };
    let result = pair(&written("AAAA0001", 0, SOME, &[]).line(), &second.line());
    let player = &result.players[0];
    assert_eq!((player.participant, player.side, player.seconds), (true, Some(Side::Allies), Some(180)));
    assert!(player.flags.contains("side_inferred"));
}

/// A second half with these shares, after a first one of 86.0 % of 5.2 minutes.
fn with_shares(percent: &'static str, minutes: &'static str, dead: &'static str) -> PlayerRound {
    let shares = |percent, minutes, dead| {
        vec![(Field::TimePlayedPercent, percent), (Field::TimePlayedMinutes, minutes), (Field::TimeDeadMinutes, dead)]
    };
    let mut late = shares(percent, minutes, dead);
    late.extend([(Field::TankMeatshield, "3.1"), (Field::TimeDeadRatio, "26.1"), (Field::KdRatio, "1.6")]);
    late.extend([(Field::DamageReceived, "3151")]);
    let mut early = shares("86.0", "5.2", "1.4");
    early.extend([(Field::DamageReceived, "1626")]);
    let result = pair(&written("AAAA0001", 0, SOME, &early).line(), &written("AAAA0001", 1, MORE, &late).line());
    result.players[0].clone()
}

#[test]
fn case_69_the_share_of_the_half_alive() {
    assert_eq!(with_shares("81.4", "10.1", "2.6").fields.get(Field::TimePlayedPercent), Some(765));
    assert_eq!(with_shares("81.4", "5.2", "0.0").fields.get(Field::TimePlayedPercent), None, "a share of no time");
    assert_eq!(
        with_shares("100.0", "5.4", "0.0").fields.get(Field::TimePlayedPercent),
        Some(1000),
        "at most all of it"
    );
}

#[test]
fn case_70_dead_time_is_the_half_s_own_and_ends_at_the_time_played() {
    let player = with_shares("81.4", "10.1", "2.6");
    let (dead, seconds) = (player.dead_seconds().unwrap(), player.seconds.unwrap());
    assert_eq!((dead, seconds), (156, 294));
    assert_eq!((dead * 2000 + seconds) / (seconds * 2), 531, "53.1 %, and not the file's 26.1");
    let player = with_shares("81.4", "10.1", "5.0");
    assert_eq!((player.fields.get(Field::TimeDeadMinutes), player.dead_seconds()), (Some(50), Some(294)));
    let odd = crate::domain::plausibility::of_player(&player, None);
    assert!(odd.contains("dead_longer_than_played"), "{odd:?}");
}

#[test]
fn case_71_ratios_of_the_file_are_of_both_halves_or_of_nothing() {
    let player = with_shares("81.4", "10.1", "2.6");
    assert_eq!(fields(&player, &[Field::TankMeatshield, Field::TimeDeadRatio, Field::KdRatio, Field::Dpm]), [None; 4]);
    // 1,525 damage and two deaths of this half: 5.87, whatever the file shows.
    assert_eq!(player.tank_tenths(), Some(59));
}

/// A player and a bot; the player bears another name in the second half.
fn renamed_beside_a_bot() -> [PlayerRound; 2] {
    let first = lines(&[written("AAAA0001", 0, SOME, &[]), written("OMNIBOT0", 0, SOME, &[])]);
    let renamed = written("AAAA0001", 1, MORE, &[TEN]).line().replace("\\n\\", "\\^1new\\");
    let second = [renamed, written("OMNIBOT0", 1, MORE, &[TEN]).line()].join("\n");
    pair(&first, &second).players.try_into().unwrap()
}

#[test]
fn case_73_bots_stay_bots() {
    let [_, bot] = renamed_beside_a_bot();
    assert_eq!((bot.bot, bot.kills(), bot.origin), (true, 3, Origin::Difference));
}

#[test]
fn case_74_a_renamed_player_stays_himself() {
    let [player, _] = renamed_beside_a_bot();
    assert_eq!((player.name.as_str(), player.kills(), player.origin), ("new", 3, Origin::Difference));
}

#[test]
fn two_who_share_guid_and_name_are_one_and_flagged() {
    let busier = written("AAAA0001", 0, MORE, &[]);
    let both = lines(&[written("AAAA0001", 0, SOME, &[]), busier, written("BBBB0002", 0, SOME, &[])]);
    let stats = stats::parse(format!("{R1}\n{both}\n").as_bytes()).unwrap();
    let players = as_written(&stats, Origin::AsWritten);
    let found: Vec<(i64, bool)> =
        players.iter().map(|player| (player.kills(), player.flags.contains("same_guid_and_name"))).collect();
    assert_eq!(found, [(5, true), (2, false)]);
}
