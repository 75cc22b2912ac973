//! What the files mean: pure functions from values to values, without I/O, clock, randomness or database.
//!
//! [`derive`](derive::derive) turns one block's files (a run of one server's files, see [`block`]) and what people
//! decided into all derived rows of that block. The same files and decisions give the same rows, in whatever order
//! the files came. Where people decided otherwise than the files say ([`decisions`]), each step heeds what concerns it.
//! In the order a file's numbers travel:
//!
//! 1. [`revision`]: which of several contents of one name counts, which files are copies of others
//! 2. [`aborted`]: which rounds were cut off by a map change
//! 3. [`pairing`]: which first half belongs to which second half
//! 4. [`differential`]: the second half's own numbers, the first half taken off
//! 5. [`outcome`], [`map_result`]: who held, who won; [`plausibility`]: what no game can have brought about
//! 6. [`papers`]: awards, duels, end reasons, pauses and full GUIDs out of the files beside a stats file
//! 7. [`session`], [`teams`]: evenings and the two persistent teams in them, new ones after each shuffle
//! 8. [`leaf`]: the sums that every total is made of

/// Version of the code that derives: rows made by another one are made anew at the next start. It goes up whenever the
/// same files and decisions come to other rows than before.
pub const DERIVATION: i64 = 4;

pub mod aborted;
pub mod badges;
pub mod block;
pub mod clock;
pub mod decisions;
pub mod derive;
pub mod differential;
pub mod draw;
pub mod estimate;
pub mod folding;
pub mod fun_awards;
pub mod habits;
pub mod ids;
pub mod input;
pub mod leaf;
pub mod lineups;
pub mod map_result;
pub mod metrics;
pub mod milestones;
pub mod next_clock;
pub mod outcome;
pub mod pairing;
pub mod papers;
pub mod plausibility;
pub mod play;
pub mod play_style;
pub mod recomputed;
pub mod replay;
pub mod revision;
pub mod roster;
pub mod round;
pub mod season;
pub mod session;
pub mod teams;
pub mod validity;
