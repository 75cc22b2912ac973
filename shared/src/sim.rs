//! Plays seeded stopwatch evenings and returns the bytes that the game's scripts would write, with a schedule and
//! the truth.
//!
//! Nothing here does input or output or reads a clock: everything follows from the [`Plan`], so the same plan is the
//! same bytes on every machine. Callers write the files, as fast or as slowly as they like, in the order of
//! [`Evening::delivery`].
//!
//! ```
//! use slomix_shared::sim::{Accidents, Plan, play};
//!
//! let start = jiff::civil::date(2026, 3, 6).at(20, 15, 0, 0);
//! let plan = Plan { evenings: 2, accidents: Accidents::real(), ..Plan::new(42, start) };
//! for evening in play(&plan)? {
//!     for write in evening.delivery() {
//!         // at `write.at_ms`: open `write.name`, append or overwrite with `write.bytes`, close
//!         assert!(write.at_ms < 86_400_000);
//!     }
//!     assert_eq!(evening.maps.len(), 6);
//! }
//! # Ok::<(), slomix_shared::sim::PlanError>(())
//! ```

mod accidents;
mod class;
mod clock;
mod delivery;
mod ending;
mod evening;
mod fight;
mod host;
mod maps;
mod mishaps;
mod numbers;
mod plan;
mod pool;
mod seat;
mod server;
mod truth;
mod writer;

#[cfg(test)]
mod tests;

pub use accidents::Accidents;
pub use delivery::{FileWrite, SimFile};
pub use evening::{Evening, Evenings, MapPlay, SimRound, Stray, StrayKind, play};
pub use numbers::{Numbers, WeaponNumbers};
pub use plan::{Layout, Plan, PlanError, Rhythm};
pub use server::{Datagram, GameServer, SimPlayer};
pub use truth::{Fate, MapResult, MapTruth, Mode, PlayerTruth, Roster, RoundKind, RoundTruth, TeamPair};
pub use writer::gametime::gametime;
