//! How each map came to its result: who attacked, how each half ended, what was made of both.

use crate::reports::post::{Accent, Post};
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::words::{army, clock};
use crate::store::read::{MapPlayRow, RoundRow};

/// So many map plays are told.
const MOST: usize = 20;

/// The trace of every map.
pub(super) fn post(report: &SessionReport) -> Post {
    let plays: Vec<(&EpochReport, &MapPlayRow)> =
        report.epochs.iter().flat_map(|epoch| epoch.plays.iter().map(move |play| (epoch, play))).collect();
    let mut lines: Vec<String> = plays.iter().take(MOST).map(|(epoch, play)| trace(report, epoch, play)).collect();
    if plays.len() > MOST {
        lines.push(format!("… and {} more", plays.len() - MOST));
    }
    if plays.is_empty() {
        lines.push("No map was played.".to_owned());
    }
    let loose = report.rounds.iter().filter(|round| round.map_play.is_none());
    lines.extend(
        loose.map(|round| format!("Of no map: {} R{}, {}{}", round.map, round.half(), round.status, flags(round))),
    );
    let session = &report.session;
    let notes = vec![format!(
        "Teams: {} confidence, {} % of the time agrees with them",
        session.confidence,
        session.agreement / 10
    )];
    Post {
        title: format!("How {} was scored", report.handle),
        accent: Accent::Neutral,
        lines,
        tables: Vec::new(),
        notes,
        footer: report.handle.clone(),
        timestamp_ms: Some(session.end_ms),
    }
}

fn trace(report: &SessionReport, epoch: &EpochReport, play: &MapPlayRow) -> String {
    let halves = [(1, play.first_half), (2, play.second_half)].map(|(number, id)| match report.round(id) {
        Some(round) => half(epoch, round),
        None => format!("R{number} missing"),
    });
    let winner = match play.winner_team {
        0 => "nobody".to_owned(),
        team => epoch.name(team).to_owned(),
    };
    let inferred = if play.inferred { ", told from the second half alone" } else { "" };
    let counted = match report.unscored(play) {
        Some(why) => format!("not counted: {why}"),
        None => "counted".to_owned(),
    };
    format!("{}: {}; {}; {}, won by {winner}{inferred}; {counted}", play.map, halves[0], halves[1], play.result)
}

fn half(epoch: &EpochReport, round: &RoundRow) -> String {
    let attackers = match round.attackers() {
        0 => "?",
        team => epoch.name(team),
    };
    let ended = match round.outcome.as_str() {
        "completed" => format!("completed in {}", clock(round.made_in())),
        outcome => outcome.to_owned(),
    };
    let reason = if round.end_reason == "unknown" || round.end_reason.is_empty() {
        String::new()
    } else {
        format!(" by {}", round.end_reason.replace('_', " "))
    };
    format!(
        "R{}: {attackers} attacked, {} won on a clock of {}, {ended}{reason}{}",
        round.half(),
        army(round.winner),
        clock(round.clock),
        flags(round)
    )
}

fn flags(round: &RoundRow) -> String {
    if round.flags.is_empty() { String::new() } else { format!(" ({})", round.flags.replace(',', ", ")) }
}
