use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// On which maps a player does more, or less
#[poise::command(prefix_command, slash_command, aliases("mapstats"))]
pub(in crate::discord::commands) async fn map_stats(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Maps).await
}
