use serde::{Deserialize, Serialize};

use super::frame::{from_msgpack, to_msgpack};
use super::list::at_most;
use super::{PROTOCOL_VERSION, WireError, limits};
use crate::artifact::{ContentHash, FileName, Kind, MAX_FILE_BYTES};
use crate::identity::{AgentId, BootId};

/// What the sender signs: who sends, in which order, and what each file is. The hub keeps these bytes verbatim with
/// the signature.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchHead {
    /// [`PROTOCOL_VERSION`] of the sender.
    pub version: u16,
    /// The agent that sends.
    pub agent: AgentId,
    /// The run of the agent's process.
    pub boot: BootId,
    /// Counts from 1 within the boot. It only shows gaps and disorder; it gates nothing.
    pub sequence: u64,
    /// When the batch was put together, Unix milliseconds by the agent's clock.
    pub created_at_ms: i64,
    /// The files, in the order of the contents.
    #[serde(deserialize_with = "at_most::<{ limits::BATCH_FILES }, _, _>")]
    pub manifest: Vec<ManifestEntry>,
}

impl BatchHead {
    /// A head of this version.
    pub fn new(agent: AgentId, boot: BootId, sequence: u64, created_at_ms: i64, manifest: Vec<ManifestEntry>) -> Self {
        Self { version: PROTOCOL_VERSION, agent, boot, sequence, created_at_ms, manifest }
    }

    /// Reads head bytes as they were signed and stored. Says nothing about the signature.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireError> {
        if bytes.len() > limits::BATCH_HEAD {
            return Err(WireError::TooLarge { bytes: bytes.len(), limit: limits::BATCH_HEAD });
        }
        from_msgpack(bytes, "batch head")
    }

    pub(super) fn encode(&self) -> Result<Vec<u8>, WireError> {
        let bytes = to_msgpack(self, "batch head")?;
        if bytes.len() > limits::BATCH_HEAD {
            return Err(WireError::TooLarge { bytes: bytes.len(), limit: limits::BATCH_HEAD });
        }
        Ok(bytes)
    }
}

/// One file of a batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestEntry {
    /// What the agent takes the file for.
    pub kind: Kind,
    /// The bare file name, 1 to 255 bytes.
    pub name: String,
    /// Bytes of the content.
    pub size: u64,
    /// BLAKE3 of the content.
    pub hash: ContentHash,
    /// The file's modified time, Unix milliseconds by the game host's clock. Only told, never relied on.
    pub modified_at_ms: i64,
    /// When the agent saw the file being closed, Unix microseconds; none where a scan found the file.
    #[serde(default)]
    pub closed_at_us: Option<i64>,
    /// What the operator's validation rules said; none where no rule looked.
    #[serde(default)]
    pub verdict: Option<Verdict>,
}

impl ManifestEntry {
    /// Describes `content`, found as `name` and last modified at `modified_at_ms`.
    pub fn of(name: &str, content: &[u8], modified_at_ms: i64) -> Self {
        Self {
            kind: FileName::kind_of(name),
            name: name.to_owned(),
            size: content.len() as u64,
            hash: ContentHash::of(content),
            modified_at_ms,
            closed_at_us: None,
            verdict: None,
        }
    }

    /// What keeps the entry and `content` from belonging together, in words for an admin.
    pub(super) fn problem_with(&self, content: &[u8]) -> Option<String> {
        if self.name.is_empty() || self.name.len() > 255 || self.name.contains(['/', '\0']) {
            return Some("the name is not a bare file name of 1 to 255 bytes".to_owned());
        }
        if content.len() > MAX_FILE_BYTES {
            return Some(format!("{} bytes are over the limit of {MAX_FILE_BYTES} for one file", content.len()));
        }
        if self.size != content.len() as u64 {
            return Some(format!("the manifest says {} bytes, {} came", self.size, content.len()));
        }
        let hash = ContentHash::of(content);
        (self.hash != hash)
            .then(|| format!("the manifest says hash {}, the content has {}", self.hash.short(), hash.short()))
    }
}

/// What the operator's validation rules said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The answer.
    pub outcome: VerdictOutcome,
    /// The ids of the rules that spoke, empty for a plain accept.
    #[serde(default, deserialize_with = "at_most::<{ limits::RULES }, _, _>")]
    pub rules: Vec<String>,
}

/// The answers a validation rule can give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictOutcome {
    /// Nothing is wrong.
    Accept,
    /// Counted, and shown to the operator.
    Suspect,
    /// Kept, and quarantined.
    Reject,
    /// An answer that a later version added; treated as [`Self::Suspect`].
    #[serde(other)]
    Unrecognised,
}
