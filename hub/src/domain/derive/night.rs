//! The hour that an autumn night has twice: which of the two a round's stamp means.
//!
//! A stamp in that hour has two readings, an hour apart. Of all ways to read those of a night, the one is taken in which
//! most pairs of halves stay together; of these, in which fewest rounds begin before the one before them has ended; of
//! these, in which every round lies nearest to its neighbours, so that the hour lies in the longest pause; of equal ones
//! the later reading. A round event, which bears the instant, decides for its round. All of it is told by the block's
//! files, so the order in which they came plays no part.

use slomix_shared::artifact::FileName;

use crate::domain::clock;
use crate::domain::input::Rules;
use crate::domain::pairing::Partner;
use crate::domain::papers::{Paper, Parsed, Place, WINDOW, distance};
use crate::domain::play::Play;
use crate::domain::round::Round;

mod readings;

use readings::{Mate, Neighbour, Stamped, later};

/// More rounds than two hours can hold are no evening: they keep the later reading.
const MOST: usize = 60;

/// Gives rounds with a stamp that the clock showed twice their true instants. `rounds` are sorted by stamp and run in
/// parallel to `partners` and to `told`, the readings that round events leave, earlier and later.
pub(super) fn place(rounds: &mut [Round], partners: &[Option<Partner>], told: &[[bool; 2]], rules: &Rules) {
    let instants: Vec<[i64; 2]> = rounds.iter().map(|round| clock::instants_ms(&rules.zone, round.stamp)).collect();
    let twice = |index: usize| instants[index][0] != instants[index][1];
    let mut start = 0;
    while start < rounds.len() {
        let end = (start..rounds.len()).find(|&index| twice(index) != twice(start)).unwrap_or(rounds.len());
        if twice(start) && end - start <= MOST {
            read(start..end, rounds, &instants, partners, told, rules);
        }
        start = end;
    }
}

/// Reads the stamps of one night's hour, those at `hour`.
fn read(
    hour: std::ops::Range<usize>,
    rounds: &mut [Round],
    instants: &[[i64; 2]],
    partners: &[Option<Partner>],
    told: &[[bool; 2]],
    rules: &Rules,
) {
    let mate = |index: usize| {
        let second = || partners.iter().position(|partner| *partner == Some(Partner::First(index)));
        let (other, is_first) = match partners[index] {
            Some(Partner::First(first)) => (first, false),
            _ => (second()?, true),
        };
        let place = if hour.contains(&other) { Ok(other - hour.start) } else { Err(instants[other][1]) };
        Some(Mate { other: place, is_first })
    };
    let neighbour = |index: usize| Neighbour { end_ms: rounds[index].end_ms, length_ms: length(&rounds[index]) };
    let stamps: Vec<Stamped> = hour
        .clone()
        .map(|index| Stamped {
            instants: instants[index],
            length_ms: length(&rounds[index]),
            may_be: told[index],
            mate: mate(index),
        })
        .collect();
    let before = hour.start.checked_sub(1).map(neighbour);
    let after = (hour.end < rounds.len()).then(|| neighbour(hour.end));
    let later = later(&stamps, before, after, rules.match_window_minutes * 60_000);
    for (index, later) in hour.zip(later) {
        let shift = instants[index][usize::from(later)] - rounds[index].end_ms;
        rounds[index].start_ms += shift;
        rounds[index].end_ms += shift;
    }
}

fn length(round: &Round) -> i64 {
    round.end_ms - round.start_ms
}

/// Which readings of each play's stamp, earlier and later, round events leave. Where they tell nothing, or both, both.
pub(super) fn told(papers: &[Paper], plays: &[Play<'_>], rules: &Rules) -> Vec<[bool; 2]> {
    let events: Vec<(&FileName, i64)> = papers
        .iter()
        .filter(|paper| !paper.damaged && paper.refused.is_none())
        .filter_map(|paper| match (&paper.name, &paper.parsed) {
            (FileName::Gametime(name), Parsed::Event(parsed)) if parsed.is_ok() => Some((&paper.name, name.end_unix)),
            _ => None,
        })
        .collect();
    let readings = |play: &Play<'_>| {
        let instants = clock::instants_ms(&rules.zone, play.stamp);
        if instants[0] == instants[1] {
            return [true; 2];
        }
        let place = Place { stamp: play.stamp, map_key: &play.map_key, number: play.number };
        let mut told = [false; 2];
        for (_, unix) in events.iter().filter(|(name, _)| distance(name, place, &rules.zone).is_some()) {
            for (told, instant) in told.iter_mut().zip(instants) {
                *told |= (instant / 1000 - unix).abs() <= WINDOW;
            }
        }
        if told.contains(&true) { told } else { [true; 2] }
    };
    plays.iter().map(readings).collect()
}
