//! Where the status comes from.

use std::sync::{Arc, Mutex, PoisonError};

use metrics_exporter_prometheus::PrometheusHandle;
use slomix_shared::artifact::MAX_FILE_BYTES;
use slomix_shared::wire::{LeftBehind, WatchedDir};
use tokio::sync::watch;
use tokio::time::timeout;

use super::alerts::Alerts;
use super::deriving::Trouble;
use super::live::LiveView;
use super::status::{
    AgentLine, Database, DiscordCounts, DiscordLine, Disposition, Kept, Posts, ReadmissionLine, Status,
};
use super::watching::{Condition, PATIENCE};
use super::{Addresses, metrics, readmission};
use crate::discord::{Discord, DiscordState};
use crate::link::{Clock, ConnectedAgent, Connections, Porch};
use crate::store::agents::AgentRow;
use crate::store::counts::Quarantined;
use crate::store::gaps::{Gap, GapCount};
use crate::store::read::GuidCollision;
use crate::store::{Store, StoreError};

/// Quarantined and lost files that are listed.
const NEWEST: i64 = 10;

/// Where a hub's status is read.
#[derive(Clone)]
pub struct Source {
    pub(super) store: Store,
    pub(super) connections: Arc<Connections>,
    pub(super) live: LiveView,
    pub(super) alerts: Alerts,
    pub(super) discord: Arc<Mutex<Discord>>,
    pub(super) condition: Condition,
    pub(super) keeping: watch::Receiver<Option<String>>,
    pub(super) deriving: Trouble,
    pub(super) listening: Addresses,
    pub(super) porch: Arc<Porch>,
    pub(super) counters: PrometheusHandle,
    pub(super) clock: Clock,
    pub(super) started_ms: i64,
}

/// What the database knows.
struct Stored {
    agents: Vec<AgentLine>,
    waiting: i64,
    archive: Vec<Kept>,
    dispositions: Vec<Disposition>,
    quarantine: Vec<Quarantined>,
    gaps: Vec<Gap>,
    guid_collisions: Vec<GuidCollision>,
    engine: String,
    bytes: u64,
    posts: Posts,
}

impl Source {
    /// Asks everybody. A database that does not answer is not waited for.
    pub async fn status(&self) -> Status {
        let now_ms = (self.clock)();
        let mut obstacles = self.obstacles().await;
        let silence = self.condition.silence().await;
        let stored = match silence {
            Some(_) => None,
            None => match timeout(PATIENCE, self.stored()).await {
                Ok(Ok(stored)) => Some(stored),
                Ok(Err(error)) => {
                    obstacles.push(error.to_string());
                    None
                }
                Err(_) => {
                    obstacles.push(format!("the database did not tell of itself within {} s", PATIENCE.as_secs()));
                    None
                }
            },
        };
        let mut status = Status {
            version: env!("CARGO_PKG_VERSION"),
            now_ms,
            started_ms: self.started_ms,
            uptime_s: (now_ms - self.started_ms) / 1_000,
            listening: self.listening,
            turned_away: self.porch.turned_away(),
            agents: Vec::new(),
            servers: self.live.lines().into_iter().map(|(_, line)| line).collect(),
            server_problems: self.live.problems(),
            alerts: self.alerts.now(),
            waiting: None,
            obstacles,
            archive: None,
            dispositions: None,
            quarantine: None,
            gaps: None,
            guid_collisions: None,
            database: Database {
                path: self.store.name(),
                engine: None,
                bytes: None,
                unreachable_since_ms: silence.map(|silence| silence.since_ms),
            },
            discord: self.discord(),
            posts: None,
        };
        let Some(stored) = stored else {
            status.agents = self.connections.list().iter().map(unlisted).collect();
            return status;
        };
        status.agents = stored.agents;
        status.waiting = Some(stored.waiting);
        status.archive = Some(stored.archive);
        status.dispositions = Some(stored.dispositions);
        status.quarantine = Some(stored.quarantine);
        status.gaps = Some(stored.gaps);
        status.guid_collisions = Some(stored.guid_collisions);
        status.database.engine = Some(stored.engine);
        status.database.bytes = Some(stored.bytes);
        status.posts = Some(stored.posts);
        status
    }

    async fn stored(&self) -> Result<Stored, StoreError> {
        let (open, sent, dead) = self.store.post_counts().await?;
        let kept = self.store.artifact_counts().await?.into_iter();
        let fates = self.store.dispositions().await?.into_iter();
        Ok(Stored {
            agents: self.agents().await?,
            waiting: self.store.pending_count().await?,
            archive: kept.map(|((server, kind), files)| Kept { server, kind, files }).collect(),
            dispositions: fates.map(|((state, code), files)| Disposition { state, code, files }).collect(),
            quarantine: self.store.newest_in_quarantine(NEWEST).await?,
            gaps: self.store.gaps(NEWEST).await?,
            guid_collisions: self.store.guid_collisions().await?,
            engine: self.store.engine().await?,
            bytes: self.store.bytes().await?,
            posts: Posts { open, sent, dead },
        })
    }

    /// Why the hub cannot do its work now; empty while it can.
    pub async fn obstacles(&self) -> Vec<String> {
        // A database that is away explains all the rest.
        if let Some(silence) = self.condition.silence().await {
            return vec![silence.why];
        }
        let mut obstacles: Vec<String> = Vec::new();
        for why in [self.condition.write_trouble(), self.keeping.borrow().clone(), self.deriving.now()] {
            obstacles.extend(why.filter(|why| !obstacles.contains(why)));
        }
        obstacles
    }

    /// All metrics as Prometheus reads them.
    pub async fn metrics(&self) -> String {
        metrics::render(&self.counters, &self.status().await)
    }

    /// Every agent that ever joined, those that may ship first.
    pub(super) async fn agents(&self) -> Result<Vec<AgentLine>, StoreError> {
        let connected = self.connections.list();
        let last = self.store.last_batches().await?;
        let gaps = self.store.gap_counts().await?;
        let mut lines: Vec<AgentLine> = Vec::new();
        for row in self.store.agents().await? {
            let connection = connected.iter().find(|agent| agent.id.to_string() == row.id);
            let last_batch_ms = last.get(&row.id).copied();
            let GapCount { open, closed } = gaps.get(&row.id).copied().unwrap_or_default();
            let line = agent_line(row, connection, last_batch_ms, (self.clock)());
            lines.push(AgentLine { lost_files: Some(open), came_after_all: Some(closed), ..line });
        }
        lines.sort_by_key(|line| line.revoked_ms.is_some());
        Ok(lines)
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

fn agent_line(
    row: AgentRow,
    connection: Option<&ConnectedAgent>,
    last_batch_ms: Option<i64>,
    now_ms: i64,
) -> AgentLine {
    let asked = row.readmission.map(readmission).filter(|asked| asked.stands(now_ms));
    let known = AgentLine {
        name: row.name,
        server: row.server,
        id: row.id,
        joined_ms: Some(row.enrolled_ms),
        revoked_ms: row.revoked_ms,
        certificate_ends_ms: row.certificate_ends_ms,
        readmission: asked.map(|asked| ReadmissionLine {
            since_ms: asked.since_ms,
            last_ms: asked.last_ms,
            address: asked.address,
            approved_ms: asked.approved_at_ms,
        }),
        last_batch_ms,
        ..AgentLine::default()
    };
    match connection {
        Some(now) => connected(known, now),
        None => known,
    }
}

/// An agent of which only the connection tells.
fn unlisted(now: &ConnectedAgent) -> AgentLine {
    let known = AgentLine {
        name: now.name.clone(),
        server: now.server.clone(),
        id: now.id.to_string(),
        last_batch_ms: now.last_batch_ms,
        ..AgentLine::default()
    };
    connected(known, now)
}

fn connected(known: AgentLine, now: &ConnectedAgent) -> AgentLine {
    let connected = AgentLine {
        connected: true,
        address: Some(now.address.to_string()),
        way: Some(now.way.word()),
        since_ms: Some(now.since_ms),
        certificate_ends_ms: Some(now.certificate_ends_at_ms),
        files: now.files,
        refused: now.refused,
        sequence_resets: now.sequence_resets,
        forgotten_batches: now.forgotten_batches.unwrap_or(0),
        ..known
    };
    let Some((told_ms, told)) = &now.status else { return connected };
    let problem = |dir: &WatchedDir| Some(format!("{}: {}", dir.path, dir.problem.as_ref()?));
    AgentLine {
        told_ms: Some(*told_ms),
        clock_ahead_ms: told.clock_ms.map(|clock_ms| clock_ms.saturating_sub(*told_ms)),
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
