use crate::discord::bot::{CommandError, Context, reply};

/// The latest gaming session: score, maps and players
#[poise::command(
    prefix_command,
    slash_command,
    guild_only,
    discard_spare_arguments,
    aliases("last", "latest", "recent", "last_round"),
    user_cooldown = 5
)]
pub(super) async fn last_session(ctx: Context<'_>) -> Result<(), CommandError> {
    let posts = reply::working(ctx, ctx.data().reports.last_session()).await?;
    reply::posts(ctx, &posts).await
}
