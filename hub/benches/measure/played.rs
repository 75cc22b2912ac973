//! Simulated rounds, as many as are asked for.

use jiff::civil::date;
use slomix_shared::sim::{Accidents, Plan, Rhythm, play};

/// A stats file: name and content.
pub(crate) type Played = (String, Vec<u8>);

/// Stats files of evenings with what real servers go through.
pub(crate) fn files(count: usize) -> Vec<Played> {
    of(Plan { accidents: Accidents::real(), ..plan(Rhythm::EveryDays(1)) }, count, 8)
}

/// Stats files of long evenings, so that a long history has room in the years that names may have.
pub(crate) fn long_evenings(count: usize) -> Vec<Played> {
    of(Plan { maps_per_evening: 11, ..plan(Rhythm::EveryDays(1)) }, count, 20)
}

/// Stats files of a server that never pauses.
pub(crate) fn without_a_pause(count: usize) -> Vec<Played> {
    of(plan(Rhythm::Pauseless), count, 8)
}

fn plan(rhythm: Rhythm) -> Plan {
    Plan { rhythm, ..Plan::new(11, date(2021, 1, 4).at(19, 30, 0, 0)) }
}

/// An evening has at least `in_one` of them.
fn of(mut plan: Plan, count: usize, in_one: usize) -> Vec<Played> {
    plan.evenings = count.div_ceil(in_one) as u32;
    let evenings = play(&plan).expect("the plan can be played");
    let rounds = evenings.flat_map(|evening| {
        let stats = evening.rounds().filter_map(|round| round.stats.as_ref());
        stats.map(|file| (file.name.clone(), file.bytes.clone())).collect::<Vec<_>>()
    });
    rounds.take(count).collect()
}
