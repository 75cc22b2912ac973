//! A hub as small as can be: takes batches, remembers them in order, and answers as it is told to.

mod certificates;
mod doors;
mod keeping;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use quinn::Endpoint;
use slomix_agent::ship::{read_message, write_message};
use slomix_line::{Connection, RecvStream, SendStream, Way};
use slomix_shared::identity::{AgentId, Authority, JoinSecret, JoinToken, TlsKey, VerifyingKey, agent_of};
use slomix_shared::wire::{
    ALPN_JOIN, AgentNotice, AgentStatus, Batch, CertificateReply, CertificateRequest, CloseCode, ControlReply,
    ControlRequest, FrameHeader, Gap, GapReply, GapReport, HubNotice, ManifestEntry, Message, ResetCode, decode,
    limits,
};
use tokio::sync::watch;

use certificates::{certified, issue};

/// Longer than anything takes on a machine that is busy with other things.
const PATIENCE: Duration = Duration::from_secs(30);
pub(crate) const SECRET: [u8; 16] = *b"one-time secret!";

/// A file that the hub took, in the order in which it took them.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub(crate) entry: ManifestEntry,
    pub(crate) content: Vec<u8>,
    /// Of the batch that it came in.
    pub(crate) sequence: u64,
}

/// How the hub answers.
#[derive(Default)]
pub(crate) struct Manners {
    /// Names that are refused.
    pub(crate) refuse: HashSet<String>,
    /// Batches with one of these names are reset as malformed.
    pub(crate) choke_on: HashSet<String>,
    /// So many batches are reset because the archive cannot keep them.
    pub(crate) cannot_store: usize,
    /// Batches are kept, but acks wait.
    pub(crate) hold_acks: bool,
    /// Reports of lost files are reset like this.
    pub(crate) no_gaps: Option<ResetCode>,
    /// The join secret has been used.
    pub(crate) token_used: bool,
    /// How long certificates hold.
    pub(crate) certificate_life: Option<Duration>,
    /// How requests for certificates over the link are met.
    pub(crate) renewals: Renewals,
    /// It answers a status with its clock, which is so far ahead of the system's. Milliseconds.
    pub(crate) clock_ahead_ms: Option<i64>,
    /// The operator lets agents in again that ask for it.
    pub(crate) approved: bool,
}

/// How requests for certificates over the link are met.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Renewals {
    #[default]
    Issued,
    Refused,
    /// The certificate is made, and the answer never comes.
    Lost,
    /// The hub has never heard of such a message.
    Unknown,
    /// The hub gives a certificate for another agent.
    OfAnother,
}

#[derive(Default)]
struct State {
    kept: Vec<Kept>,
    batches: usize,
    status: AgentStatus,
    statuses: usize,
    keys: Vec<(AgentId, VerifyingKey)>,
    manners: Manners,
    away: bool,
    udp_is_blocked: bool,
    tcp_opens_udp: bool,
    ways: Vec<Way>,
    connections: Vec<Connection>,
    /// What agents said is lost, as often as they said it.
    gaps: Vec<Gap>,
    /// Requests for certificates over the link.
    renewals: usize,
    /// Requests for certificates without one.
    asked: usize,
    /// The certificates with which agents came, each once.
    certificates: Vec<Vec<u8>>,
}

struct Shared {
    authority: Authority,
    state: Mutex<State>,
    changed: watch::Sender<()>,
}

/// The hub, which can go away and come back.
pub(crate) struct Hub {
    shared: Arc<Shared>,
    endpoint: Endpoint,
}

impl Hub {
    pub(crate) fn start(seed: u8) -> Self {
        let authority = Authority::create(TlsKey::from_seed(&[seed; 32]), now_ms()).unwrap();
        let shared = Arc::new(Shared { authority, state: Mutex::default(), changed: watch::Sender::new(()) });
        let endpoint = doors::open(&shared);
        Self { shared, endpoint }
    }

    /// Closes all connections and answers nobody.
    pub(crate) fn go_away(&self) {
        let mut state = self.shared.state();
        state.away = true;
        for connection in state.connections.drain(..) {
            connection.close(CloseCode::ShuttingDown);
        }
    }

    /// From now on new calls over UDP get no answer, or get one again.
    pub(crate) fn block_udp(&self, blocked: bool) {
        self.shared.state().udp_is_blocked = blocked;
    }

    /// UDP is blocked until somebody has called over TCP.
    pub(crate) fn block_udp_until_tcp(&self) {
        let mut state = self.shared.state();
        (state.udp_is_blocked, state.tcp_opens_udp) = (true, true);
    }

    /// Which ways agents came, in order.
    pub(crate) fn ways(&self) -> Vec<Way> {
        self.shared.state().ways.clone()
    }

    /// Answers again.
    pub(crate) fn come_back(&self) {
        self.shared.state().away = false;
    }

    /// From now on `other` is met at this hub's address.
    pub(crate) fn yield_address_to(&self, other: &Self) {
        self.endpoint.set_server_config(Some(doors::quic(&other.shared)));
    }

    pub(crate) fn address(&self) -> String {
        self.endpoint.local_addr().unwrap().to_string()
    }

    pub(crate) fn token(&self) -> JoinToken {
        JoinToken {
            address: self.address(),
            pin: self.shared.authority.pin(),
            secret: JoinSecret::from_bytes(SECRET),
            expires_at: now_ms() / 1000 + 600,
        }
    }

    pub(crate) fn manners(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut self.shared.state().manners);
        self.shared.changed.send_replace(());
    }

    /// Asks the agent that connected last for something at its game server.
    pub(crate) async fn ask(&self, request: &ControlRequest) -> ControlReply {
        let connection = self.shared.state().connections.last().cloned().unwrap();
        let ask = async {
            let (mut asking, mut answer) = connection.open_bi().await.unwrap();
            write_message(&mut asking, request).await.unwrap();
            read_message(&mut answer).await.unwrap()
        };
        tokio::time::timeout(PATIENCE, ask).await.expect("an answer comes")
    }

    /// Names of the files kept, in order.
    pub(crate) fn names(&self) -> Vec<String> {
        self.shared.state().kept.iter().map(|kept| kept.entry.name.clone()).collect()
    }

    pub(crate) fn kept(&self) -> Vec<Kept> {
        self.shared.state().kept.clone()
    }

    /// What agents said is lost.
    pub(crate) fn gaps(&self) -> Vec<Gap> {
        self.shared.state().gaps.clone()
    }

    /// Requests for certificates over the link.
    pub(crate) fn renewals(&self) -> usize {
        self.shared.state().renewals
    }

    /// Requests for certificates without one.
    pub(crate) fn asked(&self) -> usize {
        self.shared.state().asked
    }

    /// With how many different certificates agents came.
    pub(crate) fn certificates(&self) -> usize {
        self.shared.state().certificates.len()
    }

    pub(crate) async fn wait_for_renewals(&self, count: usize) {
        self.wait(|state| state.renewals >= count, || format!("{count} renewals, had {}", self.renewals())).await;
    }

    pub(crate) async fn wait_for_gaps(&self, count: usize) {
        self.wait(|state| state.gaps.len() >= count, || format!("{count} gaps, had {:?}", self.gaps())).await;
    }

    pub(crate) async fn wait_for_certificates(&self, count: usize) {
        self.wait(|state| state.certificates.len() >= count, || format!("{count} certificates")).await;
    }

    /// Batches that were answered in any way.
    pub(crate) fn batches(&self) -> usize {
        self.shared.state().batches
    }

    /// Waits until so many files are kept; the answer are all of them.
    pub(crate) async fn wait_for_files(&self, count: usize) -> Vec<Kept> {
        self.wait(|state| state.kept.len() >= count, || format!("{count} files, have {:?}", self.names())).await;
        self.kept()
    }

    /// Waits until the agent has told of a state that `holds`.
    pub(crate) async fn wait_for_status(&self, what: &str, holds: impl Fn(&AgentStatus) -> bool) -> AgentStatus {
        let holds = |state: &State| state.statuses > 0 && holds(&state.status);
        self.wait(holds, || format!("{what}: {:?}", self.shared.state().status)).await;
        self.shared.state().status.clone()
    }

    /// Waits until the agent has looked through its directories so many more times.
    pub(crate) async fn wait_for_looks(&self, more: u64) {
        let looks = |status: &AgentStatus| status.rescans.unwrap_or(0);
        let before = looks(&self.shared.state().status);
        self.wait_for_status("looks", |status| looks(status) >= before + more).await;
    }

    pub(crate) async fn wait_for_batches(&self, count: usize) {
        self.wait(|state| state.batches >= count, || format!("{count} batches")).await;
    }

    async fn wait(&self, holds: impl Fn(&State) -> bool, what: impl Fn() -> String) {
        let mut changed = self.shared.changed.subscribe();
        let wait = async {
            while !holds(&self.shared.state()) {
                changed.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        assert!(waited.is_ok(), "waited in vain for {}", what());
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn greet(self: Arc<Self>, connection: Connection) {
        self.state().ways.push(connection.way());
        self.state().connections.push(connection.clone());
        if connection.alpn().as_deref() == Some(ALPN_JOIN) {
            return self.enrol(connection).await;
        }
        let agent = connection.peer_chain().map(|chain| {
            let leaf = chain[0].to_vec();
            let mut state = self.state();
            if !state.certificates.contains(&leaf) {
                state.certificates.push(leaf);
            }
            agent_of(&chain[0]).unwrap()
        });
        self.changed.send_replace(());
        let key = agent.and_then(|agent| self.state().keys.iter().find(|(id, _)| *id == agent).map(|(_, key)| *key));
        let Some(key) = key else {
            connection.close(CloseCode::NoCertificate);
            return;
        };
        loop {
            tokio::select! {
                Ok((send, receive)) = connection.accept_bi() => {
                    tokio::spawn(Arc::clone(&self).hear(connection.clone(), send, receive, key));
                }
                Ok(mut stream) = connection.accept_uni() => {
                    if let Ok(AgentNotice::Status(status)) = read_message(&mut stream).await {
                        let clock = {
                            let mut state = self.state();
                            state.status = *status;
                            state.statuses += 1;
                            state.manners.clock_ahead_ms.map(|ahead_ms| now_ms() + ahead_ms)
                        };
                        if let Some(clock_ms) = clock {
                            let mut stream = connection.open_uni().await.unwrap();
                            let _ = write_message(&mut stream, &HubNotice::Clock { clock_ms }).await;
                        }
                        self.changed.send_replace(());
                    }
                }
                _ = connection.closed() => return,
            }
        }
    }

    async fn hear(
        self: Arc<Self>,
        connection: Connection,
        mut send: SendStream,
        mut receive: RecvStream,
        key: VerifyingKey,
    ) {
        let Ok(frame) = read_frame(&mut receive).await else { return };
        if let Some(batch) = of_frame::<Batch>(&frame) {
            return self.take(send, batch, key).await;
        }
        if let Some(report) = of_frame::<GapReport>(&frame) {
            if let Some(code) = self.state().manners.no_gaps {
                receive.stop(code);
                send.reset(code);
                return;
            }
            self.state().gaps.extend(report.gaps);
            self.changed.send_replace(());
            let _ = write_message(&mut send, &GapReply::Noted).await;
            let _ = send.stopped().await;
            return;
        }
        let request: CertificateRequest = of_frame(&frame).unwrap();
        let manner = self.state().manners.renewals;
        let agent = match manner {
            Renewals::OfAnother => AgentId::from_bytes([77; 16]),
            _ => request.agent,
        };
        let chain = issue(&self.authority, &self.state(), &request.csr, agent);
        if manner != Renewals::Unknown {
            request.verify(&connection.binding().unwrap(), &key).unwrap();
        }
        let reply = match manner {
            Renewals::Issued | Renewals::OfAnother => Some(certified(&chain)),
            Renewals::Refused => Some(CertificateReply::Refused { reason: "not today".to_owned() }),
            Renewals::Lost => None,
            Renewals::Unknown => {
                send.reset(ResetCode::Unexpected);
                None
            }
        };
        if let Some(reply) = reply {
            // The agent may be gone by now.
            let _ = write_message(&mut send, &reply).await;
        }
        self.state().renewals += 1;
        self.changed.send_replace(());
        // An answer that is lost is one that never comes: the stream stays as it is until the agent gives it up.
        let _ = send.stopped().await;
    }
}

/// Header and body of the one message on a stream.
async fn read_frame(stream: &mut RecvStream) -> Result<Vec<u8>, slomix_line::ReadError> {
    let mut frame = Vec::new();
    while stream.read(&mut frame, limits::BATCH).await? {}
    Ok(frame)
}

/// The message in a frame, if it is one of these.
fn of_frame<T: Message>(frame: &[u8]) -> Option<T> {
    let (header, body) = frame.split_first_chunk().unwrap();
    let header = FrameHeader::parse(header, limits::BATCH).unwrap();
    (header.message() == T::TYPE).then(|| decode(&header, body).unwrap())
}

pub(crate) fn now_ms() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}
