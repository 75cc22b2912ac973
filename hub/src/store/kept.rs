//! What is kept and decided, table by table, as it lies: for backups and for checks of the archive. Everything else
//! can be made again from it.

use crate::values;

use super::engine::Into;
use super::sql::{Row, StoreError, Value};
use super::{Store, WriteTx};

/// One table of what is kept or decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptTable {
    /// Its name.
    pub name: &'static str,
    /// How many of the leading columns are its key.
    key: usize,
    /// All columns.
    pub columns: &'static [&'static str],
    /// Which rows belong to what was kept up to batch `$1`.
    up_to: &'static str,
    /// Rows read at a time: few where a row can be large.
    at_once: i64,
}

const ALL: &str = "cast($1 as bigint) >= 0";

/// All of them, each behind those that it refers to.
pub const KEPT: [KeptTable; 9] = [
    KeptTable {
        name: "agent",
        key: 1,
        columns: &["id", "name", "server", "signing_key", "enrolled_ms", "revoked_ms", "certificate_ends_ms"],
        up_to: ALL,
        at_once: 500,
    },
    // Behind the agents: an invite that is used in between is read as used.
    KeptTable {
        name: "invite",
        key: 1,
        columns: &["secret_hash", "name", "server", "created_ms", "expires_ms", "used_ms"],
        up_to: ALL,
        at_once: 500,
    },
    KeptTable {
        name: "batch",
        key: 1,
        columns: &["id", "agent", "boot", "sequence", "created_ms", "received_ms", "head", "signature"],
        up_to: "id <= $1",
        at_once: 100,
    },
    KeptTable {
        name: "artifact",
        key: 1,
        columns: &["id", "server", "kind", "name", "hash", "size", "stamp", "round_number", "content"],
        up_to: "(exists (select 1 from receipt r where r.artifact = artifact.id and r.batch <= $1) \
                 or not exists (select 1 from receipt r where r.artifact = artifact.id))",
        at_once: 50,
    },
    KeptTable {
        name: "receipt",
        key: 2,
        columns: &["artifact", "batch", "modified_ms", "closed_us", "verdict", "rules"],
        up_to: "batch <= $1",
        at_once: 1_000,
    },
    KeptTable {
        name: "decision",
        key: 1,
        columns: &[
            "id",
            "kind",
            "target",
            "value",
            "author",
            "reason",
            "made_ms",
            "undone_ms",
            "undone_by",
            "undone_because",
        ],
        // Whether it is half-made is said of this database alone.
        up_to: "cast($1 as bigint) >= 0 and kind <> 'restoring'",
        at_once: 500,
    },
    KeptTable {
        name: "post",
        key: 1,
        columns: &[
            "id",
            "channel",
            "anchor",
            "kind",
            "wanted",
            "sent",
            "message",
            "state",
            "sending_since_ms",
            "attempts",
            "retry_at_ms",
            "problem",
        ],
        up_to: "exists (select 1 from receipt r where r.artifact = post.anchor and r.batch <= $1)",
        at_once: 500,
    },
    KeptTable {
        name: "control_audit",
        key: 1,
        columns: &[
            "id",
            "asked_ms",
            "server",
            "agent",
            "nonce",
            "author",
            "intent",
            "detail",
            "deadline_ms",
            "answered_ms",
            "outcome",
            "words",
        ],
        up_to: ALL,
        at_once: 500,
    },
    KeptTable {
        name: "gap",
        key: 5,
        columns: &["server", "kind", "name", "size", "modified_ms", "hash", "why", "agent", "noticed_ms", "told_ms"],
        up_to: ALL,
        at_once: 500,
    },
];

impl KeptTable {
    /// The table with this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEPT.iter().find(|table| table.name == name)
    }

    /// The row's key, to go on behind it.
    pub fn key_of<'a>(&self, row: &'a [Value]) -> &'a [Value] {
        &row[..self.key]
    }
}

impl Store {
    /// Whether this sender has ever sent a batch; `import` is the hub's own.
    pub async fn has_batch_of(&self, agent: &str) -> Result<bool, StoreError> {
        let sql = "select id from batch where agent = $1 order by id desc limit 1";
        Ok(!self.fetch("look for a sender", sql, values![agent]).await?.is_empty())
    }

    /// The newest batch of a sender, if there is one.
    pub async fn newest_batch_of(&self, agent: &str) -> Result<Option<KeptBatch>, StoreError> {
        let sql = "select id, agent, head, signature from batch where agent = $1 order by id desc limit 1";
        let rows = self.fetch("read a sender's newest batch", sql, values![agent]).await?;
        Ok(rows.first().map(KeptBatch::from_row))
    }

    /// The newest batch; 0 before the first. Batches with their artifacts and receipts are kept in one transaction
    /// and never changed, so what belongs to the batches up to one is the same whenever it is read.
    pub async fn newest_batch(&self) -> Result<i64, StoreError> {
        let rows = self.fetch("look up the newest batch", "select coalesce(max(id), 0) from batch", vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// The next rows of a table behind a key (none: from the first), of what was kept up to a batch.
    pub async fn kept_rows(
        &self,
        table: &KeptTable,
        up_to: i64,
        behind: Option<&[Value]>,
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let keys = table.columns[..table.key].join(", ");
        let mut values = values![up_to];
        let mut condition = String::new();
        if let Some(behind) = behind {
            let binds: Vec<String> = (2..2 + behind.len()).map(|number| format!("${number}")).collect();
            condition = format!("and ({keys}) > ({}) ", binds.join(", "));
            values.extend_from_slice(behind);
        }
        values.push(table.at_once.into());
        let sql = format!(
            "select {} from {} where {} {condition}order by {keys} limit ${}",
            table.columns.join(", "),
            table.name,
            table.up_to,
            values.len()
        );
        let rows = self.fetch("read what is kept", &sql, values).await?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    /// Whether nothing is kept or decided.
    pub async fn is_unused(&self) -> Result<bool, StoreError> {
        for table in &KEPT {
            // A hub that was only started has left its mark and nothing else.
            let but = if table.name == "decision" { "where kind not in ('owner', 'restoring')" } else { "" };
            let sql = format!("select {} from {} {but} limit 1", table.columns[0], table.name);
            if !self.fetch("look whether anything is kept", &sql, vec![]).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl WriteTx {
    /// Takes the marks of data directories away, from a database that nobody has used.
    pub async fn disown(&mut self) -> Result<(), StoreError> {
        self.execute("disown the database", "delete from decision where kind = 'owner'", vec![]).await.map(|_| ())
    }

    /// Queues every artifact to be derived.
    pub async fn queue_all(&mut self) -> Result<(), StoreError> {
        let sql = "insert into pending (artifact) select a.id from artifact a where a.id = cast(a.id as bigint) \
             on conflict (artifact) do nothing";
        self.execute("queue every artifact", sql, vec![]).await.map(|_| ())
    }

    /// Takes every artifact off the list of what waits, once all are derived.
    pub async fn unqueue_all(&mut self) -> Result<(), StoreError> {
        self.execute("empty the list of what waits", "delete from pending", vec![]).await.map(|_| ())
    }

    /// Puts rows into a table as they were read elsewhere; `columns` are some of its own.
    pub async fn put_kept(
        &mut self,
        table: &KeptTable,
        columns: &[&'static str],
        rows: &[Vec<Value>],
    ) -> Result<(), StoreError> {
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        let into = Into { table: table.name, columns, clause: "" };
        self.insert_rows("put back what was kept", into, &rows).await.map(|_| ())
    }
}

/// A batch with what it is verified by.
#[derive(Debug, Clone)]
pub struct KeptBatch {
    /// Its number here.
    pub id: i64,
    /// The agent's id, or `import`.
    pub agent: String,
    /// Header and manifest, verbatim as signed.
    pub head: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl KeptBatch {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            agent: row.text(1).to_owned(),
            head: row.bytes(2).to_owned(),
            signature: row.bytes(3).to_owned(),
        }
    }
}

/// A file of a batch, as its receipt says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// The batch.
    pub batch: i64,
    /// The artifact.
    pub artifact: i64,
    /// Its name; none where the artifact is gone.
    pub name: Option<String>,
    /// Hash of its content.
    pub hash: Vec<u8>,
    /// What the agent's rules said of it, as in [`Arrival::verdict`](super::archive::Arrival::verdict).
    pub verdict: String,
    /// The rules that spoke, separated by commas.
    pub rules: String,
}

impl Store {
    /// Batches by number, from `after` on.
    pub async fn batches_after(&self, after: i64, limit: i64) -> Result<Vec<KeptBatch>, StoreError> {
        // One whose number is none, which only something else can have written, would have the walk begin again.
        let sql = "select id, agent, head, signature from batch where id > $1 and id = cast(id as bigint) \
                   order by id limit $2";
        let rows = self.fetch("walk the batches", sql, values![after, limit]).await?;
        Ok(rows.iter().map(KeptBatch::from_row).collect())
    }

    /// The files of the batches from `first` to `last`. It goes through all receipts, so take many batches at once.
    pub async fn received_files(&self, first: i64, last: i64) -> Result<Vec<ReceivedFile>, StoreError> {
        let sql = "select r.batch, r.artifact, a.name, a.hash, r.verdict, r.rules \
                   from receipt r left join artifact a on a.id = r.artifact \
                   where r.batch >= $1 and r.batch <= $2";
        let rows = self.fetch("read the files of batches", sql, values![first, last]).await?;
        let file = |row: &Row| ReceivedFile {
            batch: row.int(0),
            artifact: row.int(1),
            name: (row.0.get(2) != Some(&Value::Null)).then(|| row.text(2).to_owned()),
            hash: row.bytes(3).to_owned(),
            verdict: row.text(4).to_owned(),
            rules: row.text(5).to_owned(),
        };
        Ok(rows.iter().map(file).collect())
    }

    /// Names of artifacts that no receipt speaks of.
    pub async fn unreceived(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select name from artifact a where not exists (select 1 from receipt r where r.artifact = a.id) \
                   order by name";
        let rows = self.fetch("look for files without a receipt", sql, vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Artifacts that something kept speaks of and that are gone: their ids with what speaks of them.
    pub async fn vanished(&self) -> Result<Vec<(i64, String)>, StoreError> {
        let mut vanished = Vec::new();
        for (table, column) in [("receipt", "artifact"), ("post", "anchor")] {
            let sql = format!(
                "select distinct {column} from {table} t \
                 where not exists (select 1 from artifact a where a.id = t.{column}) order by {column}"
            );
            let rows = self.fetch("look for vanished files", &sql, vec![]).await?;
            vanished.extend(rows.iter().map(|row| (row.int(0), table.to_owned())));
        }
        let sql = "select distinct batch from receipt r where not exists (select 1 from batch b where b.id = r.batch) \
                   order by batch";
        let rows = self.fetch("look for vanished batches", sql, vec![]).await?;
        vanished.extend(rows.iter().map(|row| (row.int(0), "receipt's batch".to_owned())));
        Ok(vanished)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::tables;

    /// A backup that leaves out a table or a column would lose what nobody can make again.
    #[tokio::test]
    async fn every_table_and_column_is_kept_or_derived() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let sql = "select m.name, c.name from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' \
                   order by m.name, c.cid";
        let mut found: BTreeSet<(String, String)> = BTreeSet::new();
        let mut names: BTreeSet<String> = BTreeSet::new();
        for row in store.fetch("read the schema", sql, vec![]).await.unwrap() {
            names.insert(row.text(0).to_owned());
            found.insert((row.text(0).to_owned(), row.text(1).to_owned()));
        }
        for table in &KEPT {
            let schema: BTreeSet<&str> =
                found.iter().filter(|(name, _)| name == table.name).map(|(_, column)| column.as_str()).collect();
            assert_eq!(schema, table.columns.iter().copied().collect(), "{}", table.name);
            names.remove(table.name);
        }
        for table in tables::ALL {
            names.remove(table.name);
        }
        // What waits and which program derived are made again, and agents ask again by themselves; tables that nothing
        // fills yet are derived ones.
        let known = [
            "_sqlx_migrations",
            "pending",
            "readmission",
            "derivation",
            "round_award",
            "round_duel",
            "player_guid",
            "weapon_leaf",
            "weapon_total",
        ];
        let unknown: Vec<&String> = names.iter().filter(|name| !known.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "kept or derived? {unknown:?}");
    }
}
