use std::error::Error;

use async_trait::async_trait;
use slomix_shared::artifact::ContentHash;

use super::{OutboxRow, RowId};
use crate::discord::id::MessageId;
use crate::reports::post::Post;

/// Where the rows of the outbox are kept. Whoever writes a row sets `wanted`; all else is the runner's.
#[async_trait]
pub trait OutboxStore: Send + Sync {
    /// For each channel the open row ([`OutboxRow::is_open`]) with the lowest id, its time come or not.
    async fn heads(&self) -> Result<Vec<OutboxRow>, OutboxError>;

    /// Discord is about to be asked: `Pending` or `Sent` becomes `Sending` since `now_ms`, while a row that is
    /// `Sending` already keeps its time. Counts an attempt. Returns only once that is durable.
    async fn mark_sending(&self, row: RowId, now_ms: i64) -> Result<(), OutboxError>;

    /// Discord has the message: the row is `Sent`, its attempts and wait start anew. `shows` is what the message is
    /// known to show; with `None` the row stays open and is edited.
    async fn mark_sent(&self, row: RowId, message: MessageId, shows: Option<ContentHash>) -> Result<(), OutboxError>;

    /// It did not work and is tried again, not before `retry_at_ms`. The row goes back to `Pending`, or to `Sent`
    /// where it has a message; with `perhaps_done` it stays `Sending`.
    async fn mark_failed(
        &self,
        row: RowId,
        retry_at_ms: i64,
        perhaps_done: bool,
        reason: &str,
    ) -> Result<(), OutboxError>;

    /// There is nothing to show for what is `wanted` now: the row is `Sent` with it, without a message if it had none.
    async fn mark_skipped(&self, row: RowId, wanted: ContentHash) -> Result<(), OutboxError>;

    /// The row is given up for `reason`.
    async fn mark_dead(&self, row: RowId, reason: &str) -> Result<(), OutboxError>;
}

/// Makes the text of a row at the moment it is sent.
#[async_trait]
pub trait Renderer: Send + Sync {
    /// What the row's message should show now, at least as new as the row's `wanted`. `None`: there is nothing to
    /// post (it vanished before it was ever posted, or it is too old to announce).
    async fn render(&self, row: &OutboxRow) -> Result<Option<Post>, RenderError>;
}

/// The store of the outbox failed.
#[derive(Debug, thiserror::Error)]
#[error("the outbox could not {doing}")]
pub struct OutboxError {
    /// What was tried, such as `mark row 7 as sent`.
    pub doing: String,
    /// Why it failed.
    #[source]
    pub source: Box<dyn Error + Send + Sync>,
}

/// The text of a row could not be made; it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the post could not be rendered")]
pub struct RenderError(#[source] pub Box<dyn Error + Send + Sync>);
