//! Answers to commands.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use poise::CreateReply;
use serenity::all::{CreateAttachment, CreateEmbed};
use tokio::sync::watch;
use tokio::time::sleep;

use super::{CommandError, Context, Data, pages, who};
use crate::discord::causes::causes;
use crate::discord::embed::{self, Embed};
use crate::discord::operations::{By, Order};
use crate::discord::{escape, rest};
use crate::reports::answer::{Answer, Picture, Sheet, Shown};
use crate::reports::post::Post;
use crate::reports::question::{PlayerView, Question};

/// Work that takes longer than this shows that somebody is typing. Sooner it would only outlive the answer.
const SHOW_TYPING_AFTER: Duration = Duration::from_millis(300);

/// How often it is told how far an order is: edits are limited.
const TELL_PROGRESS_EVERY: Duration = Duration::from_secs(2);

/// Tells Discord that an answer comes: it waits three seconds for a slash command's first word and no longer.
pub(in crate::discord) async fn think(ctx: Context<'_>) -> Result<(), CommandError> {
    Ok(ctx.defer().await?)
}

/// Answers a question.
pub(in crate::discord) async fn question(ctx: Context<'_>, question: Question) -> Result<(), CommandError> {
    let answered: Arc<Answer> = working(ctx, ctx.data().reports.answer(&question)).await?;
    answer(ctx, &answered).await
}

/// Answers a question about the player that a text means, or about whoever asks. Where nobody said which of several
/// players that is, it ends there.
pub(in crate::discord) async fn career(
    ctx: Context<'_>,
    player: Option<&str>,
    view: PlayerView,
) -> Result<(), CommandError> {
    think(ctx).await?;
    let Some(player) = who::player(ctx, player).await? else { return Ok(()) };
    question(ctx, Question::Player { player: player.player, view }).await
}

/// Has the hub carry an order out, and tells what came of it.
pub(in crate::discord) async fn order(ctx: Context<'_>, order: Order) -> Result<(), CommandError> {
    let author = ctx.author();
    let by = By { user: author.id.into(), name: author.name.clone() };
    tracing::info!(user = %author.id, ?order, "Discord: {} gives an order", author.name);
    think(ctx).await?;
    let (steps, stepped) = watch::channel(String::new());
    let tell = move |step: String| drop(steps.send_replace(step));
    let mut work = std::pin::pin!(ctx.data().operations.carry_out(&order, &by, &tell));
    let mut shown = None;
    let done = loop {
        tokio::select! {
            done = &mut work => break done?,
            () = sleep(TELL_PROGRESS_EVERY) => show_progress(ctx, &mut shown, &stepped).await?,
        }
    };
    match shown {
        None => answer(ctx, &done).await,
        // What told how far it was tells what came of it.
        Some((told, _)) => {
            let embeds = done.sheets.iter().map(|sheet| rest::to_serenity(&embed::lay_out(&sheet.post, None)));
            let reply = CreateReply::default().content("").allowed_mentions(rest::nobody());
            Ok(told.edit(ctx, embeds.take(1).fold(reply, CreateReply::embed)).await?)
        }
    }
}

/// Says how far an order is, in one message that changes.
async fn show_progress<'a>(
    ctx: Context<'a>,
    shown: &mut Option<(poise::ReplyHandle<'a>, String)>,
    stepped: &watch::Receiver<String>,
) -> Result<(), CommandError> {
    let step = stepped.borrow().clone();
    if step.is_empty() {
        return Ok(());
    }
    let reply = CreateReply::default().content(escape::markdown_within(&step, 1_900)).allowed_mentions(rest::nobody());
    match shown {
        Some((_, last)) if *last == step => {}
        Some((told, last)) => {
            told.edit(ctx, reply).await?;
            *last = step;
        }
        None => *shown = Some((ctx.send(reply).await?, step)),
    }
    Ok(())
}

/// Does the work of a command. A slash command is acknowledged first.
async fn working<T, E>(ctx: Context<'_>, work: impl Future<Output = Result<T, E>>) -> Result<T, CommandError>
where
    CommandError: From<E>,
{
    think(ctx).await?;
    let mut work = std::pin::pin!(work);
    let done = tokio::select! {
        done = &mut work => done,
        () = sleep(SHOW_TYPING_AFTER) => {
            let _typing = match ctx {
                Context::Prefix(ctx) => Some(ctx.msg.channel_id.start_typing(&ctx.serenity_context().http)),
                Context::Application(_) => None,
            };
            work.await
        }
    };
    Ok(done?)
}

/// Sends an answer.
async fn answer(ctx: Context<'_>, answer: &Answer) -> Result<(), CommandError> {
    match answer.shown {
        Shown::BySheet => {
            pages::turn(ctx, &answer.sheets).await?;
        }
        Shown::Together => {
            for sheets in answer.sheets.chunk_by(|one, next| one.picture.is_none() && next.picture.is_none()) {
                match sheets {
                    [Sheet { post, picture: Some(picture) }] => with_picture(ctx, post, picture).await?,
                    sheets => send(ctx, sheets.iter().map(|sheet| embed::lay_out(&sheet.post, None)).collect()).await?,
                }
            }
        }
    }
    if !answer.files.is_empty() {
        let files = answer.files.iter().map(|file| CreateAttachment::bytes(file.text.as_bytes(), &file.name));
        let reply = CreateReply::default().allowed_mentions(rest::nobody());
        ctx.send(files.fold(reply, CreateReply::attachment)).await?;
    }
    Ok(())
}

/// Sends a post with its picture.
async fn with_picture(ctx: Context<'_>, post: &Post, picture: &Arc<Picture>) -> Result<(), CommandError> {
    let (embed, drawn) = dressed(ctx.data(), post, Some(picture)).await;
    let reply = CreateReply::default().allowed_mentions(rest::nobody()).embed(embed);
    ctx.send(drawn.into_iter().fold(reply, CreateReply::attachment)).await?;
    Ok(())
}

/// A post as an embed, and the picture that stands in it. A picture that cannot be drawn costs only itself.
pub(super) async fn dressed(
    data: &Data,
    post: &Post,
    picture: Option<&Arc<Picture>>,
) -> (CreateEmbed, Option<CreateAttachment>) {
    let embed = rest::to_serenity(&embed::lay_out(post, None));
    let Some(picture) = picture else { return (embed, None) };
    match data.pictures.png(picture).await {
        Ok(png) => {
            let name = format!("{}.png", picture.name);
            (embed.attachment(&name), Some(CreateAttachment::bytes(png.to_vec(), name)))
        }
        Err(error) => {
            tracing::error!("the picture {} is left out: {error}{}", picture.name, causes(&error));
            (embed, None)
        }
    }
}

/// Sends posts, as many in one message as Discord takes.
pub(in crate::discord) async fn posts(ctx: Context<'_>, posts: &[Post]) -> Result<(), CommandError> {
    send(ctx, posts.iter().map(|post| embed::lay_out(post, None)).collect()).await
}

async fn send(ctx: Context<'_>, embeds: Vec<Embed>) -> Result<(), CommandError> {
    for message in embed::into_messages(embeds) {
        let reply = CreateReply::default().allowed_mentions(rest::nobody());
        ctx.send(message.iter().map(rest::to_serenity).fold(reply, CreateReply::embed)).await?;
    }
    Ok(())
}

/// A line that only the user sees where Discord can do that.
pub(super) fn whisper(text: &str) -> CreateReply {
    CreateReply::default().content(text).ephemeral(true).allowed_mentions(rest::nobody())
}
