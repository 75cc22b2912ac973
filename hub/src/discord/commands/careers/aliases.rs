use crate::discord::bot::{CommandError, Context, complete, reply, who};
use crate::reports::question::{PlayerView, Question};

/// The names a player has borne, with rounds and days
#[poise::command(prefix_command, slash_command, aliases("myaliases", "mynames"))]
pub(in crate::discord::commands) async fn aliases(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let Some(player) = who::player(ctx, player.as_deref()).await? else { return Ok(()) };
    reply::question(ctx, Question::Player { player: player.player, view: PlayerView::Aliases }).await
}
