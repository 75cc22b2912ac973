//! How an artifact came: enough to verify it again years later.

use crate::values;

use super::Store;
use super::sql::StoreError;

/// One arrival of an artifact, with the signed envelope that it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The batch's number here.
    pub batch: i64,
    /// The agent's id, or `import`.
    pub agent: String,
    /// The agent's start.
    pub boot: String,
    /// The batch's number within the start.
    pub sequence: i64,
    /// When the sender made it, Unix milliseconds by its clock.
    pub created_ms: i64,
    /// When it was kept, Unix milliseconds.
    pub received_ms: i64,
    /// When the game server last wrote the file, Unix milliseconds by its host's clock.
    pub modified_ms: i64,
    /// When the agent saw it closed, Unix microseconds.
    pub closed_us: Option<i64>,
    /// What the agent's rules said: `none`, `accept`, `suspect` or `reject`.
    pub verdict: String,
    /// The rules that spoke, separated by commas.
    pub rules: String,
    /// Header and manifest, verbatim as signed.
    pub head: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Store {
    /// Every arrival of an artifact, in the order in which they were kept.
    pub async fn receipts(&self, artifact: i64) -> Result<Vec<Receipt>, StoreError> {
        let sql = "select b.id, b.agent, b.boot, b.sequence, b.created_ms, b.received_ms, r.modified_ms, r.closed_us, \
                          r.verdict, r.rules, b.head, b.signature \
                   from receipt r join batch b on b.id = r.batch where r.artifact = $1 order by b.id";
        let rows = self.fetch("read receipts", sql, values![artifact]).await?;
        Ok(rows
            .iter()
            .map(|row| Receipt {
                batch: row.int(0),
                agent: row.text(1).to_owned(),
                boot: row.text(2).to_owned(),
                sequence: row.int(3),
                created_ms: row.int(4),
                received_ms: row.int(5),
                modified_ms: row.int(6),
                closed_us: row.maybe_int(7),
                verdict: row.text(8).to_owned(),
                rules: row.text(9).to_owned(),
                head: row.bytes(10).to_owned(),
                signature: row.bytes(11).to_owned(),
            })
            .collect())
    }
}
