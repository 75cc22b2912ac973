//! A kept content that the disk damaged, made whole by the same file coming again.

use slomix_shared::artifact::ContentHash;

use crate::values;

use super::WriteTx;
use super::archive::{Arrival, unpack};
use super::sql::StoreError;

impl WriteTx {
    /// Puts the content of an arrival in the place of the one that is kept under its hash, if that is damaged; the
    /// answer tells whether it was. What the artifact is stays as it is, since the hash says what its content must be.
    pub async fn heal(&mut self, server: &str, arrival: &Arrival, packed: &[u8]) -> Result<bool, StoreError> {
        let artifact = arrival.artifact_id(server);
        let sql = "select content, size, hash from artifact where id = $1";
        let rows = self.fetch("look at a content", sql, values![artifact]).await?;
        let Some(row) = rows.first() else { return Ok(false) };
        let (kept, size, hash) = (row.bytes(0), row.int(1), row.bytes(2));
        let is_hash = |content: &[u8]| ContentHash::of(content).as_bytes()[..] == *hash;
        if kept == packed || unpack(kept, size).is_ok_and(|content| is_hash(&content)) || !is_hash(&arrival.content) {
            return Ok(false);
        }
        let sql = "update artifact set content = $2, size = $3 where id = $1";
        self.execute("heal a content", sql, values![artifact, packed, arrival.content.len() as i64]).await?;
        self.set_pending(artifact).await?;
        Ok(true)
    }
}
