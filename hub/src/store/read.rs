//! What the reports read: typed rows, found by index.

mod leaderboard;
mod players;
mod rounds;
mod sessions;

pub use players::{Alias, NamedPlayer, WeaponTotals};
pub use rounds::{RoundPlayerRow, RoundRow};
pub use sessions::{MapPlayRow, MemberRow, SessionRow};
