//! Teams in which people said where somebody belongs.
//!
//! The letters stay as they were found: in the first half that tells, the same team is Axis as before. Within that,
//! and with the labels that were decided, the rest is chosen anew so that most play time agrees.

use std::collections::BTreeMap;

use super::{Half, Teams, consensus, shares_that_count, sheet, told};

/// Labels that people decided, by player: +1 team A, −1 team B.
pub type Fixed = BTreeMap<i64, i8>;

/// The teams of `halves`, of which `found` was found without any decision. Players of `fixed` who were not there
/// change nothing.
pub(super) fn settle(halves: &[Half], found: Teams, fixed: &Fixed) -> Teams {
    let halves = shares_that_count(halves);
    let there = |player: &i64| found.members.iter().any(|member| member.player == *player);
    let anchor = halves.iter().position(|half| !half.appearances.is_empty());
    let Some(anchor) = anchor.filter(|_| fixed.keys().any(there)) else { return found };
    let apart: Vec<bool> = (0..halves.len()).map(|half| found.no_swap.contains(&half)).collect();
    let sheet = sheet(&halves, &apart);
    let turned = |(row, turned): (usize, bool), sign: i8| (row, if turned { -sign } else { sign });
    let anchor = turned(sheet.rows[anchor], found.axis_team[anchor]);
    let labels: Vec<(i8, bool)> = sheet
        .players
        .iter()
        .map(|player| match fixed.get(player) {
            Some(&label) => (label, true),
            None => (found.members.iter().find(|one| one.player == *player).map_or(1, |one| one.team), false),
        })
        .collect();
    let solved = consensus::solve_around(&sheet, &labels, anchor);
    let axis_team = solved.rows.iter().map(|&(row, turned)| if turned { -1 } else { 1 } * solved.signs[row]).collect();
    told(&halves, axis_team, solved.agreement, found.no_swap, fixed)
}
