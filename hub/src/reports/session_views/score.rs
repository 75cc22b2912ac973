//! The score of a session, map by map.

use std::cmp::Ordering;

use crate::reports::columns::{left, right};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::words::plural;
use crate::store::read::MapPlayRow;

/// Who won what, and how it stood after each map.
pub(super) fn post(report: &SessionReport) -> Post {
    let now = report.epochs.last().cloned().unwrap_or_default();
    let (a, b) = now.score();
    let accent = match a.cmp(&b) {
        Ordering::Greater => Accent::TeamA,
        Ordering::Less => Accent::TeamB,
        Ordering::Equal => Accent::Neutral,
    };
    let mut lines: Vec<String> = report.epochs.iter().filter_map(verdict).collect();
    if lines.is_empty() {
        lines.push("No map counts yet.".to_owned());
    }
    if report.epochs.len() > 1 {
        lines.insert(0, "The teams were shuffled, so each pair of them has a score of its own.".to_owned());
    }
    lines.extend(report.uncounted());
    let tables = report.epochs.iter().filter(|epoch| !epoch.plays.is_empty()).map(|epoch| table(report, epoch));
    Post {
        title: format!("Session {}: {} {a} - {b} {}", report.handle, now.name(1), now.name(-1)),
        accent,
        lines,
        tables: tables.collect(),
        notes: vec![
            "The right column is the score after the map; a map won is 1-0, a double full hold 1-1.".to_owned(),
        ],
        footer: plural(report.epochs.iter().map(|epoch| epoch.plays.len() as i64).sum(), "map", "maps"),
        timestamp_ms: Some(report.session.end_ms),
    }
}

/// Who won, in maps; none without a map that counts.
pub(in crate::reports) fn verdict(epoch: &EpochReport) -> Option<String> {
    let (won, lost, drawn) = epoch.wins;
    let held =
        if drawn > 0 { format!(", {}", plural(drawn, "double full hold", "double full holds")) } else { String::new() };
    let winner = match won.cmp(&lost) {
        _ if (won, lost, drawn) == (0, 0, 0) => return None,
        Ordering::Greater => epoch.name(1),
        Ordering::Less => epoch.name(-1),
        Ordering::Equal => return Some(format!("A draw: {} each{held}", plural(won, "map", "maps"))),
    };
    let (more, fewer) = (won.max(lost), won.min(lost));
    Some(format!("{winner} won {} to {fewer}{held}", plural(more, "map", "maps")))
}

fn table(report: &SessionReport, epoch: &EpochReport) -> Table {
    let mut score = (0, 0);
    let row = |play: &MapPlayRow| {
        score = after(score, play);
        let stands = if play.counted { format!("{}-{}", score.0, score.1) } else { "–".to_owned() };
        format!("{} {} {}", left(&play.map, 10), left(&report.halves(play), 17), right(&stands, 5))
            .trim_end()
            .to_owned()
    };
    Table { heading: format!("{} - {}", epoch.name(1), epoch.name(-1)), rows: epoch.plays.iter().map(row).collect() }
}

/// The score after a map play.
pub(in crate::reports) fn after((a, b): (i64, i64), play: &MapPlayRow) -> (i64, i64) {
    match (play.counted, play.winner_team) {
        (false, _) => (a, b),
        (true, 1) => (a + 1, b),
        (true, -1) => (a, b + 1),
        (true, _) => (a + 1, b + 1),
    }
}

/// What a map play came to, in a few words.
pub(super) fn result(epoch: &EpochReport, play: &MapPlayRow) -> String {
    match (play.counted, play.winner_team) {
        (false, _) => "not counted".to_owned(),
        (true, 0) => "double full hold".to_owned(),
        (true, team) => format!("{} won", epoch.name(team)),
    }
}
