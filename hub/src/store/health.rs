//! What `doctor` and a hub that serves ask of the database.

use crate::values;

use super::sql::StoreError;
use super::{Durability, Store};

impl Store {
    /// Writes something that changes nothing, to see whether that is possible, again or still.
    pub async fn try_writing(&self) -> Result<(), StoreError> {
        self.has_room().await?;
        let mut tx = self.begin(Durability::Full).await?;
        tx.execute("try to write", "update derivation set version = version", vec![]).await?;
        tx.commit().await
    }

    /// What SQLite finds wrong with its file, at most ten lines; nothing if it is sound. Goes through the whole file
    /// without looking at every index entry.
    pub async fn quick_check(&self) -> Result<Vec<String>, StoreError> {
        if self.path().is_none() {
            return Ok(Vec::new()); // a server looks after its own files
        }
        let rows = self.fetch("check the file", "pragma quick_check(10)", vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).filter(|line| line != "ok").collect())
    }

    /// Of the newest stats files that a server's agents shipped: the stamp in the name, in seconds, and when the host
    /// last wrote the file, Unix milliseconds.
    pub async fn stamps_and_times(&self, server: &str, limit: i64) -> Result<Vec<(i64, i64)>, StoreError> {
        let sql = "select a.stamp, r.modified_ms from artifact a join receipt r on r.artifact = a.id \
                   join batch b on b.id = r.batch \
                   where a.server = $1 and a.kind = 'stats' and a.stamp is not null and b.agent <> 'import' \
                   order by a.stamp desc limit $2";
        let rows = self.fetch("compare stamps and times", sql, values![server, limit]).await?;
        Ok(rows.iter().map(|row| (row.int(0), row.int(1))).collect())
    }

    /// From an agent's making a batch to its being kept, in milliseconds by two clocks, newest first.
    pub async fn batch_delays(&self, agent: &str, limit: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "select received_ms - created_ms from batch where agent = $1 order by id desc limit $2";
        let rows = self.fetch("compare clocks", sql, values![agent, limit]).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }
}
