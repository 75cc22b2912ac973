//! How the hub is doing, as one value for the status page, the metrics and `doctor`.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use serde::Serialize;

use super::deriving::Trouble;
use super::{Addresses, metrics};
use crate::discord::{CountsNow, Discord, DiscordState};
use crate::link::{Clock, ConnectedAgent, Connections};
use crate::store::agents::AgentRow;
use crate::store::counts::Quarantined;
use crate::store::{Store, StoreError};

/// Quarantined files that are listed.
const NEWEST: i64 = 10;
/// A database that does not answer within this time is in trouble.
const PATIENCE: Duration = Duration::from_secs(2);

/// How the hub is doing.
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
    /// Every agent that ever joined, those that may ship first, by name.
    pub agents: Vec<AgentLine>,
    /// Files that are kept and not derived yet.
    pub waiting: i64,
    /// Why nothing is derived at the moment, if that is so.
    pub trouble: Option<String>,
    /// What is kept.
    pub archive: Vec<Kept>,
    /// What became of it.
    pub dispositions: Vec<Disposition>,
    /// The newest files that could not be read.
    pub quarantine: Vec<Quarantined>,
    /// The database.
    pub database: Database,
    /// Discord.
    pub discord: DiscordLine,
    /// The outbox.
    pub posts: Posts,
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
    pub joined_ms: i64,
    /// When it was revoked.
    pub revoked_ms: Option<i64>,
    /// Whether it is connected now.
    pub connected: bool,
    /// Where it calls from.
    pub address: Option<String>,
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
    /// When it last said how it is; what follows is from then.
    pub told_ms: Option<i64>,
    /// Its version.
    pub version: Option<String>,
    /// Files that it has and the hub has not acknowledged.
    pub unacked_files: Option<u64>,
    /// How long the oldest of them has waited, in milliseconds.
    pub oldest_unacked_ms: Option<u64>,
    /// Files dropped from its spool for the quota.
    pub dropped_files: Option<u64>,
    /// Finished files that only a scan found. It should stay 0.
    pub scan_found_missed: Option<u64>,
    /// What is wrong with its directories, each with the path.
    pub problems: Vec<String>,
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
    /// Its file.
    pub path: String,
    /// Its size with the log, in bytes.
    pub bytes: u64,
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
pub struct DiscordCounts(#[serde(serialize_with = "by_name")] CountsNow);

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

/// Where a hub's status is read.
#[derive(Clone)]
pub struct Source {
    pub(super) store: Store,
    pub(super) connections: Arc<Connections>,
    pub(super) discord: Arc<Mutex<Discord>>,
    pub(super) trouble: Trouble,
    pub(super) listening: Addresses,
    pub(super) counters: PrometheusHandle,
    pub(super) clock: Clock,
    pub(super) started_ms: i64,
}

impl Source {
    /// Asks everybody.
    pub async fn status(&self) -> Result<Status, StoreError> {
        let now_ms = (self.clock)();
        let (open, sent, dead) = self.store.post_counts().await?;
        let kept = self.store.artifact_counts().await?.into_iter();
        let fates = self.store.dispositions().await?.into_iter();
        Ok(Status {
            version: env!("CARGO_PKG_VERSION"),
            now_ms,
            started_ms: self.started_ms,
            uptime_s: (now_ms - self.started_ms) / 1_000,
            listening: self.listening,
            agents: self.agents().await?,
            waiting: self.store.pending_count().await?,
            trouble: self.trouble.now(),
            archive: kept.map(|((server, kind), files)| Kept { server, kind, files }).collect(),
            dispositions: fates.map(|((state, code), files)| Disposition { state, code, files }).collect(),
            quarantine: self.store.quarantined(NEWEST).await?,
            database: self.database(),
            discord: self.discord(),
            posts: Posts { open, sent, dead },
        })
    }

    /// Why the hub cannot do its work now; empty while it can.
    pub async fn obstacles(&self) -> Vec<String> {
        let database = match tokio::time::timeout(PATIENCE, self.store.answers()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("the database did not answer within {} s", PATIENCE.as_secs())),
        };
        database.into_iter().chain(self.trouble.now()).collect()
    }

    /// All metrics as Prometheus reads them.
    pub async fn metrics(&self) -> Result<String, StoreError> {
        Ok(metrics::render(&self.counters, &self.status().await?))
    }

    async fn agents(&self) -> Result<Vec<AgentLine>, StoreError> {
        let connected = self.connections.list();
        let last = self.store.last_batches().await?;
        let mut lines: Vec<AgentLine> = Vec::new();
        for row in self.store.agents().await? {
            let connection = connected.iter().find(|agent| agent.id.to_string() == row.id);
            let last_batch_ms = last.get(&row.id).copied();
            lines.push(agent_line(row, connection, last_batch_ms));
        }
        lines.sort_by_key(|line| line.revoked_ms.is_some());
        Ok(lines)
    }

    fn database(&self) -> Database {
        let path = self.store.path();
        let size = |path: &std::path::Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let mut log = path.as_os_str().to_owned();
        log.push("-wal");
        Database { path: path.display().to_string(), bytes: size(path) + size(log.as_ref()) }
    }

    fn discord(&self) -> DiscordLine {
        let discord = self.discord.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = discord.closed_channels().into_iter();
        let (state, fix) = match &*discord.state().borrow() {
            DiscordState::Off => ("off", None),
            DiscordState::Connecting => ("connecting", None),
            DiscordState::Ready => ("ready", None),
            DiscordState::Disabled(fix) => ("disabled", Some(fix.clone())),
        };
        DiscordLine {
            state,
            fix,
            closed_channels: closed.map(|(channel, fix)| (channel.to_string(), fix)).collect(),
            counts: DiscordCounts(discord.counts()),
        }
    }
}

fn agent_line(row: AgentRow, connection: Option<&ConnectedAgent>, last_batch_ms: Option<i64>) -> AgentLine {
    let known = AgentLine {
        name: row.name,
        server: row.server,
        id: row.id,
        joined_ms: row.enrolled_ms,
        revoked_ms: row.revoked_ms,
        last_batch_ms,
        ..AgentLine::default()
    };
    let Some(now) = connection else { return known };
    let connected = AgentLine {
        connected: true,
        address: Some(now.address.to_string()),
        since_ms: Some(now.since_ms),
        files: now.files,
        refused: now.refused,
        sequence_resets: now.sequence_resets,
        ..known
    };
    let Some((told_ms, told)) = &now.status else { return connected };
    let problem = |dir: &slomix_shared::wire::WatchedDir| Some(format!("{}: {}", dir.path, dir.problem.as_ref()?));
    AgentLine {
        told_ms: Some(*told_ms),
        version: Some(told.version.clone()),
        unacked_files: told.unacked_files,
        oldest_unacked_ms: told.oldest_unacked_age_ms,
        dropped_files: told.dropped_files,
        scan_found_missed: told.scan_found_missed,
        problems: told.watched.iter().filter_map(problem).collect(),
        ..connected
    }
}
