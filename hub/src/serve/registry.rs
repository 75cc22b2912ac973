use slomix_shared::identity::{AgentId, BootId, VerifyingKey};
use slomix_shared::wire::{BatchMark, Gap};

use crate::link::{AgentRecord, Enrolment, Invite, NewAgent, Readmission, Registry, RegistryError};
use crate::store::agents::{AgentRow, InviteRow, Joined, ReadmissionRow};
use crate::store::gaps::GapRow;
use crate::store::{Store, StoreError};

/// The link's list of agents, in the database.
#[derive(Debug, Clone)]
pub struct StoreRegistry(pub Store);

fn failed(error: StoreError) -> RegistryError {
    RegistryError { is_outage: error.is_outage(), source: error.into() }
}

fn misfit(what: String) -> RegistryError {
    failed(StoreError::Inconsistent { table: "agent", what })
}

fn record(row: AgentRow) -> Result<AgentRecord, RegistryError> {
    let id = row.id.parse().map_err(|_| misfit(format!("{} is no agent's id", row.id)))?;
    let key = VerifyingKey::from_slice(&row.signing_key);
    Ok(AgentRecord {
        id,
        signing_key: key.map_err(|error| misfit(format!("the key of {}: {error}", row.name)))?,
        name: row.name,
        server: row.server,
        joined_at_ms: row.enrolled_ms,
        revoked_at_ms: row.revoked_ms,
        certificate_ends_at_ms: row.certificate_ends_ms,
        readmission: row.readmission.map(readmission),
    })
}

/// What an agent asks, as the link has it.
pub(crate) fn readmission(row: ReadmissionRow) -> Readmission {
    let ReadmissionRow { since_ms, last_ms, address, approved_ms } = row;
    Readmission { since_ms, last_ms, address, approved_at_ms: approved_ms }
}

impl Registry for StoreRegistry {
    async fn add_invite(&self, invite: Invite) -> Result<(), RegistryError> {
        let row = InviteRow {
            secret_hash: invite.secret_hash,
            name: invite.name,
            server: invite.server,
            created_ms: invite.created_at_ms,
            expires_ms: invite.expires_at_ms,
        };
        self.0.add_invite(&row).await.map_err(failed)
    }

    async fn enrol(&self, secret_hash: [u8; 32], new: NewAgent, now_ms: i64) -> Result<Enrolment, RegistryError> {
        let id = new.id.to_string();
        let (key, ends_ms) = (new.signing_key.as_bytes(), new.certificate_ends_at_ms);
        match self.0.enrol(secret_hash, &id, key, ends_ms, now_ms).await.map_err(failed)? {
            Joined::Unknown => Ok(Enrolment::Unknown),
            Joined::Expired => Ok(Enrolment::Expired),
            Joined::Enrolled { agent, replaced } => {
                let replaced = replaced.map(|id| id.parse().map_err(|_| misfit(format!("{id} is no agent's id"))));
                Ok(Enrolment::Enrolled { agent: Box::new(record(*agent)?), replaced: replaced.transpose()? })
            }
        }
    }

    async fn agent(&self, id: AgentId) -> Result<Option<AgentRecord>, RegistryError> {
        self.0.agent(&id.to_string()).await.map_err(failed)?.map(record).transpose()
    }

    async fn agents(&self) -> Result<Vec<AgentRecord>, RegistryError> {
        self.0.agents().await.map_err(failed)?.into_iter().map(record).collect()
    }

    async fn revoke(&self, name: &str, now_ms: i64) -> Result<Option<AgentRecord>, RegistryError> {
        self.0.revoke_agent(name, now_ms).await.map_err(failed)?.map(record).transpose()
    }

    async fn note_certificate(&self, agent: AgentId, ends_at_ms: i64) -> Result<(), RegistryError> {
        self.0.note_certificate(&agent.to_string(), ends_at_ms).await.map_err(failed)
    }

    async fn ask_readmission(
        &self,
        agent: AgentId,
        address: &str,
        now_ms: i64,
    ) -> Result<Option<Readmission>, RegistryError> {
        let (id, forgotten_ms) = (agent.to_string(), Readmission::forgotten_ms(now_ms));
        let asked = self.0.ask_readmission(&id, address, now_ms, forgotten_ms).await;
        Ok(asked.map_err(failed)?.map(readmission))
    }

    async fn approve(&self, name: &str, now_ms: i64) -> Result<Option<AgentRecord>, RegistryError> {
        let approved = self.0.approve_readmission(name, now_ms, Readmission::forgotten_ms(now_ms));
        approved.await.map_err(failed)?.map(record).transpose()
    }

    async fn note_gaps(&self, agent: &AgentRecord, gaps: Vec<Gap>, now_ms: i64) -> Result<(), RegistryError> {
        let row = |gap: Gap| GapRow {
            server: agent.server.clone(),
            kind: gap.kind.to_string(),
            // Bytes that a database does not take are not in the name, but may be in the words.
            why: gap.why.chars().filter(|c| !c.is_control()).collect(),
            name: gap.name,
            size: i64::try_from(gap.size).unwrap_or(i64::MAX),
            modified_ms: gap.modified_at_ms,
            hash: gap.hash.map(|hash| *hash.as_bytes()),
            agent: agent.id.to_string(),
            noticed_ms: gap.noticed_at_ms,
            told_ms: now_ms,
        };
        self.0.keep_gaps(&gaps.into_iter().map(row).collect::<Vec<_>>()).await.map_err(failed)
    }

    async fn batches_since(
        &self,
        agent: AgentId,
        mark: BatchMark,
        boot: BootId,
        most: u32,
    ) -> Result<Option<u64>, RegistryError> {
        let (agent, began, boot) = (agent.to_string(), mark.boot.to_string(), boot.to_string());
        // As the archive keeps it.
        let sequence = i64::try_from(mark.sequence).unwrap_or(i64::MAX);
        let count = self.0.batches_since(&agent, (&began, sequence), &boot, most).await.map_err(failed)?;
        Ok(count.map(i64::unsigned_abs))
    }

    async fn last_sequence(&self, agent: AgentId, boot: BootId) -> Result<Option<u64>, RegistryError> {
        let sequence = self.0.last_sequence(&agent.to_string(), &boot.to_string()).await.map_err(failed)?;
        Ok(sequence.and_then(|sequence| u64::try_from(sequence).ok()))
    }
}
