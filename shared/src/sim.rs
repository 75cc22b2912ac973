//! Plays seeded stopwatch evenings and returns the bytes that the game's scripts would write, with a schedule and
//! the truth.
//!
//! Nothing here does input or output or reads a clock: everything follows from the [`Plan`], so the same plan is the
//! same bytes on every machine. Callers write the files, as fast or as slowly as they like, in the order of
//! [`Evening::delivery`].

mod accidents;
mod class;
mod clock;
mod delivery;
mod ending;
mod evening;
mod fight;
mod host;
mod maps;
mod numbers;
mod plan;
mod pool;
mod seat;
mod truth;
mod writer;

#[cfg(test)]
mod tests;

pub use accidents::Accidents;
pub use delivery::{FileWrite, SimFile};
pub use evening::{Evening, Evenings, MapPlay, SimRound, play};
pub use numbers::{Numbers, WeaponNumbers};
pub use plan::{Layout, Plan, PlanError, Rhythm};
pub use truth::{Fate, MapResult, MapTruth, Mode, PlayerTruth, Roster, RoundKind, RoundTruth, TeamPair};
