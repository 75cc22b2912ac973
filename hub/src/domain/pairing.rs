//! Which first half belongs to which second half.
//!
//! In a genuine pair the first half's `next` clock is the second half's limit, to the second (true of every real
//! pair seen). So pairs with exact clocks are made first, in the order of the second halves, each taking the latest
//! fitting first half not yet taken; then second halves of which a clock is unknown take the latest one left.

use slomix_shared::artifact::{LocalStamp, RoundNumber};

use super::aborted::known_next;
use super::round::Play;

/// What was found for one second half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    /// Its first half, by index.
    First(usize),
    /// None; where a first half of the map was near but had set another clock, its index.
    Missing {
        /// The nearest candidate that does not fit.
        mismatch: Option<usize>,
    },
}

/// The partner of every play that is a second half, by index; first halves and cut-off plays have none.
///
/// `set_back` tells whether the wall clock was set back around a stamp: only then may a first half bear a later
/// stamp than its second half, if the clocks fit.
pub fn partners(
    plays: &[Play<'_>],
    cut_off: &[bool],
    window_seconds: i64,
    set_back: impl Fn(LocalStamp) -> bool,
) -> Vec<Option<Partner>> {
    let mut taken = vec![false; plays.len()];
    let mut partners: Vec<Option<Partner>> = vec![None; plays.len()];
    let seconds: Vec<usize> =
        (0..plays.len()).filter(|&i| plays[i].number == RoundNumber::Two && !cut_off[i]).collect();

    let candidates = |second: usize, exact: bool| {
        let play = &plays[second];
        let set_back = exact && set_back(play.stamp);
        (0..plays.len()).rev().filter(move |&first| {
            let other = &plays[first];
            let gap = play.stamp.seconds() - other.stamp.seconds();
            let near = (0..=window_seconds).contains(&gap) || (set_back && (-3600..0).contains(&gap));
            near && other.number == RoundNumber::One && other.map_key == play.map_key && !cut_off[first]
        })
    };
    let clocks = |second: usize, first: usize| {
        (known_next(RoundNumber::One, &plays[first].stats.header), plays[second].stats.header.limit)
    };
    for &second in &seconds {
        let fitting = candidates(second, true)
            .filter(|&first| !taken[first])
            .find(|&first| matches!(clocks(second, first), (Some(next), Some(limit)) if next == limit));
        if let Some(first) = fitting {
            taken[first] = true;
            partners[second] = Some(Partner::First(first));
        }
    }
    for &second in &seconds {
        if partners[second].is_some() {
            continue;
        }
        let unknown = candidates(second, false)
            .filter(|&first| !taken[first])
            .find(|&first| matches!(clocks(second, first), (None, _) | (_, None)));
        partners[second] = Some(if let Some(first) = unknown {
            taken[first] = true;
            Partner::First(first)
        } else {
            Partner::Missing { mismatch: candidates(second, false).find(|&first| !taken[first]) }
        });
    }
    partners
}
