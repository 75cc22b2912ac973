//! The game's own words: sides, weapons, GUIDs, map names and colour-coded player names.

mod colour;
mod guid;
mod map;
mod side;
mod weapon;

pub use colour::{clean_name, matching_key};
pub use guid::{FullGuid, Guid};
pub use map::MapName;
pub use side::Side;
pub use weapon::Weapon;
