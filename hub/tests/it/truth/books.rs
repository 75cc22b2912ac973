//! Sums that must balance in every derived block, whatever was played.

use std::collections::{BTreeMap, BTreeSet};

use slomix_hub::domain::derive::Derived;
use slomix_hub::domain::leaf::{NUMBERS, counts};
use slomix_hub::domain::revision::Fate;
use slomix_hub::domain::round::{CountsFor, Round, Status};

use super::archive::Archive;
use super::findings::Findings;

/// Checks every block.
pub(super) fn balance(archive: &Archive, findings: &mut Findings) {
    for block in &archive.blocks {
        every_artifact_has_a_fate(block, findings);
        every_round_is_in_one_epoch(block, findings);
        every_map_is_counted_once(block, findings);
        leaves_are_the_rounds(block, findings);
    }
    let fates: usize = archive.blocks.iter().map(|block| block.fates.len()).sum();
    findings.same("artifacts", "all", &fates, &archive.files.len());
}

fn every_artifact_has_a_fate(block: &Derived, findings: &mut Findings) {
    let stored: BTreeSet<i64> =
        block.fates.iter().filter(|(_, fate)| *fate == Fate::Stored).map(|(artifact, _)| *artifact).collect();
    let of_rounds: BTreeSet<i64> = block.rounds.iter().map(|round| round.artifact).collect();
    findings.same("books", "block", &of_rounds, &stored);
    let ids: BTreeSet<i64> = block.rounds.iter().map(|round| round.id).collect();
    findings.same("books", "block", &ids.len(), &block.rounds.len());
}

fn every_round_is_in_one_epoch(block: &Derived, findings: &mut Findings) {
    for session in &block.sessions {
        let of_session = block.rounds.iter().filter(|round| round.session == session.id).map(|round| round.id);
        let mut in_epochs: Vec<i64> = session.epochs.iter().flat_map(|epoch| epoch.rounds.iter().copied()).collect();
        in_epochs.sort_unstable();
        findings.same("books", session.id, &in_epochs, &of_session.collect());
    }
    let of_sessions: usize = block.sessions.iter().flat_map(|one| &one.epochs).map(|epoch| epoch.rounds.len()).sum();
    findings.same("books", "block", &of_sessions, &block.rounds.len());
}

fn every_map_is_counted_once(block: &Derived, findings: &mut Findings) {
    for session in &block.sessions {
        let counted: i64 = session.epochs.iter().map(|one| one.wins_a + one.wins_b + one.ties + one.uncounted).sum();
        let maps = block.matches.iter().filter(|play| play.session == session.id).count();
        findings.same("books", session.id, &counted, &(maps as i64));
    }
    for round in &block.rounds {
        let halves = block.matches.iter().filter(|play| play.first == Some(round.id) || play.second == Some(round.id));
        let has_map = !matches!(round.status, Status::Aborted | Status::Cancelled | Status::Substitution);
        findings.same("books", &round.file_name, &halves.count(), &usize::from(has_map));
    }
}

fn leaves_are_the_rounds(block: &Derived, findings: &mut Findings) {
    let number = |name: &str| NUMBERS.iter().position(|known| *known == name).unwrap();
    let counting: Vec<&Round> = block.rounds.iter().filter(|round| round.counts_for.has(CountsFor::LIFETIME)).collect();
    let mut kills: BTreeMap<i64, i64> = BTreeMap::new();
    let mut rounds: BTreeMap<i64, i64> = BTreeMap::new();
    for player in counting.iter().flat_map(|round| &round.players).filter(|player| counts(player)) {
        *kills.entry(player.player).or_default() += player.kills();
        *rounds.entry(player.player).or_default() += 1;
    }
    for (what, expected) in [("kills", kills), ("rounds", rounds)] {
        let mut found: BTreeMap<i64, i64> = BTreeMap::new();
        for ((_, player, _), sums) in &block.leaves {
            *found.entry(*player).or_default() += sums[number(what)];
        }
        findings.same("books", what, &found, &expected);
    }
}
