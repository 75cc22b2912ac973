//! Which rounds of a session have endstats, and which lack them.

use std::collections::BTreeSet;

use crate::reports::post::{Accent, Post};
use crate::reports::session::SessionReport;
use crate::reports::words::plural;

/// So many rounds without are named.
const MOST: usize = 10;

/// How many rounds have endstats, and the places of those that have none.
pub(super) fn post(report: &SessionReport, with: &BTreeSet<i64>) -> Post {
    let total = report.rounds.len();
    let missing: Vec<String> = report
        .rounds
        .iter()
        .enumerate()
        .filter(|(_, round)| !with.contains(&round.id))
        .map(|(place, round)| format!("{}.{}  {} R{}", report.handle, place + 1, round.map, round.half()))
        .collect();
    let (title, accent) = match missing.len() {
        0 => (
            format!("{}: all {} have endstats", report.handle, plural(total as i64, "round", "rounds")),
            Accent::Neutral,
        ),
        lacking => (format!("{}: {} of {total} rounds have endstats", report.handle, total - lacking), Accent::Trouble),
    };
    let mut lines: Vec<String> = missing.iter().take(MOST).map(|round| format!("Without: {round}")).collect();
    if missing.len() > MOST {
        lines.push(format!("… and {} more", missing.len() - MOST));
    }
    let mut notes = Vec::new();
    if !missing.is_empty() {
        let cut_off = "A round that a map change cut off has none; those of a second half alone are kept until its first half comes. \
             Others come with the agent's next files, or are imported.";
        notes.push(cut_off.to_owned());
    }
    Post {
        title,
        accent,
        lines,
        tables: Vec::new(),
        notes,
        footer: report.handle.clone(),
        timestamp_ms: Some(report.session.end_ms),
    }
}
