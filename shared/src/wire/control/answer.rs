use serde::{Deserialize, Serialize};

use super::super::list::at_most;
use super::super::{GamePlayer, Message, limits};
use crate::identity::Nonce;

/// The agent's word on one [`ControlRequest`](super::ControlRequest).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlReply {
    /// The request's.
    pub nonce: Nonce,
    /// What came of it.
    pub answer: ControlAnswer,
}

impl Message for ControlReply {
    const TYPE: u8 = 8;
    const LIMIT: usize = limits::CONTROL_REPLY;
    const NAME: &'static str = "control reply";
}

/// What came of a request. Names and texts of the game are hostile: whoever shows them escapes them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ControlAnswer {
    /// How the server is.
    Status(Box<GameStatus>),
    /// Who is in which slot.
    Players {
        /// In the order of the slots.
        #[serde(deserialize_with = "at_most::<{ limits::SEATS }, _, _>")]
        players: Vec<Seat>,
    },
    /// The maps that the server has, by name.
    Maps {
        /// Their names.
        #[serde(deserialize_with = "at_most::<{ limits::MAPS }, _, _>")]
        maps: Vec<String>,
    },
    /// It was done.
    Done {
        /// What the server said, or what was seen to happen, in lines.
        text: String,
    },
    /// The agent did not begin.
    Refused {
        /// Why, in words.
        reason: String,
    },
    /// The agent tried, and it did not work, or nobody can tell whether it did.
    Failed {
        /// Why, in words.
        reason: String,
    },
    /// An answer that a later version added.
    #[serde(other)]
    Unrecognised,
}

impl ControlAnswer {
    /// A refusal, its reason cut to [`limits::REASON`] bytes.
    pub fn refused(reason: &str) -> Self {
        Self::Refused { reason: cut(reason, limits::REASON) }
    }

    /// A failure, its reason cut to [`limits::REASON`] bytes.
    pub fn failed(reason: &str) -> Self {
        Self::Failed { reason: cut(reason, limits::REASON) }
    }

    /// Success, the text cut to [`limits::CONTROL_TEXT`] bytes.
    pub fn done(text: &str) -> Self {
        Self::Done { text: cut(text, limits::CONTROL_TEXT) }
    }

    /// `done`, `refused` or `failed`, for records.
    pub fn outcome(&self) -> &'static str {
        match self {
            Self::Status(_) | Self::Players { .. } | Self::Maps { .. } | Self::Done { .. } => "done",
            Self::Refused { .. } => "refused",
            Self::Failed { .. } | Self::Unrecognised => "failed",
        }
    }

    /// Why not, or what was said, for records; empty for lists.
    pub fn words(&self) -> &str {
        match self {
            Self::Done { text } => text,
            Self::Refused { reason } | Self::Failed { reason } => reason,
            Self::Status(_) | Self::Players { .. } | Self::Maps { .. } | Self::Unrecognised => "",
        }
    }
}

fn cut(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].to_owned()
}

/// How a game server is, as it tells everybody. What it does not tell is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GameStatus {
    /// What it calls itself, with colour codes.
    pub hostname: Option<String>,
    /// The map that is loaded.
    pub map: Option<String>,
    /// Its program, as in `ET Legacy v2.85.0 linux-x86_64`.
    pub version: Option<String>,
    /// `3` is Stopwatch.
    pub gametype: Option<i64>,
    /// The limit of this round in thousandths of a minute, since the second half's is a fraction.
    pub timelimit_thousandths: Option<i64>,
    /// How many may play.
    pub most_players: Option<i64>,
    /// Whether it asks players for a password.
    pub needs_password: Option<bool>,
    /// Everybody on it, connecting ones too.
    #[serde(deserialize_with = "at_most::<{ limits::SEATS }, _, _>")]
    pub players: Vec<GamePlayer>,
}

/// One slot of a game server that is in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seat {
    /// Its number, by which a player is kicked.
    pub slot: u8,
    /// The player's name, with colour codes.
    pub name: String,
    /// The score, which is experience in this game.
    pub score: i64,
    /// Milliseconds; none while the player connects.
    #[serde(default)]
    pub ping: Option<i64>,
    /// Whether it is a bot.
    #[serde(default)]
    pub bot: bool,
}
