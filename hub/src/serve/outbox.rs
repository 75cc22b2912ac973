use async_trait::async_trait;
use slomix_shared::artifact::ContentHash;

use crate::discord::id::MessageId;
use crate::discord::outbox::{OutboxError, OutboxRow, OutboxStore, RowId, RowState};
use crate::store::posts::PostRow;
use crate::store::{Durability, Store, StoreError, WriteTx};

/// The outbox in the database. Every change is on the disk before Discord hears of the next step.
#[derive(Debug, Clone)]
pub struct StoreOutbox(pub Store);

fn failed(doing: String) -> impl FnOnce(StoreError) -> OutboxError {
    move |source| OutboxError { doing, source: source.into() }
}

/// One change of one row, as a transaction of its own.
macro_rules! change {
    ($self:ident, $doing:expr, $tx:ident => $change:expr) => {{
        let change = async {
            let mut $tx: WriteTx = $self.0.begin(Durability::Full).await?;
            $change.await?;
            $tx.commit().await
        };
        change.await.map_err(failed($doing))
    }};
}

#[async_trait]
impl OutboxStore for StoreOutbox {
    async fn heads(&self) -> Result<Vec<OutboxRow>, OutboxError> {
        let heads = async {
            let rows = self.0.post_heads().await?;
            rows.iter().map(row).collect::<Result<Vec<_>, _>>()
        };
        heads.await.map_err(failed("list what is to be sent".to_owned()))
    }

    async fn mark_sending(&self, row: RowId, now_ms: i64) -> Result<(), OutboxError> {
        change!(self, format!("mark row {} as on its way", row.0), tx => tx.post_sending(row.0, now_ms))
    }

    async fn mark_sent(&self, row: RowId, message: MessageId, shows: Option<ContentHash>) -> Result<(), OutboxError> {
        let (message, shows) = (message.to_string(), shows.as_ref().map(|hash| hash.as_bytes().as_slice()));
        change!(self, format!("mark row {} as sent", row.0), tx => tx.post_sent(row.0, &message, shows))
    }

    async fn mark_failed(
        &self,
        row: RowId,
        retry_at_ms: i64,
        perhaps_done: bool,
        reason: &str,
    ) -> Result<(), OutboxError> {
        let doing = format!("mark row {} to be tried again", row.0);
        change!(self, doing, tx => tx.post_failed(row.0, retry_at_ms, perhaps_done, reason))
    }

    async fn mark_skipped(&self, row: RowId, wanted: ContentHash) -> Result<(), OutboxError> {
        change!(self, format!("mark row {} as needing no post", row.0), tx => tx.post_skipped(row.0, wanted.as_bytes()))
    }

    async fn mark_dead(&self, row: RowId, reason: &str) -> Result<(), OutboxError> {
        change!(self, format!("give up row {}", row.0), tx => tx.post_dead(row.0, reason))
    }
}

fn row(row: &PostRow) -> Result<OutboxRow, StoreError> {
    let misfit = |what: &str| StoreError::Inconsistent { table: "post", what: format!("row {}: {what}", row.id) };
    let hash = |bytes: &[u8]| ContentHash::from_slice(bytes).ok_or_else(|| misfit("a hash has 32 bytes"));
    let message = row.message.as_deref().map(str::parse).transpose();
    Ok(OutboxRow {
        id: RowId(row.id),
        channel: row.channel.parse().map_err(|_| misfit(&format!("`{}` is no channel", row.channel)))?,
        anchor: row.anchor.to_string(),
        kind: row.kind.clone(),
        wanted: hash(&row.wanted)?,
        sent: row.sent.as_deref().map(hash).transpose()?,
        message: message.map_err(|error: crate::discord::id::NotAnId| misfit(&error.to_string()))?,
        state: match row.state.as_str() {
            "pending" => RowState::Pending,
            "sending" => RowState::Sending { since_ms: row.sending_since_ms },
            "sent" => RowState::Sent,
            "dead" => RowState::Dead,
            other => return Err(misfit(&format!("there is no state `{other}`"))),
        },
        attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
        retry_at_ms: row.retry_at_ms,
    })
}

#[cfg(test)]
mod tests;
