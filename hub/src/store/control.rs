//! What was asked for at game servers, by whom, and what came of it.

use crate::values;

use super::sql::StoreError;
use super::{Durability, Row, Store};

/// A request to a game server, before it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ControlAsked {
    /// When, Unix milliseconds.
    pub asked_ms: i64,
    /// The server's key.
    pub server: String,
    /// The id of the agent that was to do it; none where none was connected.
    pub agent: Option<String>,
    /// What it was known by on the way.
    pub nonce: String,
    /// Who asked.
    pub author: String,
    /// What for, in a word.
    pub intent: String,
    /// What else there was to it.
    pub detail: String,
    /// When it was too late to begin, Unix milliseconds by the agent's clock.
    pub deadline_ms: i64,
}

/// A request to a game server, as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ControlRow {
    /// Its number, in the order of asking.
    pub id: i64,
    /// When it was asked for, Unix milliseconds.
    pub asked_ms: i64,
    /// The server's key.
    pub server: String,
    /// Who asked.
    pub author: String,
    /// What for, in a word.
    pub intent: String,
    /// What else there was to it.
    pub detail: String,
    /// When the answer came.
    pub answered_ms: Option<i64>,
    /// `done`, `refused` or `failed`; none where no answer was waited for to its end.
    pub outcome: Option<String>,
    /// Why, or what the server said.
    pub words: String,
}

impl Store {
    /// Keeps a request, durably, before it is sent; the answer is its number.
    pub async fn keep_control(&self, asked: &ControlAsked) -> Result<i64, StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let sql = "select coalesce(max(id), 0) + 1 from control_audit";
        let id = tx.fetch("number a request", sql, vec![]).await?.first().map_or(1, |row| row.int(0));
        let sql = "insert into control_audit \
                     (id, asked_ms, server, agent, nonce, author, intent, detail, deadline_ms, words) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, '')";
        let ControlAsked { asked_ms, server, agent, nonce, author, intent, detail, deadline_ms } = asked.clone();
        let values = values![id, asked_ms, server, agent, nonce, author, intent, detail, deadline_ms];
        tx.execute("keep a request", sql, values).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Keeps what came of a request, durably.
    pub async fn answer_control(&self, id: i64, outcome: &str, words: &str, now_ms: i64) -> Result<(), StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let sql = "update control_audit set answered_ms = $2, outcome = $3, words = $4 where id = $1";
        tx.execute("keep the answer to a request", sql, values![id, now_ms, outcome, words]).await?;
        tx.commit().await
    }

    /// The newest requests, the newest first; of one server, where one is named.
    pub async fn controls(&self, server: Option<&str>, limit: i64) -> Result<Vec<ControlRow>, StoreError> {
        const COLUMNS: &str = "id, asked_ms, server, author, intent, detail, answered_ms, outcome, words";
        let (condition, values) = match server {
            Some(server) => ("where server = $2 ", values![limit, server]),
            None => ("", values![limit]),
        };
        let sql = format!("select {COLUMNS} from control_audit {condition}order by id desc limit $1");
        let rows = self.fetch("list requests", &sql, values).await?;
        Ok(rows.iter().map(ControlRow::from_row).collect())
    }
}

impl ControlRow {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            asked_ms: row.int(1),
            server: row.text(2).to_owned(),
            author: row.text(3).to_owned(),
            intent: row.text(4).to_owned(),
            detail: row.text(5).to_owned(),
            answered_ms: row.maybe_int(6),
            outcome: Some(row.text(7).to_owned()).filter(|outcome| !outcome.is_empty()),
            words: row.text(8).to_owned(),
        }
    }
}
