//! Which version of the deriving code made the derived rows.

use crate::values;

use super::sql::StoreError;
use super::{Durability, Store};

impl Store {
    /// Makes the derived rows those of this version of the deriving code: if another one made them, every artifact is
    /// queued to be derived anew, in the background and block by block. The answer tells whether that was so.
    pub async fn expect_derivation(&self, version: i64) -> Result<bool, StoreError> {
        let sql = "select version from derivation where id = 1";
        let rows = self.fetch("read the version of the derived rows", sql, vec![]).await?;
        if rows.first().is_some_and(|row| row.int(0) == version) {
            return Ok(false);
        }
        let mut tx = self.begin(Durability::Full).await?;
        tx.queue_all().await?;
        let note = "insert into derivation (id, version) values (1, $1) \
                    on conflict (id) do update set version = excluded.version";
        tx.execute("note the version of the derived rows", note, values![version]).await?;
        tx.commit().await?;
        Ok(true)
    }
}
