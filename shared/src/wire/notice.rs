use serde::{Deserialize, Serialize};

use super::{Message, limits};
use crate::artifact::{ContentHash, Kind};

/// What the hub tells an agent on a one-way stream. It may be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum HubNotice {
    /// What the pipeline made of files that were acknowledged before.
    Outcomes {
        /// One line for each file.
        files: Vec<FileOutcome>,
    },
    /// The agent shall offer its files again, even those that were acknowledged: the hub may have lost them. What it
    /// holds already it acknowledges as a duplicate.
    OfferAgain {
        /// Only files modified at or after this instant, Unix milliseconds; all without one.
        #[serde(default)]
        since_ms: Option<i64>,
    },
    /// What the hub's clock shows, sent on connecting.
    Clock {
        /// Unix milliseconds, when this was written.
        clock_ms: i64,
    },
    /// A notice that a later version added.
    #[serde(other)]
    Unrecognised,
}

impl Message for HubNotice {
    const TYPE: u8 = 4;
    const LIMIT: usize = limits::NOTICE;
    const NAME: &'static str = "hub notice";
}

/// What the pipeline made of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileOutcome {
    /// What the file is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// The hash of its content.
    pub hash: ContentHash,
    /// What became of it.
    pub state: FileState,
    /// Why, in words for an admin, where the state needs one.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What became of a file in the pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// Read, and its rows are stored.
    Stored,
    /// Kept, but not read: see the reason.
    Quarantined,
    /// Kept; another revision of the same file counts.
    Superseded,
    /// Kept and counted; nothing reads this kind yet.
    Kept,
    /// A state that a later version added.
    #[serde(other)]
    Unrecognised,
}
