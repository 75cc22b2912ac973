//! What is played: two evenings of three maps, and the files beside them that a real server leaves.

use jiff::civil::date;
use slomix_shared::artifact::LocalStamp;
use slomix_shared::sim::{Evening, Plan, Rhythm, SimFile, SimRound, play};

/// The first one.
pub(crate) const FIRST: usize = 0;
/// The one on the day after.
pub(crate) const SECOND: usize = 1;

/// Both evenings, with no accident: the test brings its own.
pub(crate) fn evenings() -> Vec<Evening> {
    let plan = Plan {
        evenings: 2,
        rhythm: Rhythm::EveryDays(1),
        maps_per_evening: 3,
        ..Plan::new(1944, date(2026, 3, 6).at(20, 15, 0, 0))
    };
    let evenings: Vec<Evening> = play(&plan).expect("the plan can be played").collect();
    for evening in &evenings {
        assert_eq!(evening.rounds().count(), 6, "each map has two halves");
    }
    evenings
}

/// A round of the evenings, counted from 0 in each: 0 and 1 are the halves of the first map.
pub(crate) fn round(evenings: &[Evening], evening: usize, number: usize) -> &SimRound {
    evenings[evening].rounds().nth(number).expect("an evening has six rounds")
}

/// Its stats file.
pub(crate) fn stats(round: &SimRound) -> &SimFile {
    round.stats.as_ref().expect("nothing was lost")
}

/// Its endstats.
pub(crate) fn endstats(round: &SimRound) -> &SimFile {
    round.endstats.as_ref().expect("the writer makes endstats of every round")
}

/// The name of a file beside a round's own: `seconds` later, with another ending.
pub(crate) fn beside(round: &SimRound, seconds: i64, ending: &str) -> String {
    let stamp = LocalStamp::from_seconds(round.truth.stamp.seconds() + seconds);
    format!("{stamp}-{}-round-{}{ending}", round.truth.map, round.truth.label.number())
}
