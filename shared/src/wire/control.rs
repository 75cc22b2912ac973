//! Requests of the hub to an agent's game server.
//!
//! The hub opens a stream of its own for each. What is asked for is one of a few [`Intent`]s; the agent alone knows
//! the game server's password, makes the command of it, and may refuse.

mod answer;
mod intent;

use serde::{Deserialize, Serialize};

pub use answer::{ControlAnswer, ControlReply, GameStatus, Seat};
pub use intent::{Intent, MOST_TEXT};

use super::{Message, PROTOCOL_VERSION, limits};
use crate::identity::Nonce;

/// Furthest that a deadline may lie ahead, in milliseconds: nonces are remembered until then.
pub const LONGEST_DEADLINE_MS: i64 = 5 * 60_000;

/// The hub asks an agent for something at its game server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlRequest {
    /// [`PROTOCOL_VERSION`] of the hub.
    pub version: u16,
    /// Drawn for this request. An agent carries it out at most once.
    pub nonce: Nonce,
    /// When it is too late to begin, Unix milliseconds **by the agent's clock**, which the hub knows from its
    /// notices: a game host whose clock is wrong can still be asked.
    pub deadline_ms: i64,
    /// Who asks, in words for a record: `root (console)`.
    pub by: String,
    /// What for.
    pub intent: Intent,
}

impl ControlRequest {
    /// A request of this version; a name that is too long for a record is cut.
    pub fn new(nonce: Nonce, deadline_ms: i64, by: &str, intent: Intent) -> Self {
        let end = by.floor_char_boundary(limits::ASKER);
        Self { version: PROTOCOL_VERSION, nonce, deadline_ms, by: by[..end].to_owned(), intent }
    }
}

impl Message for ControlRequest {
    const TYPE: u8 = 7;
    const LIMIT: usize = limits::CONTROL_REQUEST;
    const NAME: &'static str = "control request";
}
