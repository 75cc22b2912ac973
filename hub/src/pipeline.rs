//! From kept files to derived rows and wanted posts.
//!
//! Import, live arrivals and rebuild are one path: [`Deriver::drive`] takes what waits, finds the blocks that it
//! touches, derives them and writes the difference, in one transaction together with the posts that this asks for.
//! What was kept and not yet derived when the hub stopped waits in the database and is driven at the next start.

mod announce;
pub mod backup;
mod decide;
mod deriver;
mod event;
pub mod import;
pub mod rebuild;
pub mod restore;
pub mod verify;

pub use announce::{Announcer, Channels, Extras};
pub use decide::{DecideError, Decided, Line, lines, name_of_team, reason_as_kept, replaced_by, team_of_player};
pub use deriver::{Deriver, Driven, PipelineError, RuleBook};
pub use event::{Event, Outcome};
