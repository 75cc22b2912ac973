//! What travels from a game server to the hub: a named piece of bytes of some kind, known by its content hash.

mod hash;
mod kind;
mod name;
mod stamp;

pub use hash::ContentHash;
pub use kind::Kind;
pub use name::{FileName, GametimeName, NameError, RoundFileName, RoundNumber};
pub use stamp::{LocalStamp, UNIX_SECONDS_OF_2000, YEARS};

/// The largest file that travels, in bytes before compression. A larger one stays on the agent and is listed there.
pub const MAX_FILE_BYTES: usize = 8 * 1024 * 1024;
