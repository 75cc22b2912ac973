//! Teams in which people said where somebody belongs.
//!
//! The letters stay as they were found: most play time stays with its letter, unless people decided otherwise about
//! most of it. Within that, and with the labels that were decided, the rest is chosen anew so that most play time agrees.

use std::collections::BTreeMap;

use super::consensus::{self, Label};
use super::{Half, Teams, shares_that_count, sheet, told};

/// Labels that people decided, by player: +1 team A, −1 team B.
pub type Fixed = BTreeMap<i64, i8>;

/// The teams of `halves`, of which `found` was found without any decision. Players of `fixed` who were not there
/// change nothing.
pub(super) fn settle(halves: &[Half], found: Teams, fixed: &Fixed) -> Teams {
    let halves = shares_that_count(halves);
    let team_of = |player: i64| found.members.iter().find(|member| member.player == player).map(|member| member.team);
    if !fixed.keys().any(|&player| team_of(player).is_some()) {
        return found;
    }
    let apart: Vec<bool> = (0..halves.len()).map(|half| found.no_swap.contains(&half)).collect();
    let sheet = sheet(&halves, &apart);
    let labels = sheet.players.iter().map(|&player| {
        let was = team_of(player).unwrap_or(1);
        Label { was, fixed: fixed.get(&player).copied() }
    });
    let mut axis = vec![1; sheet.cells.len()];
    for (&(row, turned), &sign) in sheet.rows.iter().zip(&found.axis_team) {
        axis[row] = if turned { -sign } else { sign };
    }
    let solved = consensus::solve_around(&sheet, &labels.collect::<Vec<_>>(), &axis);
    let axis_team = solved.rows.iter().map(|&(row, turned)| if turned { -1 } else { 1 } * solved.signs[row]).collect();
    told(&halves, axis_team, solved.agreement, found.no_swap, fixed)
}
