use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// How much a player's rounds differ from one another
#[poise::command(prefix_command, slash_command, aliases("reliable", "variance"))]
pub(in crate::discord::commands) async fn consistency(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Consistency).await
}
