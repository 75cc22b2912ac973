//! Where the status comes from.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::wire::{LeftBehind, WatchedDir};
use tokio::sync::watch;

use super::deriving::Trouble;
use super::status::{AgentLine, Database, DiscordCounts, DiscordLine, Disposition, Kept, Posts, Status};
use super::{Addresses, metrics};
use crate::discord::{Discord, DiscordState};
use crate::link::{Clock, ConnectedAgent, Connections};
use crate::store::agents::AgentRow;
use crate::store::{Store, StoreError};

/// Quarantined files that are listed.
const NEWEST: i64 = 10;
/// A database that does not answer within this time is in trouble.
const PATIENCE: Duration = Duration::from_secs(2);

/// Where a hub's status is read.
#[derive(Clone)]
pub struct Source {
    pub(super) store: Store,
    pub(super) connections: Arc<Connections>,
    pub(super) discord: Arc<Mutex<Discord>>,
    pub(super) keeping: watch::Receiver<Option<String>>,
    pub(super) deriving: Trouble,
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
            obstacles: self.obstacles().await,
            archive: kept.map(|((server, kind), files)| Kept { server, kind, files }).collect(),
            dispositions: fates.map(|((state, code), files)| Disposition { state, code, files }).collect(),
            quarantine: self.store.quarantined(NEWEST).await?,
            guid_collisions: self.store.guid_collisions().await?,
            database: self.database().await?,
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
        database.into_iter().chain(self.keeping.borrow().clone()).chain(self.deriving.now()).collect()
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

    async fn database(&self) -> Result<Database, StoreError> {
        Ok(Database { path: self.store.name(), engine: self.store.engine().await?, bytes: self.store.bytes().await? })
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
    let problem = |dir: &WatchedDir| Some(format!("{}: {}", dir.path, dir.problem.as_ref()?));
    AgentLine {
        told_ms: Some(*told_ms),
        version: Some(told.version.clone()),
        unacked_files: told.unacked_files,
        oldest_unacked_ms: told.oldest_unacked_age_ms,
        dropped_files: told.dropped_files,
        scan_found_missed: told.scan_found_missed,
        problems: told.watched.iter().filter_map(problem).chain(told.left_behind.iter().map(left_behind)).collect(),
        ..connected
    }
}

fn left_behind(file: &LeftBehind) -> String {
    let most = MAX_FILE_BYTES / (1024 * 1024);
    format!("{} has {} bytes, over the {most} MiB that travel: it stays with the game server", file.name, file.size)
}
