//! What the disk damaged of a kept file, made whole by the same file coming again, or by another file that has the same
//! content.

use std::collections::BTreeSet;

use slomix_shared::artifact::ContentHash;

use crate::values;

use super::archive::{Arrival, HEAD_COLUMNS, artifact_row, unpack};
use super::damage::{Damage, Identity, judge};
use super::sql::{Row, StoreError, Value};
use super::{Durability, Store, WriteTx};

impl Store {
    /// A content, packed, that another artifact than this one has, and that is what its hash says.
    pub(super) async fn content_of_another(&self, artifact: i64, hash: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select content from artifact where hash = $1 and id <> $2";
        let others = self.fetch("look for a content elsewhere", sql, values![hash, artifact]).await?;
        Ok(others.iter().map(|row| row.bytes(0)).find(|packed| holds(packed, hash)).map(<[u8]>::to_owned))
    }

    /// Makes contents whole that are damaged and that another file has too; the answer is the files' names. They are
    /// derived again.
    pub async fn heal_contents(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select hash from artifact group by hash having count(*) > 1";
        let mut healed = Vec::new();
        for shared in self.fetch("look for contents of several files", sql, vec![]).await? {
            let hash = shared.bytes(0);
            let sql = format!("select {HEAD_COLUMNS}, a.content from artifact a where a.hash = $1");
            let rows = self.fetch("read the files with a content", &sql, values![hash]).await?;
            let damaged: Vec<&Row> = rows.iter().filter(|row| judge(row) == Some(Damage::Content)).collect();
            let Some(whole) = rows.iter().find(|row| holds(row.bytes(8), hash)).filter(|_| !damaged.is_empty()) else {
                continue;
            };
            let size = unpack(whole.bytes(8))?.len() as i64;
            let mut tx = self.begin(Durability::Full).await?;
            for row in damaged {
                let sql = "update artifact set content = $2, size = $3 where id = $1";
                tx.execute("heal a content", sql, values![row.int(0), whole.bytes(8), size]).await?;
                tx.set_pending(row.int(0)).await?;
                tx.heals();
                tracing::warn!("what was kept of {} was damaged; {} has the same content", row.text(3), whole.text(3));
                healed.push(row.text(3).to_owned());
            }
            tx.commit().await?;
        }
        Ok(healed)
    }
}

/// Whether a packed content has this hash.
fn holds(packed: &[u8], hash: &[u8]) -> bool {
    unpack(packed).is_ok_and(|content| ContentHash::of(&content).as_bytes()[..] == *hash)
}

impl WriteTx {
    /// Puts an arrival in the place of what is kept under its id, if that is damaged; the answer tells whether it was.
    pub async fn heal(&mut self, server: &str, arrival: &Arrival, packed: &[u8]) -> Result<bool, StoreError> {
        let artifact = arrival.artifact_id(server);
        let sql = format!("select {HEAD_COLUMNS}, a.content from artifact a where a.id = $1");
        let rows = self.fetch("look at a content", &sql, values![artifact]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let is_same = row.bytes(8) == packed && row.int(6) == arrival.content.len() as i64;
        if (is_same && Identity::of(row).damage().is_none()) || judge(row).is_none() {
            return Ok(false);
        }
        self.put_whole(server, artifact, arrival, packed).await?;
        Ok(true)
    }

    /// The same for those of some arrivals under whose id something else stands than their names and hashes: they
    /// would be taken for other files, and nothing that came with them could be kept. The answer is which ids are there.
    pub(super) async fn heal_names(
        &mut self,
        server: &str,
        ids: &[i64],
        arrivals: &[(Arrival, Vec<u8>)],
    ) -> Result<BTreeSet<i64>, StoreError> {
        let sql = format!("select {HEAD_COLUMNS} from artifact a where a.id = any($1)");
        let rows = self.fetch("look at the names of artifacts", &sql, vec![Value::Ints(ids.to_owned())]).await?;
        for row in &rows {
            // Another file that has the same id by right is nothing to be healed.
            if Identity::of(row).damage() != Some(Damage::Name) {
                continue;
            }
            let Some(at) = ids.iter().position(|id| *id == row.int(0)) else { continue };
            let (arrival, packed) = &arrivals[at];
            self.put_whole(server, ids[at], arrival, packed).await?;
            tracing::warn!("what was kept of {} was damaged; it came again and is whole now", arrival.name);
        }
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    /// Gives files that are kept under their names and hashes, and under ids that are not their own, their ids back;
    /// `there` are the ids that need none.
    pub(super) async fn heal_ids(
        &mut self,
        server: &str,
        ids: &[i64],
        arrivals: &[(Arrival, Vec<u8>)],
        there: &BTreeSet<i64>,
    ) -> Result<(), StoreError> {
        let sql =
            "update artifact set id = $1 where server = $2 and kind = $3 and name = $4 and hash = $5 and id <> $1";
        for (id, (arrival, _)) in ids.iter().zip(arrivals).filter(|(id, _)| !there.contains(id)) {
            let hash = arrival.hash.as_bytes().as_slice();
            let values = values![*id, server, arrival.kind.as_str(), arrival.name.as_str(), hash];
            if self.execute("heal an id", sql, values).await? > 0 {
                self.set_pending(*id).await?;
                self.heals();
                tracing::warn!("the id of {} was damaged; it came again and is whole now", arrival.name);
            }
        }
        Ok(())
    }

    async fn put_whole(
        &mut self,
        server: &str,
        artifact: i64,
        arrival: &Arrival,
        packed: &[u8],
    ) -> Result<(), StoreError> {
        let sql = "update artifact set server = $2, kind = $3, name = $4, hash = $5, size = $6, stamp = $7, \
                   round_number = $8, content = $9 where id = $1";
        self.execute("heal an artifact", sql, artifact_row(artifact, server, arrival, packed)).await?;
        self.heals();
        self.set_pending(artifact).await
    }
}
