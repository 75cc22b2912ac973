//! The numbered cases of the stats-file specification about single lines, as rounds of a file.

use slomix_hub::domain::leaf::NUMBERS;
use slomix_hub::domain::metrics;
use slomix_hub::domain::round::{PlayerRound, Round};
use slomix_shared::formats::stats::Field;
use slomix_shared::game::Side;

use super::archive::{Archive, rules};
use super::scripted::{BLUE, Half, RED};

/// A pair of halves as text, a chance to change it, and what derives from it.
fn changed(change: impl Fn(&str) -> String) -> Archive {
    let first = Half::first("supply", &BLUE, &RED).completed(300);
    let second = Half::second(&first);
    let files: Vec<(String, String)> = [("2026-02-03-200000", first), ("2026-02-03-201000", second)]
        .into_iter()
        .map(|(stamp, half)| {
            let (name, content) = half.file(stamp);
            (name, change(&String::from_utf8(content).unwrap()))
        })
        .collect();
    Archive::new(files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())), &rules())
}

fn halves(archive: &Archive) -> [&Round; 2] {
    let mut rounds: Vec<&Round> = archive.rounds().collect();
    rounds.sort_by_key(|round| round.stamp);
    rounds.try_into().unwrap()
}

fn row<'a>(round: &'a Round, key: &str) -> &'a PlayerRound {
    round.players.iter().find(|player| player.key.as_str().starts_with(key)).unwrap()
}

/// The lines of a text, each put through `change`.
fn lines(text: &str, change: impl Fn(&str) -> String) -> String {
    text.lines().map(|line| change(line) + "\n").collect()
}

#[test]
fn case_31_an_older_writer_s_count_of_shots_is_not_believed() {
    let archive = changed(|text| {
        lines(text, |line| match line.split('\t').collect::<Vec<_>>()[..] {
            [_] => line.to_owned(),
            ref parts => {
                let mut parts = parts[..38].to_vec();
                parts[21] = "13854";
                parts.join("\t")
            }
        })
    });
    for round in halves(&archive) {
        let player = row(round, BLUE[0]);
        assert_eq!(player.fields.get(Field::BulletsFired), Some(90), "{}", round.file_name);
        assert_eq!(player.fields.get(Field::RevivesGiven), None);
        assert!(!player.flags.contains("bullets_mismatch"));
    }
}

#[test]
fn case_32_totals_leave_splash_weapons_out() {
    // With a grenade thrown seven times, which hit twelve times.
    let archive = changed(|text| {
        text.replace("\\16 30 90 3 2 1 ", "\\2064 30 90 3 2 1 12 7 0 0 0 ")
            .replace("\\16 60 180 6 4 2 ", "\\2064 60 180 6 4 2 24 14 0 0 0 ")
    });
    let player = row(halves(&archive)[0], BLUE[0]);
    let grenade = player.weapons.iter().find(|weapon| weapon.weapon.name() == "WS_GRENADE").unwrap();
    assert_eq!((grenade.hits, grenade.shots), (12, 7));
    let leaf = archive.blocks[0].leaves.values().next().unwrap();
    let sum = |name: &str| leaf[NUMBERS.iter().position(|known| *known == name).unwrap()];
    assert_eq!(metrics::accuracy::accuracy(sum("bullet_hits"), sum("bullet_shots")), Some(333));
}

#[test]
fn case_33_two_bots_with_one_guid_are_two() {
    let archive = changed(|text| {
        let text = text.replace("B1000000\\B1000000\\", "OMNIBOT0\\[BOT]A\\");
        text.replace("A1000000\\A1000000\\", "OMNIBOT0\\[BOT]B\\")
    });
    let bots = |round: &Round| {
        let mut bots: Vec<(String, i64, bool)> = round
            .players
            .iter()
            .filter(|player| player.key.guid().as_str() == "OMNIBOT0")
            .map(|player| (player.name.clone(), player.player, player.bot))
            .collect();
        bots.sort();
        bots
    };
    let [first, second] = halves(&archive).map(bots);
    assert_eq!(
        first.iter().map(|(name, _, bot)| (name.as_str(), *bot)).collect::<Vec<_>>(),
        [("[BOT]A", true), ("[BOT]B", true)]
    );
    assert_ne!(first[0].1, first[1].1);
    assert_eq!(first, second, "the same ones in both halves");
    assert!(halves(&archive).iter().all(|round| (round.bots, round.valid) == (2, false)));
}

#[test]
fn case_40_without_fields_the_round_s_time_is_everybody_s() {
    let archive = changed(|text| {
        lines(
            text,
            |line| if line.starts_with("A1") { line.split(" \t").next().unwrap().to_owned() } else { line.to_owned() },
        )
    });
    for round in halves(&archive) {
        let player = row(round, RED[0]);
        assert_eq!((player.seconds, round.duration), (Some(300), Some(300)), "{}", round.file_name);
        assert_eq!(player.fields.get(Field::DamageGiven), None);
        assert!(player.flags.contains("no_fields") && player.flags.contains("seconds_of_the_round"));
    }
    // Nought is a time like any other.
    let archive = changed(|text| {
        lines(text, |line| if line.starts_with("A1") { line.replace("\t5.0\t", "\t0.0\t") } else { line.to_owned() })
    });
    assert_eq!(row(halves(&archive)[0], RED[0]).seconds, Some(0));
}

#[test]
fn case_44_a_spectator_without_a_second_took_no_part() {
    let watching = |line: &str, minutes: &str| {
        let line = line.replace("\\0\\2\\16", "\\0\\3\\16").replace("\\1\\1\\16", "\\1\\3\\16");
        line.replace("\t5.0\t", minutes).replace("\t10.0\t", minutes)
    };
    let archive = changed(|text| {
        lines(text, |line| if line.starts_with("A1") { watching(line, "\t0.0\t") } else { line.to_owned() })
    });
    for round in halves(&archive) {
        let player = row(round, RED[0]);
        assert_eq!((player.participant, player.side, round.humans), (false, None, 5), "{}", round.file_name);
    }
    assert!(archive.blocks[0].leaves.keys().all(|(_, player, _)| *player != 0xA100_0000));
    // Who played and went to watch before the end took part; his first half tells the side of his second one.
    let archive = changed(|text| {
        lines(
            text,
            |line| if line.starts_with("A1") { line.replace("\\1\\1\\16", "\\1\\3\\16") } else { line.to_owned() },
        )
    });
    let [_, second] = halves(&archive);
    let player = row(second, RED[0]);
    assert_eq!((player.participant, player.side, second.humans), (true, Some(Side::Axis), 6));
    assert!(player.flags.contains("side_inferred"));
}
