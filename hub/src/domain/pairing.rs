//! Which first half belongs to which second half.
//!
//! In a genuine pair the first half's `next` clock is the second half's limit, to the second (true of every real
//! pair seen), and the second half's counters stand on the first one's. So pairs with exact clocks are made first,
//! in the order of the second halves, each taking the latest fitting first half not yet taken; then second halves of
//! which a clock is unknown take the latest one left.

use slomix_shared::artifact::{LocalStamp, RoundNumber};

use super::differential::stands_on_another;
use super::next_clock::known_next;
use super::outcome::duration;
use super::play::Play;

/// What was found for one second half.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partner {
    /// Its first half, by index.
    First(usize),
    /// None; where a first half of the map was near but does not fit, its index.
    Missing {
        /// The nearest candidate: it set another clock, or the second half's counters do not stand on its own.
        mismatch: Option<usize>,
    },
}

/// The partner of every play that is a second half, by index; first halves and cut-off plays have none.
///
/// `instants` tells the first and last moment, in Unix milliseconds, at which the server's wall clock showed a
/// stamp: two on an autumn night, when a first half may even bear the later stamp of the two.
pub fn partners(
    plays: &[Play<'_>],
    cut_off: &[bool],
    window_seconds: i64,
    instants: impl Fn(LocalStamp) -> [i64; 2],
) -> Vec<Option<Partner>> {
    let mut taken = vec![false; plays.len()];
    let mut partners: Vec<Option<Partner>> = vec![None; plays.len()];
    let moments: Vec<[i64; 2]> = plays.iter().map(|play| instants(play.stamp)).collect();
    let seconds: Vec<usize> =
        (0..plays.len()).filter(|&i| plays[i].number == RoundNumber::Two && !cut_off[i]).collect();

    let near = |first: usize, second: usize| {
        let gaps = moments[first].into_iter().flat_map(|one| moments[second].map(|two| two - one));
        gaps.into_iter().any(|gap| (0..=window_seconds * 1000).contains(&gap))
    };
    // The latest first half before the second one; then, on an autumn night, those with later stamps.
    let candidates = |second: usize, exact: bool| {
        let play = &plays[second];
        let (before, after): (Vec<usize>, Vec<usize>) = (0..plays.len())
            .rev()
            .filter(|&first| {
                let other = &plays[first];
                other.number == RoundNumber::One
                    && other.map_key == play.map_key
                    && !cut_off[first]
                    && near(first, second)
            })
            .partition(|&first| plays[first].stamp <= play.stamp);
        before.into_iter().chain(after.into_iter().filter(move |_| exact))
    };
    let clocks = |second: usize, first: usize| {
        (known_next(RoundNumber::One, &plays[first].stats.header), plays[second].stats.header.limit)
    };
    let stands_on = |second: usize, first: usize| {
        let stats = plays[second].stats;
        let longest = duration(RoundNumber::Two, &stats.header, None).or(stats.header.limit.map(i64::from));
        !stands_on_another(plays[first].stats, stats, longest)
    };
    for &second in &seconds {
        let fitting = candidates(second, true)
            .filter(|&first| !taken[first])
            .filter(|&first| matches!(clocks(second, first), (Some(next), Some(limit)) if next == limit))
            .find(|&first| stands_on(second, first));
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
            .filter(|&first| matches!(clocks(second, first), (None, _) | (_, None)))
            .find(|&first| stands_on(second, first));
        partners[second] = Some(if let Some(first) = unknown {
            taken[first] = true;
            Partner::First(first)
        } else {
            Partner::Missing { mismatch: candidates(second, false).find(|&first| !taken[first]) }
        });
    }
    partners
}
