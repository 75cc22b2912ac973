use serde::{Deserialize, Serialize};

use super::{LiveState, Message, limits};
use crate::identity::BootId;

/// What an agent tells the hub on a one-way stream. It may be lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum AgentNotice {
    /// How the agent is doing, sent on connecting and every so often.
    Status(Box<AgentStatus>),
    /// What it sees of its game server, sent when that changes and every so often.
    Live(Box<LiveState>),
    /// A notice that a later version added.
    #[serde(other)]
    Unrecognised,
}

impl Message for AgentNotice {
    const TYPE: u8 = 3;
    const LIMIT: usize = limits::NOTICE;
    const NAME: &'static str = "agent notice";
}

/// How an agent is doing. Every field may be absent: an older agent does not know it, and unknown is not 0.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AgentStatus {
    /// The agent program's version, as in `0.1.0`.
    pub version: String,
    /// The agent's clock when it sent this, Unix milliseconds.
    pub clock_ms: Option<i64>,
    /// The game host's offset from UTC at that moment, in seconds east.
    pub zone_offset_s: Option<i32>,
    /// When this run of the agent began, Unix milliseconds.
    pub started_at_ms: Option<i64>,
    /// Files that the agent has and the hub has not acknowledged.
    pub unacked_files: Option<u64>,
    /// Their bytes.
    pub unacked_bytes: Option<u64>,
    /// How long the oldest of them has waited, in milliseconds; none where nothing waits.
    pub oldest_unacked_age_ms: Option<u64>,
    /// Files acknowledged since the ledger began.
    pub acked_files: Option<u64>,
    /// Files that the hub refused.
    pub refused_files: Option<u64>,
    /// Files dropped from the spool for its quota.
    pub dropped_files: Option<u64>,
    /// Finished files that only a scan found: the file events missed them. It should stay 0.
    pub scan_found_missed: Option<u64>,
    /// Scans of the watched directories since the start.
    pub rescans: Option<u64>,
    /// How often since the start it looked through its directories to offer files again, because the hub asked for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offered_again: Option<u64>,
    /// Bytes in the spool.
    pub spool_bytes: Option<u64>,
    /// The directories that the agent watches.
    pub watched: Vec<WatchedDir>,
    /// Files over the size limit, which stay with the game server; at most [`MOST_LEFT_BEHIND`] of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left_behind: Vec<LeftBehind>,
    /// This run of the agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boot: Option<BootId>,
    /// The last batch of which its data directory knew, when this run began, that the hub had acknowledged it. A hub that
    /// acknowledged others since tells by it that the directory is an old copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub began_after: Option<BatchMark>,
}

/// Tells one batch of an agent from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchMark {
    /// The run of the agent that made it.
    pub boot: BootId,
    /// Its number within that.
    pub sequence: u64,
}

/// Clocks that are further apart are worth a word, milliseconds: what the way takes is a part of it. Certificates bear
/// an hour.
pub const CLOCKS_AGREE_MS: i64 = 5_000;

/// How many files over the size limit a status names.
pub const MOST_LEFT_BEHIND: usize = 50;

/// A file over the size limit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LeftBehind {
    /// Its bare name.
    pub name: String,
    /// Its bytes.
    pub size: u64,
}

/// One watched directory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WatchedDir {
    /// The directory's path on the game host.
    pub path: String,
    /// Files seen in it, of kinds that are shipped.
    pub files: Option<u64>,
    /// What is wrong with it and what to do, in words; none where all is well.
    pub problem: Option<String>,
}
