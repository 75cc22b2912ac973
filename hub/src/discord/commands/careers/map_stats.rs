use crate::discord::bot::{CommandError, Context, complete, reply, who};
use crate::reports::question::{PlayerView, Question};

/// On which maps a player does more, or less
#[poise::command(prefix_command, slash_command, aliases("mapstats"))]
pub(in crate::discord::commands) async fn map_stats(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let Some(player) = who::player(ctx, player.as_deref()).await? else { return Ok(()) };
    reply::question(ctx, Question::Player { player: player.player, view: PlayerView::Maps }).await
}
