//! Enrolled agents, invites, and agents that ask to be let in again.

use std::collections::BTreeMap;

use crate::values;

use super::sql::StoreError;
use super::{Durability, Row, Store, WriteTx};

/// One enrolled agent; a revoked one stays, since its key still verifies what it shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRow {
    /// 32 hexadecimal digits.
    pub id: String,
    /// Unique among those that are not revoked.
    pub name: String,
    /// The key of the game server that it ships for.
    pub server: String,
    /// The public half of its signing key, 32 bytes.
    pub signing_key: Vec<u8>,
    /// When it joined, Unix milliseconds.
    pub enrolled_ms: i64,
    /// When it was revoked, Unix milliseconds.
    pub revoked_ms: Option<i64>,
    /// The last moment of its certificate, Unix milliseconds; none where the hub has not seen it since it looks.
    pub certificate_ends_ms: Option<i64>,
    /// What it asks, where it has no good certificate any more.
    pub readmission: Option<ReadmissionRow>,
}

/// An agent asks to be let in again, with the key that it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadmissionRow {
    /// Since when it asks, Unix milliseconds.
    pub since_ms: i64,
    /// When it last asked, Unix milliseconds.
    pub last_ms: i64,
    /// Where from.
    pub address: String,
    /// When the operator approved it, Unix milliseconds.
    pub approved_ms: Option<i64>,
}

/// Permission for one agent to join, once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InviteRow {
    /// The hash of the one-time secret.
    pub secret_hash: [u8; 32],
    /// The name that the agent will have.
    pub name: String,
    /// The key of the game server that it will ship for.
    pub server: String,
    /// When it was made, Unix milliseconds.
    pub created_ms: i64,
    /// The last moment at which it is good, Unix milliseconds.
    pub expires_ms: i64,
}

/// What became of an attempt to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joined {
    /// The invite is used up and the agent is enrolled; the one that had its name before is revoked.
    Enrolled {
        /// The new agent.
        agent: Box<AgentRow>,
        /// The id of the one before it.
        replaced: Option<String>,
    },
    /// No invite has this secret, or it was used before.
    Unknown,
    /// The invite ran out.
    Expired,
}

/// Of an agent `a` and what it asks, `r`.
const COLUMNS: &str = "a.id, a.name, a.server, a.signing_key, a.enrolled_ms, a.revoked_ms, a.certificate_ends_ms, \
                       r.since_ms, r.last_ms, r.address, r.approved_ms";
const FROM: &str = "agent a left join readmission r on r.agent = a.id";

impl AgentRow {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.text(0).to_owned(),
            name: row.text(1).to_owned(),
            server: row.text(2).to_owned(),
            signing_key: row.bytes(3).to_owned(),
            enrolled_ms: row.int(4),
            revoked_ms: row.maybe_int(5),
            certificate_ends_ms: row.maybe_int(6),
            readmission: row.maybe_int(7).map(|since_ms| ReadmissionRow {
                since_ms,
                last_ms: row.int(8),
                address: row.text(9).to_owned(),
                approved_ms: row.maybe_int(10),
            }),
        }
    }
}

impl WriteTx {
    async fn revoke_by_name(&mut self, name: &str, now_ms: i64) -> Result<Option<AgentRow>, StoreError> {
        let sql = "update agent set revoked_ms = $2 where name = $1 and revoked_ms is null returning id";
        let rows = self.fetch("revoke an agent", sql, values![name, now_ms]).await?;
        let Some(id) = rows.first().map(|row| row.text(0).to_owned()) else { return Ok(None) };
        let sql = "delete from readmission where agent = $1";
        self.execute("forget what a revoked agent asked", sql, values![id.as_str()]).await?;
        let sql = format!("select {COLUMNS} from {FROM} where a.id = $1");
        let rows = self.fetch("read a revoked agent", &sql, values![id.as_str()]).await?;
        Ok(rows.first().map(AgentRow::from_row))
    }

    /// Whether an agent was revoked, as of this transaction: whoever revokes waits for it or came before it.
    pub(crate) async fn is_revoked(&mut self, agent: &str) -> Result<bool, StoreError> {
        let sql = "select id from agent where id = $1 and revoked_ms is not null";
        Ok(!self.fetch("look whether a sender is revoked", sql, values![agent]).await?.is_empty())
    }

    async fn add_agent(&mut self, agent: &AgentRow) -> Result<(), StoreError> {
        let sql = "insert into agent (id, name, server, signing_key, enrolled_ms, certificate_ends_ms) \
                   values ($1, $2, $3, $4, $5, $6)";
        let AgentRow { id, name, server, signing_key, enrolled_ms, certificate_ends_ms, .. } = agent;
        let (id, name, server, key) = (id.as_str(), name.as_str(), server.as_str(), signing_key.as_slice());
        let values = values![id, name, server, key, *enrolled_ms, *certificate_ends_ms];
        self.execute("enrol an agent", sql, values).await.map(|_| ())
    }
}

impl Store {
    /// Keeps an invite, durably.
    pub async fn add_invite(&self, invite: &InviteRow) -> Result<(), StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let InviteRow { secret_hash, name, server, created_ms, expires_ms } = invite;
        let sql = "insert into invite (secret_hash, name, server, created_ms, expires_ms) values ($1, $2, $3, $4, $5)";
        let values = values![secret_hash.as_slice(), name.as_str(), server.as_str(), *created_ms, *expires_ms];
        tx.execute("keep an invite", sql, values).await?;
        tx.commit().await
    }

    /// In one durable transaction: uses up the invite with this hash, if it is there, unused and good at `now_ms`;
    /// revokes the agent that has its name; enrols the new one, whose certificate ends at `certificate_ends_ms`.
    pub async fn enrol(
        &self,
        secret_hash: [u8; 32],
        id: &str,
        signing_key: &[u8],
        certificate_ends_ms: Option<i64>,
        now_ms: i64,
    ) -> Result<Joined, StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let sql = "select name, server, expires_ms from invite where secret_hash = $1 and used_ms is null";
        let rows = tx.fetch("look up an invite", sql, values![secret_hash.as_slice()]).await?;
        let Some(invite) = rows.first() else { return Ok(Joined::Unknown) };
        if invite.int(2) < now_ms {
            return Ok(Joined::Expired);
        }
        let sql = "update invite set used_ms = $2 where secret_hash = $1";
        tx.execute("use up an invite", sql, values![secret_hash.as_slice(), now_ms]).await?;
        let agent = AgentRow {
            id: id.to_owned(),
            name: invite.text(0).to_owned(),
            server: invite.text(1).to_owned(),
            signing_key: signing_key.to_owned(),
            enrolled_ms: now_ms,
            revoked_ms: None,
            certificate_ends_ms,
            readmission: None,
        };
        let replaced = tx.revoke_by_name(&agent.name, now_ms).await?.map(|older| older.id);
        tx.add_agent(&agent).await?;
        tx.commit().await?;
        Ok(Joined::Enrolled { agent: Box::new(agent), replaced })
    }

    /// The agent with this id, revoked or not.
    pub async fn agent(&self, id: &str) -> Result<Option<AgentRow>, StoreError> {
        let sql = format!("select {COLUMNS} from {FROM} where a.id = $1");
        let rows = self.fetch("look up an agent", &sql, values![id]).await?;
        Ok(rows.first().map(AgentRow::from_row))
    }

    /// Every agent, revoked ones too, by name and then by joining.
    pub async fn agents(&self) -> Result<Vec<AgentRow>, StoreError> {
        let sql = format!("select {COLUMNS} from {FROM} order by a.name, a.enrolled_ms, a.id");
        let rows = self.fetch("list the agents", &sql, vec![]).await?;
        Ok(rows.iter().map(AgentRow::from_row).collect())
    }

    /// When each agent's last batch was kept, Unix milliseconds, by its id.
    pub async fn last_batches(&self) -> Result<BTreeMap<String, i64>, StoreError> {
        // One step into the index for each agent, however many batches there are.
        let sql = "select a.id, (select b.received_ms from batch b where b.agent = a.id order by b.id desc limit 1) \
                   from agent a";
        let rows = self.fetch("look up last batches", sql, vec![]).await?;
        Ok(rows.iter().filter_map(|row| Some((row.text(0).to_owned(), row.maybe_int(1)?))).collect())
    }

    /// Revokes the agent that has this name, durably; none where no agent has it.
    pub async fn revoke_agent(&self, name: &str, now_ms: i64) -> Result<Option<AgentRow>, StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let revoked = tx.revoke_by_name(name, now_ms).await?;
        tx.commit().await?;
        Ok(revoked)
    }

    /// Notes with which certificate an agent came, and that it need not ask for one any more.
    pub async fn note_certificate(&self, id: &str, ends_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.begin(Durability::Relaxed).await?;
        let sql = "update agent set certificate_ends_ms = $2 where id = $1";
        tx.execute("note a certificate", sql, values![id, ends_ms]).await?;
        tx.execute("forget what an agent asked", "delete from readmission where agent = $1", values![id]).await?;
        tx.commit().await
    }

    /// Notes that an agent asks to be let in again, from `address`, and forgets all who have not asked since
    /// `forgotten_ms` or were approved before and never came. The answer is how it stands; none where it is not
    /// enrolled or is revoked.
    pub async fn ask_readmission(
        &self,
        id: &str,
        address: &str,
        now_ms: i64,
        forgotten_ms: i64,
    ) -> Result<Option<ReadmissionRow>, StoreError> {
        let mut tx = self.begin(Durability::Relaxed).await?;
        let sql = "delete from readmission where last_ms < $1 or approved_ms < $1";
        tx.execute("forget who asked long ago", sql, values![forgotten_ms]).await?;
        let sql = "insert into readmission (agent, since_ms, last_ms, address) \
                   select a.id, cast($2 as bigint), cast($2 as bigint), cast($3 as text) from agent a \
                   where a.id = $1 and a.revoked_ms is null \
                   on conflict (agent) do update set last_ms = excluded.last_ms, address = excluded.address \
                   returning since_ms, last_ms, address, approved_ms";
        let rows = tx.fetch("note that an agent asks", sql, values![id, now_ms, address]).await?;
        tx.commit().await?;
        Ok(rows.first().map(|row| ReadmissionRow {
            since_ms: row.int(0),
            last_ms: row.int(1),
            address: row.text(2).to_owned(),
            approved_ms: row.maybe_int(3),
        }))
    }

    /// Approves, durably, what the agent with this name asks, if it has asked since `forgotten_ms`; none where no
    /// agent has the name or it does not ask.
    pub async fn approve_readmission(
        &self,
        name: &str,
        now_ms: i64,
        forgotten_ms: i64,
    ) -> Result<Option<AgentRow>, StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let sql = "update readmission set approved_ms = $2 where last_ms >= $3 and agent = \
                   (select a.id from agent a where a.name = $1 and a.revoked_ms is null) returning agent";
        let rows = tx.fetch("approve an agent", sql, values![name, now_ms, forgotten_ms]).await?;
        let approved = match rows.first() {
            None => None,
            Some(row) => {
                let sql = format!("select {COLUMNS} from {FROM} where a.id = $1");
                let rows = tx.fetch("read an approved agent", &sql, values![row.text(0)]).await?;
                rows.first().map(AgentRow::from_row)
            }
        };
        tx.commit().await?;
        Ok(approved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    struct Fixture {
        _dir: tempfile::TempDir,
        store: Store,
    }

    impl Fixture {
        async fn new() -> Self {
            let dir = tempfile::tempdir().unwrap();
            let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
            Self { _dir: dir, store }
        }

        async fn invite(&self, secret: u8, name: &str) {
            let invite = InviteRow {
                secret_hash: [secret; 32],
                name: name.to_owned(),
                server: "main".to_owned(),
                created_ms: NOW_MS,
                expires_ms: NOW_MS + 1_000,
            };
            self.store.add_invite(&invite).await.unwrap();
        }

        async fn enrol(&self, secret: u8, id: &str, now_ms: i64) -> Joined {
            self.store.enrol([secret; 32], id, &[7; 32], None, now_ms).await.unwrap()
        }
    }

    #[tokio::test]
    async fn an_invite_is_good_once_and_until_it_expires() {
        let fixture = Fixture::new().await;
        fixture.invite(1, "vienna").await;
        assert_eq!(fixture.enrol(2, "a", NOW_MS).await, Joined::Unknown);
        assert_eq!(fixture.enrol(1, "a", NOW_MS + 1_001).await, Joined::Expired);
        let Joined::Enrolled { agent, replaced: None } = fixture.enrol(1, "a", NOW_MS + 1_000).await else {
            panic!("it is still good in its last moment")
        };
        assert_eq!((agent.name.as_str(), agent.server.as_str()), ("vienna", "main"));
        assert_eq!(fixture.store.agent("a").await.unwrap(), Some(*agent));
        assert_eq!(fixture.enrol(1, "b", NOW_MS).await, Joined::Unknown, "used up");
        assert_eq!(fixture.store.agent("b").await.unwrap(), None);
    }

    #[tokio::test]
    async fn of_two_attempts_at_once_one_gets_in() {
        let fixture = Fixture::new().await;
        fixture.invite(1, "vienna").await;
        let (one, other) = tokio::join!(fixture.enrol(1, "a", NOW_MS), fixture.enrol(1, "b", NOW_MS));
        let enrolled = |joined: &Joined| matches!(joined, Joined::Enrolled { .. });
        assert!(enrolled(&one) != enrolled(&other), "{one:?} {other:?}");
        assert_eq!(fixture.store.agents().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_name_is_one_machine_and_revoked_agents_stay_on_the_list() {
        let fixture = Fixture::new().await;
        for (secret, id) in [(1, "a"), (2, "b")] {
            fixture.invite(secret, "vienna").await;
            fixture.enrol(secret, id, NOW_MS + i64::from(secret)).await;
        }
        let agents = fixture.store.agents().await.unwrap();
        let revoked: Vec<_> = agents.iter().map(|agent| (agent.id.as_str(), agent.revoked_ms)).collect();
        assert_eq!(revoked, [("a", Some(NOW_MS + 2)), ("b", None)]);
        let gone = fixture.store.revoke_agent("vienna", NOW_MS + 3).await.unwrap().unwrap();
        assert_eq!((gone.id.as_str(), gone.revoked_ms), ("b", Some(NOW_MS + 3)));
        assert_eq!(fixture.store.revoke_agent("vienna", NOW_MS + 4).await.unwrap(), None);
    }
}
