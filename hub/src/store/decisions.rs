//! What people decided, with author and reason; undone rather than removed.

use std::collections::BTreeMap;

use crate::values;

use super::sql::StoreError;
use super::{Store, WriteTx};

/// The zone of a server's wall clock, by its IANA name.
pub const ZONE: &str = "zone";

/// A decision to be kept.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What is decided, as in `accept` (an artifact that the agent's rules refuse).
    pub kind: &'static str,
    /// About what.
    pub target: String,
    /// The value decided on, where there is one.
    pub value: String,
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
}

impl WriteTx {
    /// Keeps a decision.
    pub async fn decide(&mut self, decision: &Decision, now_ms: i64) -> Result<(), StoreError> {
        let next = self.fetch("number a decision", "select coalesce(max(id), 0) + 1 from decision", vec![]).await?;
        self.execute(
            "keep a decision",
            "insert into decision (id, kind, target, value, author, reason, made_ms) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            values![
                next.first().map_or(1, |row| row.int(0)),
                decision.kind,
                decision.target.as_str(),
                decision.value.as_str(),
                decision.author.as_str(),
                decision.reason.as_str(),
                now_ms
            ],
        )
        .await
        .map(|_| ())
    }
}

impl Store {
    /// What holds of one kind of decision: the value of the newest one that was not undone, by target.
    pub async fn decided(&self, kind: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "select target, value from decision where kind = $1 and undone_ms is null order by id";
        let rows = self.fetch("read decisions", sql, values![kind]).await?;
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect())
    }
}
