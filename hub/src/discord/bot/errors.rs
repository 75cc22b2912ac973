//! What people read when a command goes wrong, and what the log reads.
//!
//! People get words and a short id, never an error's own text; the log has both.

use std::time::Duration;

use poise::FrameworkError;
use tokio::time::sleep;

use super::reply::whisper;
use super::{CommandError, Context, Data, PREFIX, usage};
use crate::discord::causes::causes;
use crate::discord::escape;
use crate::discord::short_id::ShortId;
use crate::reports::ReportError;

/// How long a "too fast" stays in a channel.
const TOO_FAST_STAYS: Duration = Duration::from_secs(5);

/// What nothing can be told about is repeated to whoever typed it, but never at length. Discord takes 2000.
const LONGEST: usize = 600;

/// How alike a mistyped command must be to be taken for a known one (Jaro-Winkler, 1 is equal).
const ALIKE: f64 = 0.8;

/// Answers whatever went wrong.
pub(super) async fn answer(error: FrameworkError<'_, Data, CommandError>) {
    if error.ctx().is_some_and(super::is_typing) {
        // Nothing can be said to somebody who is still typing; he hears it when he is done.
        return;
    }
    let answered = match error {
        FrameworkError::Command { error: CommandError::Report(ReportError::Nothing(text)), ctx, .. } => {
            ctx.send(whisper(&escape::markdown_within(&text, LONGEST))).await.map(drop)
        }
        FrameworkError::CommandStructureMismatch { description, ctx, .. } => {
            let ctx = Context::Application(ctx);
            let id = note(ctx);
            tracing::warn!(%id, "Discord command {} came in another form, error {id}: {description}", ctx.command().qualified_name);
            let text = format!("Discord still shows an old form of this command: try again in a minute. Error `{id}`.");
            ctx.send(whisper(&text)).await.map(drop)
        }
        FrameworkError::CommandPanic { payload, ctx, .. } => panicked(ctx, payload.as_deref()).await,
        FrameworkError::CommandCheckFailed { error: None, ctx, .. } => not_here(ctx).await,
        FrameworkError::CommandCheckFailed { error: Some(CommandError::TooFast(remaining)), ctx, .. } => {
            too_fast(ctx, remaining).await
        }
        FrameworkError::CommandCheckFailed { error: Some(CommandError::NotAllowed(tier)), ctx, .. } => {
            ctx.send(whisper(&format!("That is for the {tier} of the hub."))).await.map(drop)
        }
        FrameworkError::Command { error, ctx, .. }
        | FrameworkError::CommandCheckFailed { error: Some(error), ctx, .. } => failed(ctx, &error).await,
        FrameworkError::UnknownCommand { msg, content_start, framework, .. } => {
            let typed = msg.content[usize::from(content_start)..].split_whitespace().next().unwrap_or_default();
            unknown(framework, msg, typed).await
        }
        FrameworkError::ArgumentParse { ctx, .. } | FrameworkError::SubcommandRequired { ctx } => {
            ctx.send(whisper(&usage(ctx))).await.map(drop)
        }
        other => {
            tracing::warn!("Discord command: {other}");
            Ok(())
        }
    };
    if let Err(error) = answered {
        tracing::warn!("an answer did not reach Discord: {error}");
    }
}

/// How the command is used.
fn usage(ctx: Context<'_>) -> String {
    let command = ctx.command();
    if command.subcommands.is_empty() {
        format!("It goes like this: `{PREFIX}{}{}`", command.name, usage::arguments(command))
    } else {
        format!("Say what of it: `{PREFIX}help {}` lists its commands.", command.name)
    }
}

async fn failed(ctx: Context<'_>, error: &CommandError) -> Result<(), serenity::Error> {
    let id = note(ctx);
    tracing::error!(%id, "Discord command {} failed, error {id}: {error}{}", ctx.command().qualified_name, causes(error));
    apologise(ctx, &id).await
}

async fn panicked(ctx: Context<'_>, payload: Option<&str>) -> Result<(), serenity::Error> {
    let id = note(ctx);
    let command = &ctx.command().qualified_name;
    tracing::error!(%id, "Discord command {command} panicked, error {id}: {}", payload.unwrap_or("no message"));
    apologise(ctx, &id).await
}

fn note(ctx: Context<'_>) -> ShortId {
    ctx.data().health.counts.command_errors();
    ShortId::of_error(ctx.id())
}

async fn apologise(ctx: Context<'_>, id: &ShortId) -> Result<(), serenity::Error> {
    ctx.send(whisper(&sorry(id))).await.map(drop)
}

/// What people read where something failed that the log tells under an id.
pub(super) fn sorry(id: &ShortId) -> String {
    format!("That did not work. The hub's log knows why, under error `{id}`.")
}

/// What people read who have to wait.
pub(super) fn slow_down(remaining: Duration) -> String {
    format!("Slow down: again in {:.1} s.", remaining.as_secs_f64())
}

async fn too_fast(ctx: Context<'_>, remaining: Duration) -> Result<(), serenity::Error> {
    // Said once: a channel has room for few messages, and posts need it.
    if matches!(ctx, Context::Prefix(_)) && !ctx.data().cooldowns.is_first_refusal(ctx) {
        return Ok(());
    }
    let reply = ctx.send(whisper(&slow_down(remaining))).await?;
    if let Context::Prefix(_) = ctx {
        sleep(TOO_FAST_STAYS).await;
        reply.delete(ctx).await?;
    }
    Ok(())
}

async fn not_here(ctx: Context<'_>) -> Result<(), serenity::Error> {
    if let Context::Prefix(_) = ctx {
        return Ok(());
    }
    let settings = &ctx.data().settings;
    let place = settings.command_channels.first().copied().or(settings.channel);
    let text =
        place.map_or("Not here.".to_owned(), |channel| format!("Not here: commands are answered in <#{channel}>."));
    ctx.send(whisper(&text)).await.map(drop)
}

/// Other bots may share the prefix, so only a channel that was given to commands hears about unknown ones.
async fn unknown(
    framework: poise::FrameworkContext<'_, Data, CommandError>,
    msg: &serenity::all::Message,
    typed: &str,
) -> Result<(), serenity::Error> {
    let channels = &framework.user_data.settings.command_channels;
    if !channels.contains(&msg.channel_id.into()) {
        return Ok(());
    }
    if !typed.starts_with(char::is_alphabetic) {
        return Ok(());
    }
    let text = match nearest(framework.options.commands.iter().map(|command| command.name.as_ref()), typed) {
        Some(known) => format!("No such command; perhaps `{PREFIX}{known}`?"),
        None => format!("No such command; `{PREFIX}help` lists all."),
    };
    let message = serenity::all::CreateMessage::new().content(text).allowed_mentions(crate::discord::rest::nobody());
    msg.channel_id.send_message(&framework.serenity_context.http, message).await.map(drop)
}

fn nearest<'a>(known: impl Iterator<Item = &'a str>, typed: &str) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let likeness = |name: &str| strsim::jaro_winkler(name, &typed);
    known.filter(|name| likeness(name) >= ALIKE).max_by(|a, b| likeness(a).total_cmp(&likeness(b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_misses_are_guessed() {
        let known = ["last_session", "leaderboard"];
        assert_eq!(nearest(known.into_iter(), "Last_sesion"), Some("last_session"));
        assert_eq!(nearest(known.into_iter(), "play"), None);
    }
}
