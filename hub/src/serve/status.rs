//! How the hub is doing, as one value for the status page, the metrics and `doctor`.

use std::collections::BTreeMap;

use serde::Serialize;
pub use slomix_shared::wire::CLOCKS_AGREE_MS;

use super::{Addresses, LiveLine, ServerProblem};
use crate::discord::CountsNow;
use crate::reports::alert::Alert;
use crate::store::counts::Quarantined;
use crate::store::gaps::Gap;
use crate::store::read::GuidCollision;

/// How the hub is doing. What only the database knows is unknown while that does not answer.
#[derive(Debug, Clone, Serialize)]
pub struct Status {
    /// The program's version.
    pub version: &'static str,
    /// When it was asked, Unix milliseconds.
    pub now_ms: i64,
    /// When the hub started, Unix milliseconds.
    pub started_ms: i64,
    /// How long it has run, in seconds.
    pub uptime_s: i64,
    /// Where it listens.
    pub listening: Addresses,
    /// Callers that were turned away before they had shown who they are, because there were too many.
    pub turned_away: u64,
    /// Every agent that ever joined, those that may ship first, by name; those that are connected while the database
    /// does not answer.
    pub agents: Vec<AgentLine>,
    /// The game servers as they are now, as far as their agents told.
    pub servers: Vec<LiveLine>,
    /// What keeps agents from looking at those or from doing something there.
    pub server_problems: Vec<ServerProblem>,
    /// What an operator should look at.
    pub alerts: Vec<Alert>,
    /// Files that are kept and not derived yet.
    pub waiting: Option<i64>,
    /// Why the hub cannot do its work now, as `/readyz` says it; empty while it can.
    pub obstacles: Vec<String>,
    /// What is kept.
    pub archive: Option<Vec<Kept>>,
    /// What became of it.
    pub dispositions: Option<Vec<Disposition>>,
    /// The newest files that could not be read.
    pub quarantine: Option<Vec<Quarantined>>,
    /// The files that agents told last that they have lost; those that are here now came after all.
    pub gaps: Option<Vec<Gap>>,
    /// Full GUIDs that share the eight characters which stats files carry, and so count as one player.
    pub guid_collisions: Option<Vec<GuidCollision>>,
    /// The database.
    pub database: Database,
    /// Discord.
    pub discord: DiscordLine,
    /// The outbox.
    pub posts: Option<Posts>,
}

/// An agent: what is known of it, and what it last said of itself.
#[derive(Debug, Clone, Default, Serialize)]
pub struct AgentLine {
    /// Its name.
    pub name: String,
    /// The key of its server.
    pub server: String,
    /// Its id.
    pub id: String,
    /// When it joined, Unix milliseconds.
    pub joined_ms: Option<i64>,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
    /// The last moment of its certificate: the one it is connected with, else the one it came with last.
    pub certificate_ends_ms: Option<i64>,
    /// What it asks, where its certificate is lost or has run out.
    pub readmission: Option<ReadmissionLine>,
    /// Whether it is connected now.
    pub connected: bool,
    /// Where it calls from.
    pub address: Option<String>,
    /// Which way it came: `udp`, or `tcp` where UDP does not get through.
    pub way: Option<&'static str>,
    /// Since when.
    pub since_ms: Option<i64>,
    /// When its last batch was kept, over this connection or an earlier one.
    pub last_batch_ms: Option<i64>,
    /// Files acknowledged over this connection.
    pub files: u64,
    /// Files refused over this connection.
    pub refused: u64,
    /// Batches whose sequence went backwards: two processes may be running under one identity.
    pub sequence_resets: u64,
    /// Batches that were acknowledged to it and that its data directory knew nothing of when its run began: that is an
    /// old copy, put back or run twice. Nothing is lost by it. Counted up to a thousand.
    pub forgotten_batches: u64,
    /// When it last said how it is; what follows is from then.
    pub told_ms: Option<i64>,
    /// How far its host's clock was ahead of the hub's then, in milliseconds; below 0 where it is behind. What the way
    /// took is in it.
    pub clock_ahead_ms: Option<i64>,
    /// Its version.
    pub version: Option<String>,
    /// Files that it has and the hub has not acknowledged.
    pub unacked_files: Option<u64>,
    /// How long the oldest of them has waited, in milliseconds.
    pub oldest_unacked_ms: Option<u64>,
    /// Files dropped from its spool for the quota.
    pub dropped_files: Option<u64>,
    /// Files that it has lost and that are not here by another way.
    pub lost_files: Option<i64>,
    /// Files that it had lost and that came after all.
    pub came_after_all: Option<i64>,
    /// Finished files that only a scan found. It should stay 0.
    pub scan_found_missed: Option<u64>,
    /// What is wrong with its directories, each with the path, and files that are too large to travel.
    pub problems: Vec<String>,
}

/// An agent asks to be let in again, with the key that it still holds: `slomix-hub agent approve NAME` decides.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ReadmissionLine {
    /// Since when it asks.
    pub since_ms: i64,
    /// When it last asked.
    pub last_ms: i64,
    /// Where from.
    pub address: String,
    /// When it was approved, while the agent has not come yet.
    pub approved_ms: Option<i64>,
}

/// How many files of a kind are kept.
#[derive(Debug, Clone, Serialize)]
pub struct Kept {
    /// The server's key.
    pub server: String,
    /// The kind.
    pub kind: String,
    /// How many.
    pub files: i64,
}

/// How many files have a fate.
#[derive(Debug, Clone, Serialize)]
pub struct Disposition {
    /// `stored`, `superseded`, `duplicate`, `quarantined` or `kept`.
    pub state: String,
    /// The reason's name, for quarantined ones.
    pub code: String,
    /// How many.
    pub files: i64,
}

/// The database.
#[derive(Debug, Clone, Serialize)]
pub struct Database {
    /// Its file, or the server it is on.
    pub path: String,
    /// Which engine it is, in what version.
    pub engine: Option<String>,
    /// Its size on the disk, in bytes.
    pub bytes: Option<u64>,
    /// Since when it has not answered, Unix milliseconds, while that lasts.
    pub unreachable_since_ms: Option<i64>,
}

/// Discord.
#[derive(Debug, Clone, Serialize)]
pub struct DiscordLine {
    /// `off`, `connecting`, `ready` or `disabled`.
    pub state: &'static str,
    /// What to do about it, where it is disabled.
    pub fix: Option<String>,
    /// Channels that are closed to the bot, each with what to do.
    pub closed_channels: BTreeMap<String, String>,
    /// What was done since the start.
    pub counts: DiscordCounts,
}

/// What was done in Discord since the start.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct DiscordCounts(#[serde(serialize_with = "by_name")] pub CountsNow);

impl DiscordCounts {
    /// Each count with its name.
    pub fn named(&self) -> [(&'static str, u64); 9] {
        let counts = &self.0;
        [
            ("connected", counts.connected),
            ("broken", counts.broken),
            ("posted", counts.posted),
            ("edited", counts.edited),
            ("failed", counts.failed),
            ("given_up", counts.given_up),
            ("found_again", counts.found_again),
            ("commands", counts.commands),
            ("command_errors", counts.command_errors),
        ]
    }
}

fn by_name<S: serde::Serializer>(counts: &CountsNow, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(DiscordCounts(*counts).named())
}

/// The outbox.
#[derive(Debug, Clone, Serialize)]
pub struct Posts {
    /// To be sent.
    pub open: i64,
    /// Sent.
    pub sent: i64,
    /// Given up.
    pub dead: i64,
}
