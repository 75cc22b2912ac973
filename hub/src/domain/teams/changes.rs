//! Who came, went and changed teams from one half to the next, told by team: everybody changes sides, that is no news.

use std::collections::{BTreeMap, BTreeSet};

use super::{Half, LEAST_SHARE};

/// With at least this share of a map's time, somebody is part of the line-up, in thousandths.
const LEAST_OF_A_MAP: i64 = 300;

/// What kind of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Somebody left a team and somebody new came to it.
    Sub,
    /// Somebody new came to a team.
    Join,
    /// Somebody left.
    Leave,
    /// Somebody went over to the other team; told of the team he came to.
    Switch,
}

/// One change of a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// The half in which it shows, by index.
    pub half: usize,
    /// What kind.
    pub kind: ChangeKind,
    /// +1 team A, −1 team B.
    pub team: i8,
    /// Who left.
    pub left: Option<i64>,
    /// Who came.
    pub arrived: Option<i64>,
}

/// The changes between each half and the next, in order; `axis_team` tells for each half which team is Axis. Where
/// several left and came at once they are paired by id.
pub fn changes(halves: &[Half], axis_team: &[i8]) -> Vec<Change> {
    let teams: Vec<BTreeMap<i64, i8>> =
        halves.iter().zip(axis_team).map(|(half, &axis)| teams_of(half, axis)).collect();
    (1..teams.len()).flat_map(|half| between(half, &teams[half - 1], &teams[half])).collect()
}

fn between(half: usize, before: &BTreeMap<i64, i8>, after: &BTreeMap<i64, i8>) -> Vec<Change> {
    let mut found = Vec::new();
    for team in [-1, 1] {
        let only = |here: &BTreeMap<i64, i8>, there: &BTreeMap<i64, i8>| -> Vec<i64> {
            here.iter().filter(|(player, of)| **of == team && !there.contains_key(player)).map(|(id, _)| *id).collect()
        };
        let (left, arrived) = (only(before, after), only(after, before));
        for place in 0..left.len().max(arrived.len()) {
            let (left, arrived) = (left.get(place).copied(), arrived.get(place).copied());
            let kind = match (left, arrived) {
                (Some(_), Some(_)) => ChangeKind::Sub,
                (None, _) => ChangeKind::Join,
                (_, None) => ChangeKind::Leave,
            };
            found.push(Change { half, kind, team, left, arrived });
        }
        let over = after.iter().filter(|(player, of)| **of == team && before.get(player) == Some(&-team));
        let switch = |player: i64| Change { half, kind: ChangeKind::Switch, team, left: None, arrived: Some(player) };
        found.extend(over.map(|(player, _)| switch(*player)));
    }
    found
}

/// Everybody who was in a team for at least three tenths of a map, by id.
pub fn line_up(halves: &[Half], axis_team: &[i8], match_id: i64, team: i8) -> Vec<i64> {
    let of_map = || halves.iter().zip(axis_team).filter(|(half, _)| half.match_id == match_id);
    let played = of_map().count() as i64;
    let mut shares: BTreeMap<i64, i64> = BTreeMap::new();
    for (half, &axis) in of_map() {
        for one in half.appearances.iter().filter(|one| one.side * i64::from(axis) == i64::from(team)) {
            *shares.entry(one.player).or_default() += one.share;
        }
    }
    let players: BTreeSet<i64> =
        shares.into_iter().filter(|(_, share)| *share >= LEAST_OF_A_MAP * played).map(|(player, _)| player).collect();
    players.into_iter().collect()
}

/// The team of everybody who was there for long enough.
fn teams_of(half: &Half, axis: i8) -> BTreeMap<i64, i8> {
    let there = half.appearances.iter().filter(|one| one.share >= LEAST_SHARE);
    there.map(|one| (one.player, if one.side < 0 { -axis } else { axis })).collect()
}
