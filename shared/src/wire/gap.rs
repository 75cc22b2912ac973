use serde::{Deserialize, Serialize};

use super::list::at_most;
use super::{Message, PROTOCOL_VERSION, limits};
use crate::artifact::{ContentHash, Kind};

/// An agent tells of files that are lost: they are neither in their directory nor in its spool, and were never
/// acknowledged. It tells until it has an answer; telling twice changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapReport {
    /// [`PROTOCOL_VERSION`] of the agent.
    pub version: u16,
    /// The lost files, at least one.
    #[serde(deserialize_with = "at_most::<{ limits::GAPS }, _, _>")]
    pub gaps: Vec<Gap>,
}

impl GapReport {
    /// A report of this version.
    pub fn new(gaps: Vec<Gap>) -> Self {
        Self { version: PROTOCOL_VERSION, gaps }
    }
}

impl Message for GapReport {
    const TYPE: u8 = 20;
    const LIMIT: usize = limits::GAP_REPORT;
    const NAME: &'static str = "gap report";
}

/// One version of a file that is lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// What the agent took the file for.
    pub kind: Kind,
    /// The bare file name, 1 to 255 bytes.
    pub name: String,
    /// Its bytes.
    pub size: u64,
    /// Its modified time, Unix milliseconds by the game host's clock.
    pub modified_at_ms: i64,
    /// The hash of its content, where the agent had read it.
    #[serde(default)]
    pub hash: Option<ContentHash>,
    /// How it was lost, in words for an admin, at most [`limits::REASON`] bytes.
    #[serde(default)]
    pub why: String,
    /// When the agent found out, Unix milliseconds by its clock.
    #[serde(default)]
    pub noticed_at_ms: i64,
}

impl Gap {
    /// What keeps the hub from noting the gap, in words for an admin.
    pub fn problem(&self) -> Option<&'static str> {
        if self.name.is_empty() || self.name.len() > 255 || self.name.contains(['/', '\0']) {
            return Some("the name is not a bare file name of 1 to 255 bytes");
        }
        (self.why.len() > limits::REASON).then_some("the reason is too long")
    }
}

/// The hub's answer to a [`GapReport`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum GapReply {
    /// All of them are noted, durably. Those that were noted before are as they were.
    Noted,
    /// None is, and telling the same again will not help.
    Refused {
        /// Why, in words for an admin.
        reason: String,
    },
    /// An answer that a later version added. It is none: the agent tells again.
    #[serde(other)]
    Unrecognised,
}

impl Message for GapReply {
    const TYPE: u8 = 21;
    const LIMIT: usize = limits::GAP_REPLY;
    const NAME: &'static str = "gap reply";
}
