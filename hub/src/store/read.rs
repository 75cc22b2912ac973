//! What the reports read: typed rows, found by index.

mod career;
mod evenings;
mod leaderboard;
mod lines;
mod papers;
mod players;
mod rounds;
mod sessions;
mod unpaired;

pub use career::PlayedRound;
pub use evenings::{EpochRow, SessionSize};
pub use lines::LineRow;
pub use papers::{AwardRow, DuelRow, GuidCollision};
pub use players::{Alias, NamedPlayer, WeaponTotals};
pub use rounds::{RoundPlayerRow, RoundRow};
pub use sessions::{MapPlayRow, MemberRow, SessionRow};
pub use unpaired::Unpaired;
