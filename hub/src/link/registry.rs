use std::future::Future;

use slomix_shared::identity::{AgentId, BootId, VerifyingKey};
use slomix_shared::wire::{BatchMark, Gap};

/// An enrolled agent, as the hub keeps it for ever: a revoked one's key still verifies what it shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRecord {
    /// Who it is, in its certificate and in every batch.
    pub id: AgentId,
    /// The name that the operator gave it. Unique among the agents that are not revoked.
    pub name: String,
    /// The key of the game server, in the hub's configuration, that it ships for.
    pub server: String,
    /// The public half of its signing key.
    pub signing_key: VerifyingKey,
    /// When it joined, Unix milliseconds.
    pub joined_at_ms: i64,
    /// When it was revoked, Unix milliseconds; none while it may ship.
    pub revoked_at_ms: Option<i64>,
    /// The last moment of the certificate with which it came last, Unix milliseconds; none where the hub has not seen
    /// one since it looks.
    pub certificate_ends_at_ms: Option<i64>,
    /// What it asks, where it has no good certificate any more.
    pub readmission: Option<Readmission>,
}

/// How long an agent that asks to be let in again is remembered without asking once more, and how long an approval
/// waits for its agent.
const READMISSION_MS: i64 = 24 * 3_600_000;

/// An enrolled agent without a good certificate asks for another, with the signing key that it still holds, and the
/// hub's operator decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readmission {
    /// Since when it asks, Unix milliseconds.
    pub since_ms: i64,
    /// When it last asked, Unix milliseconds.
    pub last_ms: i64,
    /// Where from.
    pub address: String,
    /// When the operator approved it, Unix milliseconds.
    pub approved_at_ms: Option<i64>,
}

impl Readmission {
    /// Who has not asked since then is forgotten, and an approval from before then has lapsed. Unix milliseconds.
    pub fn forgotten_ms(now_ms: i64) -> i64 {
        now_ms - READMISSION_MS
    }

    /// Whether it still stands: it has asked within a day, and was not approved longer than a day ago.
    pub fn stands(&self, now_ms: i64) -> bool {
        let since = Self::forgotten_ms(now_ms);
        self.last_ms >= since && self.approved_at_ms.is_none_or(|at| at >= since)
    }
}

/// Permission for one agent to join, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invite {
    /// The hash of the one-time secret; the secret itself is not kept.
    pub secret_hash: [u8; 32],
    /// The name that the agent will have.
    pub name: String,
    /// The key of the game server that it will ship for.
    pub server: String,
    /// When it was made, Unix milliseconds.
    pub created_at_ms: i64,
    /// The last moment at which it is good, Unix milliseconds.
    pub expires_at_ms: i64,
}

/// What a new agent brings along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAgent {
    /// Drawn for it by the hub.
    pub id: AgentId,
    /// Its signing key, whose possession it has proven.
    pub signing_key: VerifyingKey,
    /// The last moment of its certificate, Unix milliseconds.
    pub certificate_ends_at_ms: Option<i64>,
}

/// What became of an attempt to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Enrolment {
    /// The invite is used up and the agent is enrolled.
    Enrolled {
        /// The new agent.
        agent: Box<AgentRecord>,
        /// The agent that had the name before. It is revoked now: a name is one machine, and it has joined again.
        replaced: Option<AgentId>,
    },
    /// No invite has this secret, or it was used before.
    Unknown,
    /// The invite ran out.
    Expired,
}

/// The registry could not answer: the database is away, or holds what it should not.
#[derive(Debug, thiserror::Error)]
#[error("the list of agents cannot be reached")]
pub struct RegistryError {
    /// Why.
    pub source: Box<dyn std::error::Error + Send + Sync>,
    /// Whether the database is away for everybody, which the hub tells of once and not for every caller.
    pub is_outage: bool,
}

/// The agents that the hub knows. Every change is durable when its future resolves.
pub trait Registry: Send + Sync + 'static {
    /// Keeps an invite.
    fn add_invite(&self, invite: Invite) -> impl Future<Output = Result<(), RegistryError>> + Send;

    /// In one transaction: uses up the invite with this hash, if it is there, unused and good at `now_ms`; revokes
    /// the agent that has its name; enrols the new one. Of two attempts with one secret at most one succeeds.
    fn enrol(
        &self,
        secret_hash: [u8; 32],
        agent: NewAgent,
        now_ms: i64,
    ) -> impl Future<Output = Result<Enrolment, RegistryError>> + Send;

    /// The agent with this id, revoked or not.
    fn agent(&self, id: AgentId) -> impl Future<Output = Result<Option<AgentRecord>, RegistryError>> + Send;

    /// Every agent, revoked ones too, by name and then by joining.
    fn agents(&self) -> impl Future<Output = Result<Vec<AgentRecord>, RegistryError>> + Send;

    /// Revokes the agent that has this name, and returns it; none where no agent has it.
    fn revoke(
        &self,
        name: &str,
        now_ms: i64,
    ) -> impl Future<Output = Result<Option<AgentRecord>, RegistryError>> + Send;

    /// Notes that an agent came with a certificate that ends at `ends_at_ms`, and so need not ask for one any more.
    fn note_certificate(
        &self,
        agent: AgentId,
        ends_at_ms: i64,
    ) -> impl Future<Output = Result<(), RegistryError>> + Send;

    /// Notes that an agent asks to be let in again, from `address`; the answer is how that stands. None where the
    /// agent is not enrolled or is revoked. At most one request is kept for each agent.
    fn ask_readmission(
        &self,
        agent: AgentId,
        address: &str,
        now_ms: i64,
    ) -> impl Future<Output = Result<Option<Readmission>, RegistryError>> + Send;

    /// Approves what the agent with this name asks, and returns the agent; none where no agent has the name, or it
    /// asks nothing.
    fn approve(
        &self,
        name: &str,
        now_ms: i64,
    ) -> impl Future<Output = Result<Option<AgentRecord>, RegistryError>> + Send;

    /// Notes files that an agent says are lost. What was noted before stays as it is.
    fn note_gaps(
        &self,
        agent: &AgentRecord,
        gaps: Vec<Gap>,
        now_ms: i64,
    ) -> impl Future<Output = Result<(), RegistryError>> + Send;

    /// How many batches of an agent the archive holds that came after `mark` and from other runs than `boot`, counted
    /// among the next `most`; none where it does not hold that one itself.
    fn batches_since(
        &self,
        agent: AgentId,
        mark: BatchMark,
        boot: BootId,
        most: u32,
    ) -> impl Future<Output = Result<Option<u64>, RegistryError>> + Send;

    /// The highest sequence that the archive holds of this agent and boot.
    fn last_sequence(
        &self,
        agent: AgentId,
        boot: BootId,
    ) -> impl Future<Output = Result<Option<u64>, RegistryError>> + Send;
}
