//! Answers to commands.

use std::future::Future;
use std::time::Duration;

use poise::CreateReply;
use tokio::time::sleep;

use super::{CommandError, Context};
use crate::discord::{embed, rest};
use crate::reports::post::Post;

/// Work that takes longer than this shows that somebody is typing. Sooner it would only outlive the answer.
const SHOW_TYPING_AFTER: Duration = Duration::from_millis(300);

/// Does the work of a command. A slash command is acknowledged first, since Discord waits three seconds for that and
/// no longer.
pub(in crate::discord) async fn working<T, E>(
    ctx: Context<'_>,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, CommandError>
where
    CommandError: From<E>,
{
    ctx.defer().await?;
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

/// Sends posts, as many in one message as Discord takes.
pub(in crate::discord) async fn posts(ctx: Context<'_>, posts: &[Post]) -> Result<(), CommandError> {
    let embeds = posts.iter().map(|post| embed::lay_out(post, None)).collect();
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
