//! Discord as a [`ChatSink`], over serenity's HTTP calls.

use std::sync::Arc;

use async_trait::async_trait;
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateAllowedMentions, CreateButton, CreateEmbed, CreateEmbedFooter, CreateMessage,
    EditMessage, Http, Message, MessagePagination, Nonce, Timestamp, UserId,
};

use super::buttons::Button;
use super::embed::Embed;
use super::id::{ChannelId, MessageId};
use super::refusal::{self, About};
use super::short_id::ShortId;
use super::sink::{ChatSink, Ours, SendError};

/// Discord gives at most this many messages at once.
const PAGE: u8 = 100;
/// How many pages are read at most when a message is looked for.
const PAGES: usize = 5;
/// How far our clock may be ahead of Discord's.
const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Writes as one bot.
pub(super) struct DiscordSink {
    http: Arc<Http>,
    me: UserId,
}

impl DiscordSink {
    /// Writes through `http` as the user `me` that its token belongs to.
    pub(super) fn new(http: Arc<Http>, me: UserId) -> Self {
        Self { http, me }
    }

    fn is_ours(&self, message: &Message, id: &ShortId) -> bool {
        let footers = message.embeds.iter().filter_map(|embed| embed.footer.as_ref());
        message.author.id == self.me && footers.into_iter().any(|footer| id.is_in_footer(&footer.text))
    }

    fn as_ours(&self, message: &Message) -> Option<Ours> {
        let embed = message.embeds.first().filter(|_| message.author.id == self.me)?;
        Some(Ours {
            message: message.id.into(),
            title: embed.title.clone().unwrap_or_default(),
            footer: embed.footer.as_ref().map(|footer| footer.text.clone()).unwrap_or_default(),
            timestamp_ms: embed.timestamp.map(|at| at.unix_timestamp() * 1_000),
        })
    }

    /// The messages before one, or the last ones, the newest first. A page that is not full is the last.
    async fn page(
        &self,
        channel: ChannelId,
        before: Option<serenity::all::MessageId>,
    ) -> Result<Vec<Message>, SendError> {
        let before = before.map(MessagePagination::Before);
        let page = self.http.get_messages(channel.into(), before, Some(PAGE)).await;
        page.map_err(|error| refusal::read(&error, About::Channel(channel)))
    }
}

#[async_trait]
impl ChatSink for DiscordSink {
    async fn send(
        &self,
        channel: ChannelId,
        embed: &Embed,
        buttons: &[Button],
        nonce: &ShortId,
    ) -> Result<MessageId, SendError> {
        let message = CreateMessage::new()
            .embed(to_serenity(embed))
            .components(row(buttons))
            .allowed_mentions(nobody())
            .nonce(Nonce::String(nonce.to_string()))
            .enforce_nonce(true);
        let sent = serenity::all::ChannelId::from(channel).send_message(&self.http, message).await;
        sent.map(|message| message.id.into()).map_err(|error| refusal::read(&error, About::Channel(channel)))
    }

    async fn edit(
        &self,
        channel: ChannelId,
        message: MessageId,
        embed: &Embed,
        buttons: &[Button],
    ) -> Result<(), SendError> {
        let edit = EditMessage::new().embed(to_serenity(embed)).components(row(buttons)).allowed_mentions(nobody());
        let id = serenity::all::MessageId::from(message);
        let edited = serenity::all::ChannelId::from(channel).edit_message(&self.http, id, edit).await;
        edited.map(|_| ()).map_err(|error| refusal::read(&error, About::Message(channel, message)))
    }

    async fn find_by_footer(
        &self,
        channel: ChannelId,
        id: &ShortId,
        since_ms: i64,
    ) -> Result<Option<MessageId>, SendError> {
        let mut before = None;
        for _ in 0..PAGES {
            let page = self.page(channel, before).await?;
            if let Some(found) = page.iter().find(|message| self.is_ours(message, id)) {
                return Ok(Some(found.id.into()));
            }
            let oldest = page.iter().map(|message| message.id).min();
            let Some(oldest) = oldest.filter(|_| page.len() == usize::from(PAGE)) else { break };
            if oldest.created_at().unix_timestamp() * 1000 < since_ms - CLOCK_SKEW_MS {
                break;
            }
            before = Some(oldest);
        }
        Ok(None)
    }

    async fn ours(&self, channel: ChannelId) -> Result<Vec<Ours>, SendError> {
        let (mut ours, mut before) = (Vec::new(), None);
        for _ in 0..PAGES {
            let page = self.page(channel, before).await?;
            ours.extend(page.iter().filter_map(|message| self.as_ours(message)));
            before = page.iter().map(|message| message.id).min();
            if page.len() < usize::from(PAGE) {
                break;
            }
        }
        Ok(ours)
    }
}

/// Mentions that ping nobody, whatever the text holds.
pub(super) fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

/// Buttons in serenity's words, in one row; no row without any.
pub(super) fn row(buttons: &[Button]) -> Vec<CreateActionRow> {
    let button = |button: &Button| {
        CreateButton::new(&button.id).label(button.label).style(ButtonStyle::Secondary).disabled(button.off)
    };
    let buttons: Vec<CreateButton> = buttons.iter().map(button).collect();
    if buttons.is_empty() { Vec::new() } else { vec![CreateActionRow::Buttons(buttons)] }
}

/// Our embed in serenity's words.
pub(super) fn to_serenity(embed: &Embed) -> CreateEmbed {
    let mut made = CreateEmbed::new().title(&embed.title).colour(embed.colour);
    if !embed.description.is_empty() {
        made = made.description(&embed.description);
    }
    for field in &embed.fields {
        made = made.field(&field.name, &field.value, false);
    }
    if !embed.footer.is_empty() {
        made = made.footer(CreateEmbedFooter::new(&embed.footer));
    }
    if let Some(time) = embed.timestamp_ms.and_then(|ms| Timestamp::from_millis(ms).ok()) {
        made = made.timestamp(time);
    }
    made
}
