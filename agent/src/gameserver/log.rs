//! The game's log: which map, and where its round is.

mod line;
mod round;
mod tail;

pub use line::{LogEvent, log_event};
pub use round::RoundTeller;
pub use tail::Tail;
