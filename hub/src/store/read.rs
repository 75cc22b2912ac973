//! What the reports read: typed rows, found by index.

mod papers;
mod players;
mod rounds;
mod sessions;

pub use papers::{AwardRow, DuelRow, GuidCollision};
pub use players::{NamedPlayer, PlayerTotals};
pub use rounds::{RoundPlayerRow, RoundRow};
pub use sessions::{MapPlayRow, MemberRow, SessionRow};
