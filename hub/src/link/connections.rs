use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slomix_line::{Connection, Way};
use slomix_shared::identity::AgentId;
use slomix_shared::wire::{AgentStatus, CloseCode, HubNotice};
use tokio::sync::{mpsc, watch};

use super::caller::Shown;
use super::{AgentRecord, Live};

/// Notices that may wait for one agent; more are dropped, as they may be lost anyway.
const WAITING_NOTICES: usize = 64;

/// One connected agent, as `/status` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectedAgent {
    /// Who it is.
    pub id: AgentId,
    /// Its name.
    pub name: String,
    /// The key of the game server that it ships for.
    pub server: String,
    /// Where it calls from.
    pub address: SocketAddr,
    /// Which way it came.
    pub way: Way,
    /// Since when it has been connected, Unix milliseconds.
    pub since_ms: i64,
    /// When its last batch was archived, Unix milliseconds.
    pub last_batch_ms: Option<i64>,
    /// Batches archived over this connection.
    pub batches: u64,
    /// Files acknowledged over this connection.
    pub files: u64,
    /// Files refused over this connection.
    pub refused: u64,
    /// Batches whose sequence went backwards: two processes may be running under one identity.
    pub sequence_resets: u64,
    /// Batches that were acknowledged to earlier runs of it and that its data directory knew nothing of when this one
    /// began, which then is an old copy; counted up to a thousand. None until it has told.
    pub forgotten_batches: Option<u64>,
    /// The last moment of the certificate with which it connected, Unix milliseconds.
    pub certificate_ends_at_ms: i64,
    /// What it last said of itself, and when that came (Unix milliseconds).
    pub status: Option<(i64, AgentStatus)>,
}

/// The agents that are connected now.
#[derive(Debug, Default)]
pub struct Connections {
    /// Each agent's connections, its present one last. Before that may stand the one that it is leaving.
    pub(super) agents: Mutex<BTreeMap<AgentId, Vec<Arc<Line>>>>,
    live: Arc<Live>,
}

/// One agent's connection and what is known of it.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) connection: Connection,
    about: Mutex<ConnectedAgent>,
    notices: mpsc::Sender<HubNotice>,
    certificate: [u8; 32],
    retired: watch::Sender<bool>,
}

impl Connections {
    /// Every connected agent, by id.
    pub fn list(&self) -> Vec<ConnectedAgent> {
        lock(&self.agents).values().filter_map(|lines| lines.last()).map(|line| lock(&line.about).clone()).collect()
    }

    /// What they see of their game servers; what was told stays when they leave.
    pub fn live(&self) -> Arc<Live> {
        Arc::clone(&self.live)
    }

    /// Whether this agent is connected.
    pub fn is_connected(&self, agent: AgentId) -> bool {
        lock(&self.agents).contains_key(&agent)
    }

    /// Sends a notice to an agent, which may be lost; one over `wire::limits::NOTICE` is. False where the agent is not connected or too many notices are
    /// waiting for it.
    pub fn notify(&self, agent: AgentId, notice: HubNotice) -> bool {
        let agents = lock(&self.agents);
        agents.get(&agent).and_then(|lines| lines.last()).is_some_and(|line| line.notices.try_send(notice).is_ok())
    }

    /// Closes all of an agent's connections at once, telling it why: for one that was just revoked. False where it is
    /// not connected.
    pub fn close(&self, agent: AgentId, why: CloseCode) -> bool {
        let lines = lock(&self.agents).remove(&agent);
        lines.inspect(|lines| lines.iter().for_each(|line| line.close(why))).is_some()
    }

    /// Closes everybody's.
    pub(super) fn close_all(&self, why: CloseCode) {
        lock(&self.agents).values().flatten().for_each(|line| line.close(why));
    }

    /// Puts a connection that has shown who it is into the table. An older one of the same agent is closed; where it
    /// has another certificate, the agent has renewed that and moves over, and the older one may finish. So may one over
    /// TCP of an agent that UDP has reached the hub for at last.
    pub(super) fn add(
        &self,
        agent: &AgentRecord,
        shown: &Shown,
        connection: Connection,
        now_ms: i64,
    ) -> (Arc<Line>, mpsc::Receiver<HubNotice>) {
        let (notices, waiting) = mpsc::channel(WAITING_NOTICES);
        let about = ConnectedAgent {
            id: agent.id,
            name: agent.name.clone(),
            server: agent.server.clone(),
            address: connection.remote_address(),
            way: connection.way(),
            since_ms: now_ms,
            last_batch_ms: None,
            batches: 0,
            files: 0,
            refused: 0,
            sequence_resets: 0,
            forgotten_batches: None,
            certificate_ends_at_ms: shown.ends_at_ms,
            status: None,
        };
        let (certificate, retired) = (shown.hash, watch::Sender::new(false));
        let line = Arc::new(Line { connection, about: Mutex::new(about), notices, certificate, retired });
        let mut agents = lock(&self.agents);
        let lines = agents.entry(agent.id).or_default();
        let older = std::mem::replace(lines, vec![line.clone()]);
        let last = older.len().saturating_sub(1);
        for (at, older) in older.into_iter().enumerate() {
            let (old, new) = (older.connection.remote_address(), line.connection.remote_address());
            let ways = (older.connection.way(), line.connection.way());
            let moves = older.certificate != line.certificate || ways == (Way::Tcp, Way::Udp);
            if at == last && moves {
                tracing::info!(agent.id = %agent.id, agent.name = agent.name, %old, %new, "the agent moves over");
                let (status, forgotten) = {
                    let about = lock(&older.about);
                    (about.status.clone(), about.forgotten_batches)
                };
                line.update(|about| (about.status, about.forgotten_batches) = (status, forgotten));
                older.retired.send_replace(true);
                lines.insert(0, older);
            } else {
                tracing::info!(agent.id = %agent.id, agent.name = agent.name, %old, %new, "the agent connected again");
                older.close(CloseCode::Replaced);
            }
        }
        (line, waiting)
    }

    /// Takes a connection out, and no other of the same agent.
    pub(super) fn remove(&self, line: &Arc<Line>) {
        let id = lock(&line.about).id;
        let mut agents = lock(&self.agents);
        if let Some(lines) = agents.get_mut(&id) {
            lines.retain(|other| !Arc::ptr_eq(other, line));
            if lines.is_empty() {
                agents.remove(&id);
            }
        }
    }
}

impl Line {
    pub(super) fn close(&self, why: CloseCode) {
        self.connection.close(why);
    }

    /// Whether the agent has come with a renewed certificate and is leaving this connection.
    pub(super) fn is_retired(&self) -> bool {
        *self.retired.borrow()
    }

    /// Told when that happens.
    pub(super) fn retirement(&self) -> watch::Receiver<bool> {
        self.retired.subscribe()
    }

    /// Sends a notice, which may be lost.
    pub(super) fn tell(&self, notice: HubNotice) {
        let _ = self.notices.try_send(notice);
    }

    /// Whether it is still to be found out what the agent's data directory knows.
    pub(super) fn is_unexamined(&self) -> bool {
        lock(&self.about).forgotten_batches.is_none()
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut ConnectedAgent)) {
        change(&mut lock(&self.about));
    }
}

/// A panic elsewhere leaves these plain tables whole.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
