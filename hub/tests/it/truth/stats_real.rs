//! Files that real servers wrote from 2024 to 2025, by four generations of the writer.

use std::collections::BTreeMap;

use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{Origin, Round, Status};
use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::{Field, PlayerLine, Scope, StatsFile};

use super::archive::{Archive, rules};
use super::books::balance;
use super::data;
use super::findings::Findings;

/// Seconds within which a second half follows its first one.
const WINDOW: i64 = 45 * 60;

#[test]
fn every_real_file_is_a_round_or_says_why_not() {
    let Some(archive) = archive() else { return };
    let mut findings = Findings::default();
    for file in &archive.files {
        let lines = file.content.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
        let expected = if lines.count() == 1 { "header_only" } else { "stored" };
        let found = match archive.fates(&file.file_name)[..] {
            [Fate::Stored] => "stored",
            [Fate::Quarantined { code, .. }] => code,
            ref other => panic!("{}: {other:?}", file.file_name),
        };
        findings.same("files", &file.file_name, &found, &expected);
    }
    findings.same("stored", "all", &archive.rounds().count(), &163);
    findings.same("strange names", "all", &archive.others.len(), &0);
    // No file of this collection was cut off; one R2 of 2025-01-06 and its like show 0:00 for a held round.
    for round in archive.rounds() {
        findings.holds("not cut off", round.status != Status::Aborted, || round.file_name.clone());
        findings.holds("outcomes", round.outcome != slomix_hub::domain::outcome::Outcome::Unknown, || {
            round.file_name.clone()
        });
    }
    balance(&archive, &mut findings);
    findings.conclude("real files");
}

#[test]
fn every_true_pair_is_paired_and_its_halves_add_up() {
    let Some(archive) = archive() else { return };
    let mut findings = Findings::default();
    let parsed: BTreeMap<&str, &StatsFile> = archive
        .files
        .iter()
        .filter_map(|file| Some((file.file_name.as_str(), file.parsed.as_ref().as_ref().ok()?)))
        .collect();
    let firsts: Vec<&Round> = archive.rounds().filter(|round| round.number == RoundNumber::One).collect();
    for second in archive.rounds().filter(|round| round.number == RoundNumber::Two) {
        let limit = parsed[second.file_name.as_str()].header.limit;
        // The latest first half of the map whose clock fits is the true one: nothing here was lost in between.
        let first = firsts
            .iter()
            .filter(|first| {
                (0..=WINDOW).contains(&(second.stamp.seconds() - first.stamp.seconds()))
                    && first.map == second.map
                    && parsed[first.file_name.as_str()].header.next == limit
            })
            .max_by_key(|first| first.stamp);
        let Some(first) = first else {
            findings.same("orphans", &second.file_name, &second.status, &Status::Orphan);
            continue;
        };
        let paired = second.match_id.is_some() && second.match_id == first.match_id;
        if findings.holds("pairs", paired, || format!("{} and {}", first.file_name, second.file_name)) {
            add_up(first, second, parsed[second.file_name.as_str()], &mut findings);
        }
    }
    assert!(findings.count("pairs") >= 60 && findings.count("players subtracted") > 400);
    findings.conclude("real pairs");
}

/// Maps won in the whole evenings of the collection, by one team and by the other, as the winners' lines in the files
/// of the second halves say it (counted by hand: a map whose R2 is held after a held R1 is a tie, here for both).
#[test]
fn real_evenings_are_won_by_those_who_won_them() {
    let Some(archive) = archive() else { return };
    let score = |day: &str| {
        let session = archive.sessions().find(|session| session.stamp.to_string().starts_with(day)).unwrap();
        let (a, b) = session.score();
        (a.max(b), a.min(b), session.ties, session.epochs.len())
    };
    assert_eq!(score("2025-09-24"), (4, 2, 0, 1));
    assert_eq!(score("2025-10-02"), (8, 2, 0, 1));
    assert_eq!(score("2025-10-14"), (12, 0, 0, 1));
    assert_eq!(score("2025-10-12"), (2, 2, 1, 1));
    let mut findings = Findings::default();
    for play in archive.matches().filter(|play| play.counted && play.winner_team != 0) {
        let second = archive.rounds().find(|round| Some(round.id) == play.second).unwrap();
        let session = archive.sessions().find(|session| session.id == play.session).unwrap();
        let winners = second.players.iter().filter(|player| player.side == second.winner);
        let (with, against) = winners.fold((0, 0), |(with, against), player| {
            let team = session.members.iter().find(|member| member.player == player.player).unwrap().team;
            if team == play.winner_team { (with + 1, against) } else { (with, against + 1) }
        });
        let at = format!("{}: {with} of its winners are in the team, {against} are not", second.file_name);
        findings.holds("maps", with > against, || at);
    }
    findings.conclude("real scores");
}

/// What the first half's row and the second half's row sum up to is what the second file says of the match; what counts
/// one round alone is as the second file has it.
pub(super) fn add_up(first: &Round, second: &Round, totals: &StatsFile, findings: &mut Findings) {
    for row in &second.players {
        let at = format!("{} {}", second.file_name, row.key);
        let Some(before) = first.players.iter().find(|before| before.key == row.key) else {
            findings.same("players of the second half only", &at, &row.origin, &Origin::AsWritten);
            continue;
        };
        if row.origin == Origin::Reset {
            findings.left_out("players whose counters started anew");
            continue;
        }
        findings.same("players subtracted", &at, &row.origin, &Origin::Difference);
        let line = totals.players.iter().find(|line| line.guid == *row.key.guid()).unwrap();
        for field in Field::all().filter(|field| field.scope() == Scope::Match && *field != Field::BulletsFired) {
            let sum = before.fields.get(field).zip(row.fields.get(field)).map(|(one, two)| one + two);
            findings.holds("sums", sum == line.fields.get(field), || format!("{at} {field:?}: {sum:?}"));
        }
        for field in Field::all().filter(|field| field.scope() == Scope::Round) {
            findings.same(
                "numbers of the half",
                format!("{at} {field:?}"),
                &row.fields.get(field),
                &line.fields.get(field),
            );
        }
        weapons_add_up(before, row, line, &at, findings);
        findings.holds("times", row.seconds.is_some_and(|seconds| seconds >= 0), || format!("{at}: {:?}", row.seconds));
    }
}

fn weapons_add_up(
    before: &slomix_hub::domain::round::PlayerRound,
    row: &slomix_hub::domain::round::PlayerRound,
    line: &PlayerLine,
    at: &str,
    findings: &mut Findings,
) {
    let kills = (before.kills() + row.kills(), before.deaths() + row.deaths());
    let expected = (line.weapon_sum(|weapon| weapon.kills), line.weapon_sum(|weapon| weapon.deaths));
    findings.same("kills and deaths", at, &kills, &expected);
    for weapon in &line.weapons {
        let of = |row: &slomix_hub::domain::round::PlayerRound| {
            let found = row.weapons.iter().find(|one| one.weapon == weapon.weapon);
            found.map_or([0; 3], |one| [one.kills, one.deaths, one.headshots])
        };
        let ([k1, d1, h1], [k2, d2, h2]) = (of(before), of(row));
        let sums = [k1 + k2, d1 + d2, h1 + h2];
        findings.same(
            "weapons",
            format!("{at} {}", weapon.weapon.name()),
            &sums,
            &[weapon.kills, weapon.deaths, weapon.headshots],
        );
    }
}

fn archive() -> Option<Archive> {
    let files = data::files(&data::folder("stats-real")?);
    Some(Archive::new(files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())), &rules()))
}
