use serde::{Deserialize, Serialize};

use super::list::at_most;
use super::{Message, limits};
use crate::artifact::ContentHash;

/// The hub's answer to one batch, sent only after the archive has committed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    /// The batch's sequence.
    pub sequence: u64,
    /// One answer for each file, in the order of the manifest.
    #[serde(deserialize_with = "at_most::<{ limits::BATCH_FILES }, _, _>")]
    pub items: Vec<AckItem>,
    /// The sequence went backwards within its boot: stored all the same, and worth a warning, since two processes may
    /// be running under one identity.
    #[serde(default)]
    pub sequence_reset: bool,
}

impl Message for Ack {
    const TYPE: u8 = 2;
    const LIMIT: usize = limits::ACK;
    const NAME: &'static str = "ack";
}

/// The answer for one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AckItem {
    /// The hash that the manifest gave.
    pub hash: ContentHash,
    /// What became of the file.
    pub outcome: AckOutcome,
}

/// What became of one file of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum AckOutcome {
    /// Durably in the archive, and new there.
    Received,
    /// Durably in the archive, where it was before.
    Duplicate,
    /// Not in the archive, and sending the same bytes again will not help. The agent keeps and lists the file.
    Refused {
        /// Why, in words for an admin.
        reason: String,
    },
    /// An outcome that a later version added. It is no ack: the agent keeps the file.
    #[serde(other)]
    Unrecognised,
}

impl AckOutcome {
    /// A refusal, its reason cut to [`limits::REASON`] bytes.
    pub fn refused(reason: &str) -> Self {
        let end = reason.floor_char_boundary(limits::REASON);
        Self::Refused { reason: reason[..end].to_owned() }
    }

    /// Whether the file is durable at the hub, so that the agent need not keep it.
    pub fn is_durable(&self) -> bool {
        matches!(self, Self::Received | Self::Duplicate)
    }
}
