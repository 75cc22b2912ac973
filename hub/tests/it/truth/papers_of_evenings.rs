//! The papers of whole evenings: simulated ones, those of the real scripts under a mock engine, those of a real server.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use slomix_hub::domain::clock::instant_ms;
use slomix_hub::domain::input::Rules;
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{Round, Status};
use slomix_shared::formats::gametime::EndReason;
use slomix_shared::game::Side;
use slomix_shared::sim::{Accidents, Evening, Plan, RoundKind, RoundTruth, gametime};

use super::archive::{Archive, rules};
use super::data;
use super::played::{evenings, plan};

type File = (String, Vec<u8>);

/// Every file of an evening, round events among them.
pub(super) fn all_files(evening: &Evening) -> Vec<File> {
    let start = instant_ms(&rules().zone, evening.start) / 1000;
    let events = evening.rounds().map(|round| gametime(&round.truth, start));
    let files = evening.files().cloned().chain(events);
    files.map(|file| (file.name, file.bytes)).collect()
}

fn has_no_flag_of_an_event(round: &Round) -> bool {
    !round.flags.iter().any(|flag| flag.starts_with("event_") || *flag == "sides_from_event")
}

#[test]
fn simulated_papers_find_their_rounds_and_tell_the_truth() {
    let (mut awards, mut duels, mut surrenders) = (0, 0, 0);
    for seed in 0..12 {
        for evening in evenings(&Plan { accidents: Accidents::storm(), ..plan(seed) }) {
            let archive = Archive::with_papers(&all_files(&evening), &rules());
            for played in evening.rounds() {
                let truth = &played.truth;
                let Some(round) = played.stats.as_ref().and_then(|file| archive.round(&file.name)) else { continue };
                let papers = &round.papers;
                assert_eq!(papers.pause_seconds, Some(i64::from(truth.paused_ms / 1000)), "{}", round.file_name);
                if truth.kind == RoundKind::Abort || round.status == Status::Aborted {
                    assert_eq!((papers.end_reason, papers.surrendered), (EndReason::Unknown, None));
                    continue;
                }
                assert!(has_no_flag_of_an_event(round), "{}: {:?}", round.file_name, round.flags);
                match truth.kind {
                    RoundKind::Surrender if papers.end_reason == EndReason::Surrender => {
                        assert_eq!(papers.surrendered, truth.surrendered);
                        surrenders += 1;
                    }
                    // One in the last tenth of the clock is not known to be one.
                    RoundKind::Surrender => assert_eq!(papers.surrendered, None),
                    RoundKind::Complete => assert_eq!(papers.end_reason, EndReason::Objective, "{}", round.file_name),
                    RoundKind::Fullhold => assert_eq!(papers.end_reason, EndReason::TimeExpired, "{}", round.file_name),
                    RoundKind::Abort => {}
                }
                if round.status != Status::Orphan {
                    assert!(!papers.awards.is_empty() && !papers.duels.is_empty(), "{}", round.file_name);
                }
                awards += papers.awards.len();
                duels += papers.duels.len();
                check_duels(round, truth);
            }
        }
    }
    assert!(awards > 1000 && duels > 1000 && surrenders > 0, "{awards} {duels} {surrenders}");
}

/// Kills of each subject's versus lines.
fn duel_kills(round: &Round) -> BTreeMap<i64, i64> {
    let mut kills: BTreeMap<i64, i64> = BTreeMap::new();
    for duel in &round.papers.duels {
        if let Some(player) = duel.subject_player {
            *kills.entry(player).or_default() += duel.kills;
        }
    }
    kills
}

/// Everybody with a line of his own is known, and killed no more than he really did.
fn check_duels(round: &Round, truth: &RoundTruth) {
    let subjects = round.papers.duels.iter().map(|duel| (&duel.subject, duel.subject_player));
    let strangers: BTreeSet<_> = subjects.filter(|(_, player)| player.is_none()).collect();
    let bots = truth.players.iter().filter(|player| player.bot).count();
    assert!(strangers.len() <= bots, "{}: {strangers:?}", round.file_name);
    let kills = duel_kills(round);
    for player in &round.players {
        let Some(real) = truth.players.iter().find(|one| one.guid8 == player.key.as_str()) else { continue };
        let (own, all) = (kills.get(&player.player).copied().unwrap_or(0), i64::from(real.actual.kills()));
        assert!(own <= all, "{} {}: {own} of {all}", round.file_name, player.name);
    }
}

#[test]
fn papers_of_the_real_scripts() {
    let Some(folder) = data::folder("sim-evenings") else { return };
    let mut files = data::files(&folder.join("stats"));
    files.extend(data::files(&folder.join("gametimes")));
    let archive = Archive::with_papers(&files, &rules());
    let truth: serde_json::Value = serde_json::from_slice(&std::fs::read(folder.join("truth.json")).unwrap()).unwrap();
    let (mut checked, mut surrenders, mut named, mut awards) = (0, 0, 0, 0);
    for told in truth["rounds"].as_array().unwrap() {
        let Some(round) = told["file"].as_str().and_then(|file| archive.round(file)) else { continue };
        let papers = &round.papers;
        let kind = told["kind"].as_str().unwrap();
        let reason = match kind {
            "complete" => EndReason::Objective,
            "fullhold" => EndReason::TimeExpired,
            "surrender" => EndReason::Surrender,
            _ => EndReason::Unknown,
        };
        assert_eq!(papers.end_reason, reason, "{}", round.file_name);
        let side = papers.surrendered.map(|side| u64::from(side.number()));
        assert_eq!(side, told["surrender_side"].as_u64(), "{}", round.file_name);
        let paused = told["paused_ms"].as_i64().unwrap() / 1000;
        assert!((papers.pause_seconds.unwrap() - paused).abs() <= 2, "{}", round.file_name);
        assert!(kind == "abort" || has_no_flag_of_an_event(round), "{}: {:?}", round.file_name, round.flags);
        if !matches!(round.status, Status::Orphan | Status::Aborted) {
            assert!(!papers.awards.is_empty(), "{}", round.file_name);
        }
        awards += papers.awards.len();
        // Two players bore this name at once, and an award does not say which of them it is about.
        let strangers = papers.awards.iter().filter(|award| award.player.is_none());
        assert!(strangers.clone().all(|award| award.holder == "mrkelj"), "{}", round.file_name);
        named += papers.awards.iter().filter(|award| award.player.is_some()).count();
        surrenders += usize::from(papers.surrendered.is_some());
        checked += 1;
        check_against_lines(round);
    }
    eprintln!("{checked} rounds, {surrenders} surrenders, {named} of {awards} awards have their player");
    assert!(checked > 70 && surrenders == 2 && named * 100 >= awards * 98);
}

/// Nobody killed his opponents more often than his line of the round says, as far as that is the round's own.
fn check_against_lines(round: &Round) {
    let kills = duel_kills(round);
    for player in round.players.iter().filter(|one| one.participant && !one.flags.contains("counters_reset")) {
        let own = kills.get(&player.player).copied().unwrap_or(0);
        assert!(own <= player.kills(), "{} {}: {own} of {}", round.file_name, player.name, player.kills());
    }
}

#[test]
fn papers_of_a_real_server() {
    let Some(folder) = data::folder("real-server") else { return };
    let mut files = Vec::new();
    for part in ["evening-1/gamestats", "evening-2/gamestats", "evening-2/gametimes"] {
        files.extend(data::files(&folder.join(part)));
    }
    let archive = Archive::with_papers(&files, &Rules { zone: TimeZone::UTC, ..rules() });
    for (name, _) in files.iter().filter(|(name, _)| name.contains("endstats") || name.contains("gametime")) {
        assert_eq!(archive.fates(name), [&Fate::Stored], "{name}");
    }
    let of = |start: &str| archive.rounds().find(|round| round.file_name.starts_with(start)).unwrap();
    let conceded = of("2026-11-22-115022");
    assert_eq!(conceded.papers.end_reason, EndReason::Surrender);
    assert_eq!(conceded.papers.surrendered, Some(Side::Axis), "the Axis gave up");
    assert_eq!(of("2026-11-22-115248").papers.end_reason, EndReason::TimeExpired);
    let cut_off = of("2026-11-22-115511");
    assert_eq!((cut_off.status, cut_off.papers.end_reason), (Status::Aborted, EndReason::Unknown));
    let first = of("2026-11-22-114347");
    assert_eq!((first.papers.awards.len(), first.papers.guids.len()), (28, 6));
    assert!(first.papers.awards.iter().all(|award| award.player.is_some()));
    for round in archive.rounds() {
        check_against_lines(round);
    }
}
