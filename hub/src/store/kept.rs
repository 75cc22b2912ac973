//! What is kept and decided, table by table, as it lies: for backups and for checks of the archive.

use crate::values;

use super::Store;
use super::sql::StoreError;

impl Store {
    /// Whether this sender has ever sent a batch; `import` is the hub's own.
    pub async fn has_batch_of(&self, agent: &str) -> Result<bool, StoreError> {
        let sql = "select id from batch where agent = $1 order by id desc limit 1";
        Ok(!self.fetch("look for a sender", sql, values![agent]).await?.is_empty())
    }
}
