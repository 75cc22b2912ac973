use slomix_shared::artifact::ContentHash;

use crate::discord::id::{ChannelId, MessageId};
use crate::discord::short_id::ShortId;

/// The place of a row in the outbox: rows of a channel are sent in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub i64);

/// What one channel should show about one anchor, and how far that has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// The row's place in the order.
    pub id: RowId,
    /// Where it is shown.
    pub channel: ChannelId,
    /// What it is about: the artifact that the post is anchored to.
    pub anchor: String,
    /// Which kind of post it is, such as `round`.
    pub kind: String,
    /// Identifies the content that should be shown.
    pub wanted: ContentHash,
    /// Identifies the content that is shown; `None` where nothing is shown or it is not known what.
    pub sent: Option<ContentHash>,
    /// The message that shows it.
    pub message: Option<MessageId>,
    /// How far it has come.
    pub state: RowState,
    /// Attempts since the last success.
    pub attempts: u32,
    /// Not before this time, Unix milliseconds UTC; 0 for at once.
    pub retry_at_ms: i64,
}

/// How far a row has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowState {
    /// Known not to be on its way.
    Pending,
    /// Discord was asked and the outcome is not known.
    Sending {
        /// When it was asked first, Unix milliseconds UTC.
        since_ms: i64,
    },
    /// Sent, or edited, at least once. There is something to do again when `wanted` differs from `sent`.
    Sent,
    /// Given up.
    Dead,
}

impl OutboxRow {
    /// The id in the footer of the row's message.
    pub fn short_id(&self) -> ShortId {
        ShortId::of_post(self.channel, &self.anchor, &self.kind)
    }

    /// Whether there is something to send.
    pub fn is_open(&self) -> bool {
        match self.state {
            RowState::Pending | RowState::Sending { .. } => true,
            RowState::Sent => self.sent != Some(self.wanted),
            RowState::Dead => false,
        }
    }
}
