//! What the reports read: typed rows, found by index.

mod players;
mod rounds;
mod sessions;
mod unpaired;

pub use players::{NamedPlayer, PlayerTotals};
pub use rounds::{RoundPlayerRow, RoundRow};
pub use sessions::{MapPlayRow, MemberRow, SessionRow};
pub use unpaired::Unpaired;
