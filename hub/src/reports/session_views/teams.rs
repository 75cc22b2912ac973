//! Who played for whom.

use crate::reports::columns::{left, right};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::session::{EpochReport, SessionReport};
use crate::reports::words::plural;
use crate::store::read::MemberRow;

/// Both rosters of every pair of teams.
pub(super) fn post(report: &SessionReport) -> Post {
    let now = report.epochs.last().cloned().unwrap_or_default();
    let sizes = [1, -1].map(|team| core(&now, team).len());
    let mut lines = Vec::new();
    if report.epochs.len() > 1 {
        lines.push("The teams were shuffled: those that played last come first.".to_owned());
    }
    let guests = report.epochs.iter().flat_map(|epoch| &epoch.members).any(|member| !member.core);
    if guests {
        lines.push("~ a guest, who played for both or only once".to_owned());
    }
    if report.session.confidence == "low" {
        lines.push("The teams are not clear: too few rounds, or players changed sides a lot.".to_owned());
    }
    let tables: Vec<Table> =
        report.epochs.iter().rev().flat_map(|epoch| [1, -1].map(|team| roster(epoch, team))).collect();
    let tables: Vec<Table> = tables.into_iter().filter(|table| table.rows.len() > 1).collect();
    if tables.is_empty() {
        lines.push("Nobody was in a team.".to_owned());
    }
    Post {
        title: format!("{} {}v{} {}, {}", now.name(1), sizes[0], sizes[1], now.name(-1), report.handle),
        accent: Accent::Neutral,
        lines,
        tables,
        notes: vec!["A wrong place? A moderator says !assign_player NAME A or B.".to_owned()],
        footer: format!("{} · {}", report.handle, report.turnout()),
        timestamp_ms: Some(report.session.end_ms),
    }
}

fn core(epoch: &EpochReport, team: i64) -> Vec<&MemberRow> {
    epoch.members.iter().filter(|member| member.team == team && member.core).collect()
}

fn roster(epoch: &EpochReport, team: i64) -> Table {
    let members = epoch.members.iter().filter(|member| member.team == team);
    let mut members: Vec<&MemberRow> = members.collect();
    members.sort_by_key(|member| (!member.core, std::cmp::Reverse(member.halves)));
    let mut rows = vec![format!("{}{}", left("", 20), right("ROUNDS", 7))];
    rows.extend(members.iter().map(|member| {
        let guest = if member.core { " " } else { "~" };
        format!("{guest}{}{}", left(&member.name, 19), right(&member.halves.to_string(), 7))
    }));
    let (a, b) = epoch.score();
    let own = if team > 0 { a } else { b };
    Table { heading: format!("{}, {}", epoch.name(team), plural(own, "point", "points")), rows }
}
