//! Counts for the status page and summaries.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::{ContentHash, Kind};

use crate::values;

use super::Store;
use super::sql::{Row, StoreError, Value};

/// One file that could not be read.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Quarantined {
    /// The artifact's id.
    #[serde(serialize_with = "crate::store::counts::as_text")]
    pub artifact: i64,
    /// The server's key.
    pub server: String,
    /// The file's kind.
    pub kind: String,
    /// The file's name.
    pub name: String,
    /// Bytes.
    pub size: i64,
    /// A stable name of the reason.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// When it came first, Unix milliseconds.
    pub received_ms: i64,
}

/// A content that another one of the same file name stands for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Superseded {
    /// The artifact's id.
    #[serde(serialize_with = "crate::store::counts::as_text")]
    pub artifact: i64,
    /// The file's kind.
    pub kind: String,
    /// The file's name.
    pub name: String,
    /// Bytes.
    pub size: i64,
}

/// Ids go as text: not every reader of JSON holds 63 bits.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
pub(crate) fn as_text<S: serde::Serializer>(id: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&id.to_string())
}

/// Up to so many files in quarantine, the newest are found by going through all of them.
const FEW: i64 = 200;
/// Fates that are looked at for the newest among more than that.
const WINDOW: i64 = 2_000;
/// Below this id are files without a stamp in their id, among them all whose names are none.
const STAMPED: i64 = 1 << 32;

const QUARANTINED: &str = "a.id, a.server, a.kind, a.name, a.size, d.code, d.reason, \
    (select min(b.received_ms) from receipt r join batch b on b.id = r.batch where r.artifact = a.id) as received";

impl Quarantined {
    /// Of a row of [`QUARANTINED`].
    fn from_row(row: &Row) -> Self {
        Self {
            artifact: row.int(0),
            server: row.text(1).to_owned(),
            kind: row.text(2).to_owned(),
            name: row.text(3).to_owned(),
            size: row.int(4),
            code: row.text(5).to_owned(),
            reason: row.text(6).to_owned(),
            received_ms: row.int(7),
        }
    }
}

impl Store {
    /// How many contents the archive holds.
    pub async fn artifact_count(&self) -> Result<i64, StoreError> {
        let rows = self.fetch("count artifacts", "select count(*) from artifact", vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// State, code and reason of what became of an artifact.
    pub async fn fate(&self, artifact: i64) -> Result<Option<(String, String, String)>, StoreError> {
        let sql = "select state, code, reason from disposition where artifact = $1";
        let rows = self.fetch("read a disposition", sql, values![artifact]).await?;
        Ok(rows.first().map(|row| (row.text(0).to_owned(), row.text(1).to_owned(), row.text(2).to_owned())))
    }

    /// Whether an artifact was derived as one of a block's.
    pub async fn is_in_a_block(&self, artifact: i64) -> Result<bool, StoreError> {
        let sql = "select 1 from disposition where artifact = $1 and block is not null";
        Ok(!self.fetch("look for the block of a file", sql, values![artifact]).await?.is_empty())
    }

    /// Whether a file with this content has been looked at, whatever came of it.
    pub async fn has_fate(&self, kind: Kind, name: &str, hash: &ContentHash) -> Result<bool, StoreError> {
        let sql = "select count(*) from artifact a join disposition d on d.artifact = a.id \
                   where a.kind = $1 and a.name = $2 and a.hash = $3";
        let rows = self.fetch("look for a file", sql, values![kind.as_str(), name, hash.as_bytes().as_slice()]).await?;
        Ok(rows.first().is_some_and(|row| row.int(0) > 0))
    }

    /// Names of artifacts that are neither derived nor waiting.
    pub async fn forgotten(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select a.name from artifact a \
                   where not exists (select 1 from disposition d where d.artifact = a.id) \
                   and not exists (select 1 from pending p where p.artifact = a.id) order by a.name";
        let rows = self.fetch("look for forgotten files", sql, vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// How many artifacts have each state, by (state, code).
    pub async fn dispositions(&self) -> Result<BTreeMap<(String, String), i64>, StoreError> {
        let sql = "select state, code, count(*) from disposition group by state, code";
        let rows = self.fetch("count dispositions", sql, vec![]).await?;
        Ok(rows.iter().map(|row| ((row.text(0).to_owned(), row.text(1).to_owned()), row.int(2))).collect())
    }

    /// How many files of a kind tell of rounds.
    pub async fn stored_count(&self, kind: Kind) -> Result<i64, StoreError> {
        let sql = "select count(*) from disposition d join artifact a on a.id = d.artifact \
                   where d.state = 'stored' and a.kind = $1";
        let rows = self.fetch("count stored files", sql, values![kind.as_str()]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// How many files of each server and kind are kept, by (server, kind).
    pub async fn artifact_counts(&self) -> Result<BTreeMap<(String, String), i64>, StoreError> {
        let sql = "select server, kind, count(*) from artifact group by server, kind";
        let rows = self.fetch("count artifacts by kind", sql, vec![]).await?;
        Ok(rows.iter().map(|row| ((row.text(0).to_owned(), row.text(1).to_owned()), row.int(2))).collect())
    }

    /// Rows of a table.
    pub async fn count(&self, table: super::tables::Table) -> Result<i64, StoreError> {
        let rows = self.fetch("count rows", &format!("select count(*) from {}", table.name), vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// The contents of a server that another content of the same file name stands for, by name.
    pub async fn superseded(&self, server: &str) -> Result<Vec<Superseded>, StoreError> {
        let sql = "select a.id, a.kind, a.name, a.size from disposition d join artifact a on a.id = d.artifact \
                   where d.state = 'superseded' and a.server = $1 order by a.name, a.id";
        let rows = self.fetch("list superseded contents", sql, values![server]).await?;
        let superseded = |row: &Row| Superseded {
            artifact: row.int(0),
            kind: row.text(1).to_owned(),
            name: row.text(2).to_owned(),
            size: row.int(3),
        };
        Ok(rows.iter().map(superseded).collect())
    }

    /// How many round events of a server wait for their round.
    pub async fn waiting_events(&self, server: &str) -> Result<i64, StoreError> {
        let sql = "select count(*) from disposition d join artifact a on a.id = d.artifact \
                   where d.state = 'kept' and d.code = 'waiting' and a.kind = $2 and a.server = $1";
        let rows = self.fetch("count waiting events", sql, values![server, Kind::Gametime.as_str()]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// The stats files of a server that cannot be read, stamped in a stretch of its local time: id, name, code.
    pub async fn quarantined_between(
        &self,
        server: &str,
        from: i64,
        to: i64,
    ) -> Result<Vec<(i64, String, String)>, StoreError> {
        let sql = "select a.id, a.name, d.code from artifact a join disposition d on d.artifact = a.id \
                   where a.server = $1 and a.kind = 'stats' and a.stamp >= $2 and a.stamp <= $3 \
                   and d.state = 'quarantined' order by a.stamp, a.id";
        let rows = self.fetch("look for a quarantined half", sql, values![server, from, to]).await?;
        Ok(rows.iter().map(|row| (row.int(0), row.text(1).to_owned(), row.text(2).to_owned())).collect())
    }

    /// The quarantined files, the newest first. Goes through all of them.
    pub async fn quarantined(&self, limit: i64) -> Result<Vec<Quarantined>, StoreError> {
        let sql = format!(
            "select {QUARANTINED} from disposition d join artifact a on a.id = d.artifact \
             where d.state = 'quarantined' order by received desc, a.name limit $1"
        );
        let rows = self.fetch("list the quarantine", &sql, values![limit]).await?;
        Ok(rows.iter().map(Quarantined::from_row).collect())
    }

    /// Files that are kept and belong to no round, or to one that cannot take them, each with the reason, the newest
    /// first.
    pub async fn kept_aside(&self, limit: i64) -> Result<Vec<Quarantined>, StoreError> {
        let sql = format!(
            "select {QUARANTINED} from disposition d join artifact a on a.id = d.artifact \
             where d.state = 'kept' and d.code > '' order by received desc, a.name limit $1"
        );
        let rows = self.fetch("list what is kept aside", &sql, values![limit]).await?;
        Ok(rows.iter().map(Quarantined::from_row).collect())
    }

    /// How many files are in quarantine.
    pub async fn quarantine_count(&self) -> Result<i64, StoreError> {
        let sql = "select count(*) from disposition where state = 'quarantined'";
        let rows = self.fetch("count the quarantine", sql, vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// Some of the newest files in quarantine, the newest first, at a cost that does not grow with it. Where there are
    /// many, only the files with the newest stamps and some of those without one are looked at.
    pub async fn newest_in_quarantine(&self, limit: i64) -> Result<Vec<Quarantined>, StoreError> {
        if self.quarantine_count().await? <= FEW {
            return self.quarantined(limit).await;
        }
        let sql = "select artifact from (select artifact, state from disposition \
                     where artifact >= $1 and artifact < $2 order by artifact desc limit $3) d \
                   where state = 'quarantined' order by artifact desc limit $4";
        let mut found: BTreeSet<i64> = BTreeSet::new();
        for (from, to) in [(STAMPED, i64::MAX), (i64::MIN, STAMPED)] {
            let values = values![from, to, WINDOW, limit];
            let rows = self.fetch("look for the newest in quarantine", sql, values).await?;
            found.extend(rows.iter().map(|row| row.int(0)));
        }
        if (found.len() as i64) < limit {
            let sql = "select artifact from disposition where state = 'quarantined' limit $1";
            let rows = self.fetch("look for any in quarantine", sql, values![limit]).await?;
            found.extend(rows.iter().map(|row| row.int(0)));
        }
        let mut files = self.quarantined_among(&found.into_iter().collect::<Vec<_>>()).await?;
        files.sort_by(|a, b| (b.received_ms, &a.name).cmp(&(a.received_ms, &b.name)));
        files.truncate(usize::try_from(limit).unwrap_or(0));
        Ok(files)
    }

    /// Those of some artifacts that are in quarantine, by name.
    pub async fn quarantined_among(&self, artifacts: &[i64]) -> Result<Vec<Quarantined>, StoreError> {
        let sql = format!(
            "select {QUARANTINED} from disposition d cross join artifact a \
             where d.artifact = any($1) and d.state = 'quarantined' and a.id = d.artifact order by a.name, a.id"
        );
        let rows = self.fetch("list what of these is in quarantine", &sql, vec![Value::Ints(artifacts.to_owned())]);
        Ok(rows.await?.iter().map(Quarantined::from_row).collect())
    }

    /// How many of some artifacts have each state, by (state, code).
    pub async fn dispositions_among(&self, artifacts: &[i64]) -> Result<BTreeMap<(String, String), i64>, StoreError> {
        let sql = "select state, code, count(*) from disposition where artifact = any($1) group by state, code";
        let rows = self.fetch("count the fates of these", sql, vec![Value::Ints(artifacts.to_owned())]).await?;
        Ok(rows.iter().map(|row| ((row.text(0).to_owned(), row.text(1).to_owned()), row.int(2))).collect())
    }
}
