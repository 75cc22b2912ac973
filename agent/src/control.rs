//! What the hub may have this agent do at its game server.
//!
//! The hub says *what*, never *how*: this side checks that it is allowed, on time, not said before and free of what a
//! console would take for more than it is, and makes the command itself. Every request is written into a record of the
//! agent's own ([`Audit`]) before anything is done.

mod audit;
mod check;
mod desk;
mod gate;
mod perform;
mod raw;
mod serve;

pub use audit::{Audit, AuditLine};
pub use check::checked;
pub use desk::Desk;
pub use gate::Gate;
pub use perform::perform;
pub use raw::{USUAL, raw_command};
pub use serve::serve;
