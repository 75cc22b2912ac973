//! A session's report as a post: the score, the maps, two tables, a few feats.

use std::cmp::Ordering;

use super::columns::{left, right};
use super::numbers_table::{Best, Line, table};
use super::post::{Accent, Post, Table};
use super::session::{EpochReport, SessionReport, verdict};
use super::words::plural;

/// The post of a session. After a shuffle the title has the score of the teams that play now.
pub fn post(report: &SessionReport) -> Post {
    let now = report.epochs.last().cloned().unwrap_or_default();
    let (a, b) = now.score();
    let accent = match a.cmp(&b) {
        Ordering::Greater => Accent::TeamA,
        Ordering::Less => Accent::TeamB,
        Ordering::Equal => Accent::Neutral,
    };
    let teams: Vec<(i64, Vec<Line>)> =
        [1, -1].into_iter().map(|team| (team, now.team(team).into_iter().cloned().collect())).collect();
    let best = Best::of(&teams.iter().flat_map(|(_, lines)| lines));
    let mut tables = vec![maps(report, report.open_play())];
    tables.extend(
        teams
            .iter()
            .filter(|(_, lines)| !lines.is_empty())
            .map(|(team, lines)| table(now.name(*team).to_owned(), lines, best, false)),
    );
    Post {
        title: format!("Session {}: {} {a} - {b} {}", report.handle, now.name(1), now.name(-1)),
        accent,
        lines: story(report, &now),
        tables,
        notes: report.feats.iter().take(3).map(|feat| format!("{}: {} {}", feat.what, feat.name, feat.value)).collect(),
        footer: format!("{} · {}", plural(report.rounds.len() as i64, "round", "rounds"), report.turnout()),
        timestamp_ms: Some(report.session.end_ms),
    }
}

fn story(report: &SessionReport, now: &EpochReport) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((_, earlier)) = report.epochs.split_last().filter(|(_, earlier)| !earlier.is_empty()) {
        let scores: Vec<String> = earlier
            .iter()
            .map(|epoch| {
                let (a, b) = epoch.score();
                format!("{a} - {b}")
            })
            .collect();
        lines.push(format!("The teams were shuffled; before that it stood {}.", scores.join(", then ")));
    }
    let (wins_a, wins_b, ties) = now.wins;
    lines.push(format!("Maps W-L-T for {}: {wins_a}-{wins_b}-{ties}", now.name(1)));
    lines.extend(report.uncounted_but(report.open_play()));
    lines.extend(report.nobody_counts());
    if report.session.confidence == "low" && report.rounds.len() > 1 {
        lines.push("The teams are not clear: players changed sides a lot.".to_owned());
    }
    lines
}

/// The maps in order, at most 34 columns. Of an open one nobody says that its second half is missing.
pub(super) fn maps(report: &SessionReport, open: Option<i64>) -> Table {
    let mut rows = Vec::new();
    for (number, epoch) in report.epochs.iter().enumerate() {
        if number > 0 {
            rows.push("-- new teams --".to_owned());
        }
        for play in &epoch.plays {
            // Why a map does not count stands above.
            let verdict = if play.counted { verdict(play) } else { "–".to_owned() };
            let verdict = verdict.split(' ').next().unwrap_or_default();
            let halves = report.halves(play);
            let halves = if Some(play.id) == open { halves.replace("missing", "–") } else { halves };
            let row = format!("{} {} {}", left(&play.map, 11), left(&halves, 17), right(verdict, 4));
            rows.push(row.trim_end().to_owned());
        }
    }
    // In the rows teams are called by their letters.
    let names = report.epochs.last().map(|now| now.names.clone()).unwrap_or_default();
    let letters =
        names.iter().zip(["A", "B"]).filter_map(|(name, letter)| Some(format!("{letter} {}", name.as_ref()?)));
    let letters = letters.collect::<Vec<_>>().join(", ");
    let heading = if letters.is_empty() { "Maps".to_owned() } else { format!("Maps ({letters})") };
    Table { heading, rows }
}
