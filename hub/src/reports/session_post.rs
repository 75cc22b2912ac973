//! A session's report as a post: the score, the maps, two tables, a few feats.

use super::columns::{left, right};
use super::numbers_table::{Best, Line, table};
use super::post::{Accent, Post, Table};
use super::session::SessionReport;
use super::words::plural;

/// The post of a session.
pub fn post(report: &SessionReport) -> Post {
    let session = &report.session;
    let (a, b) = session.score();
    let accent = match session.wins_a.cmp(&session.wins_b) {
        std::cmp::Ordering::Greater => Accent::TeamA,
        std::cmp::Ordering::Less => Accent::TeamB,
        std::cmp::Ordering::Equal => Accent::Neutral,
    };
    let teams: Vec<(i64, Vec<Line>)> =
        [1, -1].into_iter().map(|team| (team, report.team(team).into_iter().cloned().collect())).collect();
    let best = Best::of(&teams.iter().flat_map(|(_, lines)| lines));
    let mut tables = vec![maps(report)];
    tables.extend(teams.iter().filter(|(_, lines)| !lines.is_empty()).map(|(team, lines)| {
        let letter = super::words::team(*team);
        table(letter.to_owned(), lines, best, false)
    }));
    Post {
        title: format!("Session {}: Team A {a} - {b} Team B", report.handle),
        accent,
        lines: story(report),
        tables,
        notes: report.feats.iter().take(3).map(|feat| format!("{}: {} {}", feat.what, feat.name, feat.value)).collect(),
        footer: format!(
            "{} · {}",
            plural(report.rounds.len() as i64, "round", "rounds"),
            plural(report.lines.len() as i64, "player", "players")
        ),
        timestamp_ms: Some(session.end_ms),
    }
}

fn story(report: &SessionReport) -> Vec<String> {
    let session = &report.session;
    let mut lines = vec![format!("Maps W-L-T for Team A: {}-{}-{}", session.wins_a, session.wins_b, session.ties)];
    if session.uncounted > 0 {
        lines.push(format!("{} not counted", plural(session.uncounted, "map", "maps")));
    }
    if session.confidence == "low" && report.rounds.len() > 1 {
        lines.push("The teams are not clear: players changed sides a lot.".to_owned());
    }
    lines
}

/// The maps in order, at most 34 columns.
fn maps(report: &SessionReport) -> Table {
    let rows = report
        .plays
        .iter()
        .map(|play| {
            let verdict = report.verdict(play);
            let verdict = verdict.split(' ').next().unwrap_or_default();
            format!("{} {} {}", left(&play.map, 11), left(&report.halves(play), 16), right(verdict, 4))
                .chars()
                .collect::<String>()
                .trim_end()
                .to_owned()
        })
        .collect();
    Table { heading: "Maps".to_owned(), rows }
}
