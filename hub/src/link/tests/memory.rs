//! An archive and a registry that forget everything with the test.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use slomix_shared::artifact::ContentHash;
use slomix_shared::identity::{AgentId, BootId};
use slomix_shared::wire::{AckItem, AckOutcome, BatchMark, Gap, OpenBatch};
use tokio::sync::Semaphore;

use super::eventually;
use crate::link::connections::lock;
use crate::link::{
    AgentRecord, Enrolment, Intake, IntakeError, Invite, NewAgent, Readmission, Registry, RegistryError,
};

#[derive(Debug)]
pub(super) struct Memory {
    agents: Mutex<Vec<AgentRecord>>,
    invites: Mutex<Vec<Invite>>,
    files: Mutex<HashMap<(String, ContentHash), Vec<u8>>>,
    /// In the order in which they were kept.
    batches: Mutex<Vec<(AgentId, BatchMark)>>,
    /// What was noted as lost.
    pub(super) gaps: Mutex<Vec<(AgentId, Gap)>>,
    /// Lookups of agents and invites.
    pub(super) lookups: AtomicUsize,
    pub(super) archive_is_down: AtomicBool,
    pub(super) registry_is_down: AtomicBool,
    /// Batches that stand before the commit.
    pub(super) committing: AtomicUsize,
    /// One permit for each commit that may end.
    pub(super) commits: Semaphore,
}

impl Default for Memory {
    fn default() -> Self {
        Self {
            agents: Mutex::default(),
            invites: Mutex::default(),
            files: Mutex::default(),
            batches: Mutex::default(),
            gaps: Mutex::default(),
            lookups: AtomicUsize::default(),
            archive_is_down: AtomicBool::default(),
            registry_is_down: AtomicBool::default(),
            committing: AtomicUsize::default(),
            commits: Semaphore::new(Semaphore::MAX_PERMITS),
        }
    }
}

impl Memory {
    /// Waits until so many batches in all have come before the commit.
    pub(super) async fn wait_for_commits(&self, batches: usize) {
        eventually("the commit", || self.committing.load(Ordering::Relaxed) == batches).await;
    }

    /// The archived content of a file with this name.
    pub(super) fn content(&self, name: &str) -> Option<Vec<u8>> {
        lock(&self.files).iter().find(|((held, _), _)| held == name).map(|(_, content)| content.clone())
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.files).is_empty()
    }

    fn up(&self) -> Result<(), RegistryError> {
        self.lookups.fetch_add(1, Ordering::Relaxed);
        if self.registry_is_down.load(Ordering::Relaxed) {
            Err(RegistryError { source: "down".into(), is_outage: true })
        } else {
            Ok(())
        }
    }
}

impl Intake for Memory {
    async fn receive(&self, batch: OpenBatch, from: &AgentRecord) -> Result<Vec<AckItem>, IntakeError> {
        assert!(!batch.files.is_empty() && batch.files.iter().all(|file| file.problem.is_none()));
        if self.archive_is_down.load(Ordering::Relaxed) {
            return Err(IntakeError::NotKept { source: "no space left on device".into(), is_outage: true });
        }
        self.committing.fetch_add(1, Ordering::Relaxed);
        self.commits.acquire().await.unwrap().forget();
        if lock(&self.agents).iter().any(|agent| agent.id == from.id && agent.revoked_at_ms.is_some()) {
            return Err(IntakeError::Revoked);
        }
        let mut files = lock(&self.files);
        let mark = BatchMark { boot: batch.head.boot, sequence: batch.head.sequence };
        lock(&self.batches).push((from.id, mark));
        let keep = |file: slomix_shared::wire::OpenFile| {
            let known = files.insert((file.entry.name, file.entry.hash), file.content).is_some();
            let outcome = if known { AckOutcome::Duplicate } else { AckOutcome::Received };
            AckItem { hash: file.entry.hash, outcome }
        };
        Ok(batch.files.into_iter().map(keep).collect())
    }
}

impl Registry for Memory {
    async fn add_invite(&self, invite: Invite) -> Result<(), RegistryError> {
        self.up()?;
        lock(&self.invites).push(invite);
        Ok(())
    }

    async fn enrol(&self, hash: [u8; 32], new: NewAgent, now_ms: i64) -> Result<Enrolment, RegistryError> {
        self.up()?;
        let mut invites = lock(&self.invites);
        let Some(at) = invites.iter().position(|invite| invite.secret_hash == hash) else {
            return Ok(Enrolment::Unknown);
        };
        if invites[at].expires_at_ms < now_ms {
            return Ok(Enrolment::Expired);
        }
        let invite = invites.swap_remove(at);
        let mut agents = lock(&self.agents);
        let same_name = agents.iter_mut().find(|agent| agent.name == invite.name && agent.revoked_at_ms.is_none());
        let replaced = same_name.map(|older| {
            older.revoked_at_ms = Some(now_ms);
            older.id
        });
        let agent = AgentRecord {
            id: new.id,
            name: invite.name,
            server: invite.server,
            signing_key: new.signing_key,
            joined_at_ms: now_ms,
            revoked_at_ms: None,
            certificate_ends_at_ms: new.certificate_ends_at_ms,
            readmission: None,
        };
        agents.push(agent.clone());
        Ok(Enrolment::Enrolled { agent: Box::new(agent), replaced })
    }

    async fn agent(&self, id: AgentId) -> Result<Option<AgentRecord>, RegistryError> {
        self.up()?;
        Ok(lock(&self.agents).iter().find(|agent| agent.id == id).cloned())
    }

    async fn agents(&self) -> Result<Vec<AgentRecord>, RegistryError> {
        self.up()?;
        Ok(lock(&self.agents).clone())
    }

    async fn revoke(&self, name: &str, now_ms: i64) -> Result<Option<AgentRecord>, RegistryError> {
        self.up()?;
        let mut agents = lock(&self.agents);
        let found = agents.iter_mut().find(|agent| agent.name == name && agent.revoked_at_ms.is_none());
        Ok(found.map(|agent| {
            agent.revoked_at_ms = Some(now_ms);
            agent.clone()
        }))
    }

    async fn note_certificate(&self, agent: AgentId, ends_at_ms: i64) -> Result<(), RegistryError> {
        self.up()?;
        for known in lock(&self.agents).iter_mut().filter(|known| known.id == agent) {
            known.certificate_ends_at_ms = Some(ends_at_ms);
            known.readmission = None;
        }
        Ok(())
    }

    async fn ask_readmission(
        &self,
        agent: AgentId,
        address: &str,
        now_ms: i64,
    ) -> Result<Option<Readmission>, RegistryError> {
        self.up()?;
        let mut agents = lock(&self.agents);
        let known = agents.iter_mut().find(|known| known.id == agent && known.revoked_at_ms.is_none());
        Ok(known.map(|known| {
            let before = known.readmission.take().filter(|asked| asked.stands(now_ms));
            let (since_ms, approved_at_ms) =
                before.map_or((now_ms, None), |asked| (asked.since_ms, asked.approved_at_ms));
            let asked = Readmission { since_ms, last_ms: now_ms, address: address.to_owned(), approved_at_ms };
            known.readmission = Some(asked.clone());
            asked
        }))
    }

    async fn approve(&self, name: &str, now_ms: i64) -> Result<Option<AgentRecord>, RegistryError> {
        self.up()?;
        let mut agents = lock(&self.agents);
        let known = agents.iter_mut().find(|known| known.name == name && known.revoked_at_ms.is_none());
        Ok(known.and_then(|known| {
            known.readmission.as_mut().filter(|asked| asked.stands(now_ms))?.approved_at_ms = Some(now_ms);
            Some(known.clone())
        }))
    }

    async fn note_gaps(&self, agent: &AgentRecord, gaps: Vec<Gap>, _: i64) -> Result<(), RegistryError> {
        self.up()?;
        lock(&self.gaps).extend(gaps.into_iter().map(|gap| (agent.id, gap)));
        Ok(())
    }

    async fn batches_since(
        &self,
        agent: AgentId,
        mark: BatchMark,
        boot: BootId,
        most: u32,
    ) -> Result<Option<u64>, RegistryError> {
        self.up()?;
        let batches = lock(&self.batches);
        let mut own = batches.iter().filter(|(id, _)| *id == agent).map(|(_, mark)| *mark);
        if !own.any(|known| known == mark) {
            return Ok(None);
        }
        Ok(Some(own.take(most as usize).filter(|later| later.boot != boot).count() as u64))
    }

    async fn last_sequence(&self, agent: AgentId, boot: BootId) -> Result<Option<u64>, RegistryError> {
        self.up()?;
        let batches = lock(&self.batches);
        let own = batches.iter().filter(|(id, mark)| *id == agent && mark.boot == boot);
        Ok(own.map(|(_, mark)| mark.sequence).max())
    }
}
