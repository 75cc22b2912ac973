//! Files that agents say are lost.

use std::collections::BTreeMap;

use crate::values;

use super::sql::StoreError;
use super::{Durability, Row, Store};

/// A lost file, as its agent told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRow {
    /// The key of the game server that the agent ships for.
    pub server: String,
    /// The file's kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: i64,
    /// Its modified time, Unix milliseconds by the game host's clock.
    pub modified_ms: i64,
    /// The hash of its content, where the agent had read it.
    pub hash: Option<[u8; 32]>,
    /// How it was lost.
    pub why: String,
    /// The id of the agent.
    pub agent: String,
    /// When the agent found out, Unix milliseconds by its clock.
    pub noticed_ms: i64,
    /// When it told, Unix milliseconds.
    pub told_ms: i64,
}

/// A lost file, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Gap {
    /// The server's key.
    pub server: String,
    /// The file's kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub size: i64,
    /// Its modified time, Unix milliseconds.
    pub modified_ms: i64,
    /// How it was lost.
    pub why: String,
    /// When the agent found out, Unix milliseconds by its clock.
    pub noticed_ms: i64,
    /// Whether the file is here: it came after all.
    pub closed: bool,
}

/// How many files an agent lost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct GapCount {
    /// Those that are still missing.
    pub open: i64,
    /// Those that came after all.
    pub closed: i64,
}

/// Whether the file of a gap is here, by whatever way it came: the same content, or one of the same size where no more is
/// known.
const CLOSED: &str = "exists (select 1 from artifact a where a.server = g.server and a.kind = g.kind and a.name = g.name \
                      and (a.hash = g.hash or (g.hash is null and a.size = g.size)))";

impl Store {
    /// Keeps what an agent told, durably. What was told before stays as it is.
    pub async fn keep_gaps(&self, gaps: &[GapRow]) -> Result<(), StoreError> {
        let mut tx = self.begin(Durability::Full).await?;
        let sql = "insert into gap (server, kind, name, size, modified_ms, hash, why, agent, noticed_ms, told_ms) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (server, kind, name, size, modified_ms) do nothing";
        for gap in gaps {
            let GapRow { server, kind, name, size, modified_ms, hash, why, agent, noticed_ms, told_ms } = gap.clone();
            let hash = hash.map(|hash| hash.to_vec());
            let values = values![server, kind, name, size, modified_ms, hash, why, agent, noticed_ms, told_ms];
            tx.execute("keep a gap", sql, values).await?;
        }
        tx.commit().await
    }

    /// The lost files that were told last, the newest first.
    pub async fn gaps(&self, limit: i64) -> Result<Vec<Gap>, StoreError> {
        let sql = format!(
            "select g.server, g.kind, g.name, g.size, g.modified_ms, g.why, g.noticed_ms, \
                    case when {CLOSED} then 1 else 0 end as closed \
             from gap g order by g.told_ms desc, g.server, g.kind, g.name, g.size, g.modified_ms limit $1"
        );
        let rows = self.fetch("list gaps", &sql, values![limit]).await?;
        Ok(rows.iter().map(Gap::from_row).collect())
    }

    /// How many files each agent lost, by its id.
    pub async fn gap_counts(&self) -> Result<BTreeMap<String, GapCount>, StoreError> {
        let sql = format!(
            "select g.agent, cast(sum(case when {CLOSED} then 0 else 1 end) as bigint), \
                    cast(sum(case when {CLOSED} then 1 else 0 end) as bigint) \
             from gap g group by g.agent order by g.agent"
        );
        let rows = self.fetch("count gaps", &sql, vec![]).await?;
        let count = |row: &Row| GapCount { open: row.int(1), closed: row.int(2) };
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), count(row))).collect())
    }
}

impl Gap {
    fn from_row(row: &Row) -> Self {
        Self {
            server: row.text(0).to_owned(),
            kind: row.text(1).to_owned(),
            name: row.text(2).to_owned(),
            size: row.int(3),
            modified_ms: row.int(4),
            why: row.text(5).to_owned(),
            noticed_ms: row.int(6),
            closed: row.int(7) == 1,
        }
    }
}
