//! The two persistent teams of a session: signed consensus.
//!
//! Players change sides every half, so sides alone do not tell who plays with whom. Every appearance of a player
//! says: "my team is Axis now" or "Allies now". Labels x (the player's team) and y (which team is Axis in this
//! half) are chosen so that as much play time as possible agrees with them: J = Σ a·y·s·x is largest, where s is +1
//! on Axis and −1 on Allies and a the share of the half that the player was there, in thousandths.
//!
//! No history from other sessions enters, so a session's teams never depend on what else has arrived.

use std::collections::BTreeMap;

mod changes;
mod consensus;
mod decided;
mod epochs;

pub use changes::{Change, ChangeKind, changes, line_up};
use consensus::{Sheet, Solved};
pub use decided::Fixed;
pub use epochs::{Epoch, epochs};

/// Below this share of the half, an appearance is ignored (a reconnect on the wrong side), in thousandths.
const LEAST_SHARE: i64 = 200;
/// A half speaks against the swap within its match only from this much play on, in thousandths of a player.
const CLEAR_SUM: i64 = 2000;

/// One player's part in one half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Appearance {
    /// Who.
    pub player: i64,
    /// +1 on Axis, −1 on Allies.
    pub side: i64,
    /// Share of the half played, 0 to 1,000.
    pub share: i64,
}

/// One half with who played it.
#[derive(Debug, Clone)]
pub struct Half {
    /// The match, so that two halves of one are known to swap sides.
    pub match_id: i64,
    /// Whether it is the second half.
    pub second: bool,
    /// The humans.
    pub appearances: Vec<Appearance>,
}

/// How sure the teams are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confidence {
    /// At least four halves, at least 95 % agreement; or at least 85 % and 95 % of the core's own play, so that one
    /// player who is with either team does not make both doubtful.
    High,
    /// At least two halves, at least 85 %.
    Medium,
    /// Anything else.
    Low,
}

impl Confidence {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }
}

/// One player's team in the session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub player: i64,
    /// +1 team A, −1 team B.
    pub team: i8,
    /// How steadily, in thousandths.
    pub steadiness: i64,
    /// Halves played (with at least a fifth of the time).
    pub halves: i64,
    /// At least 80 % steady and two halves: part of the team; else a guest.
    pub core: bool,
    /// People said so; else the halves tell.
    pub manual: bool,
}

/// The teams of a session.
#[derive(Debug, Clone)]
pub struct Teams {
    /// For each half in the order given: +1 if team A is Axis, −1 if team B is.
    pub axis_team: Vec<i8>,
    /// For each half, the share of its play time that agrees with the teams, in thousandths.
    pub half_agreement: Vec<i64>,
    /// Everybody, by player id.
    pub members: Vec<Member>,
    /// Share of all play time that agrees with the teams, in thousandths.
    pub agreement: i64,
    /// How sure.
    pub confidence: Confidence,
    /// Halves that did not swap sides within their match, by index.
    pub no_swap: Vec<usize>,
}

/// Finds the teams. `halves` must be in order of time; team A is Axis in the first one.
pub fn detect(halves: &[Half]) -> Teams {
    let Labelled { halves, solved, no_swap } = labelled(halves);
    let mut axis_team: Vec<i8> =
        solved.rows.iter().map(|&(row, turned)| if turned { -solved.signs[row] } else { solved.signs[row] }).collect();
    let turn = axis_team.first().copied().unwrap_or(1);
    for sign in &mut axis_team {
        *sign *= turn;
    }
    told(&halves, axis_team, solved.agreement, no_swap, &Fixed::new())
}

/// The teams out of which team is Axis in each half, and how much play time (J) agrees with them.
fn told(halves: &[Half], axis_team: Vec<i8>, agreement: i64, no_swap: Vec<usize>, fixed: &Fixed) -> Teams {
    let members = members(halves, &axis_team, fixed);
    let all: i64 = halves.iter().flat_map(|half| &half.appearances).map(|one| one.share).sum();
    let agreement = if all == 0 { 0 } else { agreement * 1000 / all };
    let confidence = match (agreement, halves.iter().filter(|half| !half.appearances.is_empty()).count()) {
        (950.., 4..) => Confidence::High,
        (850.., 4..) if core_agreement(halves, &axis_team, &members) >= 950 => Confidence::High,
        (850.., 2..) => Confidence::Medium,
        _ => Confidence::Low,
    };
    let half_agreement = halves.iter().zip(&axis_team).map(|(half, &sign)| of_half(half, sign, &members)).collect();
    Teams { axis_team, half_agreement, members, agreement, confidence, no_swap }
}

/// The best labels of some halves.
struct Labelled {
    /// Without the appearances that are ignored.
    halves: Vec<Half>,
    solved: Solved,
    /// As in [`Teams`].
    no_swap: Vec<usize>,
}

/// The halves without the appearances that are ignored.
fn shares_that_count(halves: &[Half]) -> Vec<Half> {
    let counts = |half: &Half| half.appearances.iter().copied().filter(|one| one.share >= LEAST_SHARE).collect();
    halves.iter().map(|half| Half { appearances: counts(half), ..*half }).collect()
}

fn labelled(halves: &[Half]) -> Labelled {
    let halves = shares_that_count(halves);
    let mut apart = vec![false; halves.len()];
    let mut solved = consensus::solve(&sheet(&halves, &apart));
    let no_swap = contradictions(&halves, &solved.labels);
    if !no_swap.is_empty() {
        for &index in &no_swap {
            apart[index] = true;
        }
        solved = consensus::solve(&sheet(&halves, &apart));
    }
    Labelled { halves, solved, no_swap }
}

/// The appearances as a matrix: a row per match (its second half turned round) or per half that stands apart.
fn sheet(halves: &[Half], apart: &[bool]) -> Sheet {
    let mut players: Vec<i64> = halves.iter().flat_map(|half| &half.appearances).map(|one| one.player).collect();
    players.sort_unstable();
    players.dedup();
    let mut row_of_match: BTreeMap<i64, usize> = BTreeMap::new();
    let mut sheet = Sheet { players, cells: Vec::new(), rows: Vec::new() };
    for (half, &apart) in halves.iter().zip(apart) {
        let fresh = sheet.cells.len();
        let row = if apart { fresh } else { *row_of_match.entry(half.match_id).or_insert(fresh) };
        if row == fresh {
            sheet.cells.push(vec![0; sheet.players.len()]);
        }
        let turned = half.second && !apart;
        sheet.rows.push((row, turned));
        for one in &half.appearances {
            if let Ok(column) = sheet.players.binary_search(&one.player) {
                sheet.cells[row][column] += one.share * one.side * if turned { -1 } else { 1 };
            }
        }
    }
    sheet
}

/// Second halves that clearly show the sides of their first half.
fn contradictions(halves: &[Half], labels: &BTreeMap<i64, i8>) -> Vec<usize> {
    let sum = |half: &Half| -> i64 {
        half.appearances
            .iter()
            .map(|one| one.share * one.side * i64::from(labels.get(&one.player).copied().unwrap_or(0)))
            .sum()
    };
    (0..halves.len())
        .filter(|&index| {
            let second = &halves[index];
            let first = halves.iter().find(|half| half.match_id == second.match_id && !half.second);
            second.second
                && first.is_some_and(|first| {
                    let (one, two) = (sum(first), sum(second));
                    one.abs() >= CLEAR_SUM && two.abs() >= CLEAR_SUM && one.signum() == two.signum()
                })
        })
        .collect()
}

/// How much of the core's play time speaks for the teams and not against them, in thousandths.
fn core_agreement(halves: &[Half], axis_team: &[i8], members: &[Member]) -> i64 {
    let mut sums = (0, 0);
    for (half, &axis) in halves.iter().zip(axis_team) {
        for one in &half.appearances {
            let found = members.binary_search_by_key(&one.player, |member| member.player);
            let Some(member) = found.ok().map(|at| members[at]).filter(|member| member.core) else { continue };
            sums.0 += one.share * one.side * i64::from(axis) * i64::from(member.team);
            sums.1 += one.share;
        }
    }
    sums.0 * 1000 / sums.1.max(1)
}

/// How much of one half's play time fits the teams.
fn of_half(half: &Half, sign: i8, members: &[Member]) -> i64 {
    let team = |player: i64| {
        members.binary_search_by_key(&player, |member| member.player).map_or(0, |found| members[found].team)
    };
    let all: i64 = half.appearances.iter().map(|one| one.share).sum();
    let fitting: i64 = half
        .appearances
        .iter()
        .filter(|one| one.side * i64::from(sign) == i64::from(team(one.player)))
        .map(|one| one.share)
        .sum();
    if all == 0 { 0 } else { fitting * 1000 / all }
}

fn members(halves: &[Half], axis_team: &[i8], fixed: &Fixed) -> Vec<Member> {
    let mut sums: BTreeMap<i64, (i64, i64, i64)> = BTreeMap::new();
    for (half, &sign) in halves.iter().zip(axis_team) {
        for one in &half.appearances {
            let (signed, share, count) = sums.entry(one.player).or_default();
            *signed += one.share * one.side * i64::from(sign);
            *share += one.share;
            *count += 1;
        }
    }
    sums.into_iter()
        .map(|(player, (signed, share, halves))| {
            let decided = fixed.get(&player).copied();
            let team = decided.unwrap_or(if signed < 0 { -1 } else { 1 });
            let steadiness = (signed * i64::from(team)).max(0) * 1000 / share.max(1);
            let core = decided.is_some() || steadiness >= 800 && halves >= 2;
            Member { player, team, steadiness, halves, core, manual: decided.is_some() }
        })
        .collect()
}

#[cfg(test)]
mod tests;
