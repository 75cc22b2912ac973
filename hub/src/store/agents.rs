//! Enrolled agents and invites.

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
        agent: AgentRow,
        /// The id of the one before it.
        replaced: Option<String>,
    },
    /// No invite has this secret, or it was used before.
    Unknown,
    /// The invite ran out.
    Expired,
}

const COLUMNS: &str = "id, name, server, signing_key, enrolled_ms, revoked_ms";

impl AgentRow {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.text(0).to_owned(),
            name: row.text(1).to_owned(),
            server: row.text(2).to_owned(),
            signing_key: row.bytes(3).to_owned(),
            enrolled_ms: row.int(4),
            revoked_ms: row.maybe_int(5),
        }
    }
}

impl WriteTx {
    async fn revoke_by_name(&mut self, name: &str, now_ms: i64) -> Result<Option<AgentRow>, StoreError> {
        let sql =
            format!("update agent set revoked_ms = $2 where name = $1 and revoked_ms is null returning {COLUMNS}");
        let rows = self.fetch("revoke an agent", &sql, values![name, now_ms]).await?;
        Ok(rows.first().map(AgentRow::from_row))
    }

    async fn add_agent(&mut self, agent: &AgentRow) -> Result<(), StoreError> {
        let sql = "insert into agent (id, name, server, signing_key, enrolled_ms) values ($1, $2, $3, $4, $5)";
        let AgentRow { id, name, server, signing_key, enrolled_ms, .. } = agent;
        let values = values![id.as_str(), name.as_str(), server.as_str(), signing_key.as_slice(), *enrolled_ms];
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
    /// revokes the agent that has its name; enrols the new one.
    pub async fn enrol(
        &self,
        secret_hash: [u8; 32],
        id: &str,
        signing_key: &[u8],
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
        };
        let replaced = tx.revoke_by_name(&agent.name, now_ms).await?.map(|older| older.id);
        tx.add_agent(&agent).await?;
        tx.commit().await?;
        Ok(Joined::Enrolled { agent, replaced })
    }

    /// The agent with this id, revoked or not.
    pub async fn agent(&self, id: &str) -> Result<Option<AgentRow>, StoreError> {
        let sql = format!("select {COLUMNS} from agent where id = $1");
        let rows = self.fetch("look up an agent", &sql, values![id]).await?;
        Ok(rows.first().map(AgentRow::from_row))
    }

    /// Every agent, revoked ones too, by name and then by joining.
    pub async fn agents(&self) -> Result<Vec<AgentRow>, StoreError> {
        let sql = format!("select {COLUMNS} from agent order by name, enrolled_ms, id");
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
            self.store.enrol([secret; 32], id, &[7; 32], now_ms).await.unwrap()
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
        assert_eq!(fixture.store.agent("a").await.unwrap(), Some(agent));
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
