//! The bot behind the commands: poise's framework on serenity's gateway.
//!
//! Commands come as text with the prefix `!` and as slash commands. Where commands do not belong, the bot stays
//! silent; only a slash command gets an answer there, which Discord shows to its user alone, since without one it
//! would tell that user that the bot is broken.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use serenity::Client;
use serenity::all::{ClientBuilder, GatewayIntents, Http, ShardId, ShardManager};
use tokio::time::sleep;

use super::config::DiscordSettings;
use super::health::Health;
use super::id::{ChannelId, UserId};
use super::operations::Operations;
use super::preflight::Found;
use super::tier::Tier;
use crate::reports::{ReportError, Reports};

mod choice;
pub(super) mod complete;
mod cooldowns;
mod errors;
mod events;
mod pages;
pub(super) mod permission;
mod pictures;
mod presses;
mod registration;
pub(super) mod reply;
pub(super) mod rule;
pub(super) mod usage;
pub(super) mod who;

use cooldowns::Cooldowns;
use pictures::Pictures;

/// What text commands begin with.
const PREFIX: &str = "!";

/// How often it is checked that the gateway's connection still exists.
const CONNECTION_CHECK: Duration = Duration::from_secs(5);

/// What every command can use.
pub(super) struct Data {
    settings: DiscordSettings,
    pub(super) reports: Arc<dyn Reports>,
    pub(super) operations: Arc<dyn Operations>,
    health: Arc<Health>,
    cooldowns: Cooldowns,
    pictures: Pictures,
    /// When it began to answer, Unix milliseconds.
    since_ms: i64,
}

/// A command as poise knows it.
pub(super) type Command = poise::Command<Data, CommandError>;

/// What a command is given.
pub(super) type Context<'a> = poise::Context<'a, Data, CommandError>;

/// Why a command has no good answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    #[error(transparent)]
    Report(#[from] ReportError),
    #[error("Discord did not take the answer")]
    Answer(#[from] serenity::Error),
    #[error("this is for the {0} of the hub")]
    NotAllowed(Tier),
    #[error("too fast")]
    TooFast(Duration),
}

impl Data {
    pub(super) fn new(
        settings: &DiscordSettings,
        reports: Arc<dyn Reports>,
        operations: Arc<dyn Operations>,
        health: Arc<Health>,
        since_ms: i64,
    ) -> Self {
        Self {
            settings: settings.clone(),
            reports,
            operations,
            health,
            cooldowns: Cooldowns::default(),
            pictures: Pictures::default(),
            since_ms,
        }
    }

    /// Whether somebody is the one whom the configuration names.
    pub(super) fn is_owner(&self, user: UserId) -> bool {
        self.settings.owner == Some(user)
    }

    fn answers_in(&self, channel: serenity::all::ChannelId, tier: Tier) -> bool {
        self.settings.answers_in(ChannelId::from(channel), tier)
    }
}

/// A client that is ready to be started, and answers these commands.
pub(super) async fn client(
    http: Http,
    found: &Found,
    data: Data,
    commands: Vec<Command>,
) -> Result<Client, serenity::Error> {
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::MESSAGE_CONTENT;
    let events = events::Events::new(data.settings.channel, Arc::clone(&data.health));
    let options = poise::FrameworkOptions {
        commands,
        prefix_options: poise::PrefixFrameworkOptions {
            prefix: Some(PREFIX.into()),
            mention_as_prefix: false,
            case_insensitive_commands: true,
            ignore_bots: true,
            ..Default::default()
        },
        command_check: Some(|ctx| Box::pin(check(ctx))),
        manual_cooldowns: true,
        event_handler: |framework, event| {
            Box::pin(async move {
                presses::answer(framework.serenity_context, event, framework.user_data).await;
                Ok(())
            })
        },
        pre_command: |ctx| Box::pin(async move { note(ctx) }),
        on_error: |error| Box::pin(errors::answer(error)),
        allowed_mentions: Some(super::rest::nobody()),
        ..Default::default()
    };
    let framework = poise::Framework::builder()
        .options(options)
        .initialize_owners(false)
        .setup(|ctx, _, framework| {
            let commands = poise::builtins::create_application_commands(&framework.options().commands);
            tokio::spawn(registration::register(Arc::clone(&ctx.http), commands));
            Box::pin(async move { Ok(data) })
        })
        .build();
    let client = ClientBuilder::new_with_http(http, intents).framework(framework).event_handler(events).await?;
    // serenity asks for the address itself, and where that fails takes a built-in one without a word
    found.gateway.clone_into(&mut *client.ws_url.lock().await);
    Ok(client)
}

/// Whether a command is answered, here, for this user, now.
async fn check(ctx: Context<'_>) -> Result<bool, CommandError> {
    if !permission::check(ctx).await? {
        return Ok(false);
    }
    match ctx.data().cooldowns.remaining(ctx) {
        Some(remaining) if !is_typing(ctx) => Err(CommandError::TooFast(remaining)),
        _ => Ok(true),
    }
}

/// Whether a slash command is still being typed.
fn is_typing(ctx: Context<'_>) -> bool {
    matches!(ctx, Context::Application(ctx) if ctx.interaction_type == poise::CommandInteractionType::Autocomplete)
}

fn note(ctx: Context<'_>) {
    ctx.data().cooldowns.note(ctx);
    ctx.data().health.counts.commands();
    let (command, user, channel) = (&ctx.command().qualified_name, ctx.author().id, ctx.channel_id());
    tracing::info!(%user, %channel, "Discord command {command} by {user} in channel {channel}");
}

/// Notices when the gateway's connection is gone for longer: serenity tells of connections made, not of those lost.
pub(super) async fn watch_connection(shards: &ShardManager, health: &Health) -> Infallible {
    let mut stood = false;
    loop {
        sleep(CONNECTION_CHECK).await;
        let stands = shards.has(ShardId(0)).await;
        if stood && !stands {
            health.reconnecting();
        }
        stood = stands;
    }
}
