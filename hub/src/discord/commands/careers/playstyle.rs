use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// Whether a player does more in attack or in defence
#[poise::command(prefix_command, slash_command, aliases("style", "role"))]
pub(in crate::discord::commands) async fn playstyle(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Sides).await
}
