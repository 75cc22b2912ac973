//! The one door through which messages leave for a chat, and the ways in which that fails.

use std::time::Duration;

use async_trait::async_trait;

use super::buttons::Button;
use super::embed::Embed;
use super::id::{ChannelId, MessageId};
use super::short_id::ShortId;

/// A chat that takes messages. Nobody is ever pinged through it.
#[async_trait]
pub trait ChatSink: Send + Sync {
    /// Writes a new message. Within a few minutes a second call with the same `nonce` gives the first one's message
    /// and writes nothing, whatever its embed says.
    async fn send(
        &self,
        channel: ChannelId,
        embed: &Embed,
        buttons: &[Button],
        nonce: &ShortId,
    ) -> Result<MessageId, SendError>;

    /// Replaces what a message shows, and the buttons under it.
    async fn edit(
        &self,
        channel: ChannelId,
        message: MessageId,
        embed: &Embed,
        buttons: &[Button],
    ) -> Result<(), SendError>;

    /// Looks for our own message whose footer ends with `id`: among the last 100 messages, and further back as long
    /// as they are younger than `since_ms` (Unix milliseconds UTC).
    async fn find_by_footer(
        &self,
        channel: ChannelId,
        id: &ShortId,
        since_ms: i64,
    ) -> Result<Option<MessageId>, SendError>;

    /// Our own messages with an embed among the last 500 of a channel, the newest first.
    async fn ours(&self, channel: ChannelId) -> Result<Vec<Ours>, SendError>;
}

/// A message of ours, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ours {
    /// Which.
    pub message: MessageId,
    /// The title of its embed, escaped as it was sent.
    pub title: String,
    /// The footer of its embed.
    pub footer: String,
    /// The time beside that, Unix milliseconds UTC.
    pub timestamp_ms: Option<i64>,
}

/// Why a message could not be written. The texts are for the admin and say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// The request was sent, its outcome is unknown.
    #[error("Discord gave no usable answer ({reason}); it is asked again")]
    Unanswered {
        /// What happened instead of an answer.
        reason: String,
    },
    /// The request never left.
    #[error("Discord cannot be reached ({reason}); it is tried again")]
    Unreachable {
        /// What stood in the way.
        reason: String,
    },
    /// Discord wants to be left alone for a while.
    #[error("Discord asks to wait {} s", after.as_secs_f64())]
    Busy {
        /// For how long.
        after: Duration,
    },
    /// The bot does not see the channel.
    #[error(
        "channel {channel} is unknown to Discord: check its id in the config, and that the bot was invited to that Discord server"
    )]
    UnknownChannel {
        /// The channel.
        channel: ChannelId,
    },
    /// The channel is there and takes no messages: a category, a forum.
    #[error("channel {channel} takes no messages: give the id of a text channel")]
    NoTextChannel {
        /// The channel.
        channel: ChannelId,
    },
    /// The bot may not do that in the channel.
    #[error(
        "the bot may not write in channel {channel} ({discord}): in the channel's settings give the bot's role View Channel, Send Messages, Embed Links, Attach Files and Read Message History"
    )]
    MissingPermission {
        /// The channel.
        channel: ChannelId,
        /// Discord's own words.
        discord: String,
    },
    /// Somebody deleted the message, or it is not ours.
    #[error("message {message} in channel {channel} is gone; it is not written again")]
    MessageGone {
        /// The channel.
        channel: ChannelId,
        /// The message.
        message: MessageId,
    },
    /// The token is wrong or was withdrawn.
    #[error(
        "Discord refuses the bot's token: make a new one in the developer portal (Bot, Reset Token), put it into the config and start again"
    )]
    TokenRefused,
    /// Discord refuses this one message.
    #[error("Discord refuses the message ({status}, code {code}: {discord}); it is not sent again")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Discord's error code.
        code: i64,
        /// Discord's own words.
        discord: String,
    },
}

/// How far a failure reaches, which decides what happens next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// The same may work later.
    Later {
        /// Discord's wish, where it has one.
        after: Option<Duration>,
        /// Whether the message may have been written all the same.
        perhaps_done: bool,
    },
    /// This message will never work.
    Message,
    /// Nothing works in this channel until somebody mends it.
    Channel,
    /// Nothing works at all until somebody mends it.
    Everything,
}

impl SendError {
    /// How far the failure reaches.
    pub fn reach(&self) -> Reach {
        match self {
            Self::Unanswered { .. } => Reach::Later { after: None, perhaps_done: true },
            Self::Unreachable { .. } => Reach::Later { after: None, perhaps_done: false },
            Self::Busy { after } => Reach::Later { after: Some(*after), perhaps_done: false },
            Self::MessageGone { .. } | Self::Refused { .. } => Reach::Message,
            Self::UnknownChannel { .. } | Self::NoTextChannel { .. } | Self::MissingPermission { .. } => Reach::Channel,
            Self::TokenRefused => Reach::Everything,
        }
    }
}
