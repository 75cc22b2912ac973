use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// A player's career: numbers, weapons, last rounds
#[poise::command(prefix_command, slash_command)]
pub(super) async fn stats(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Stats).await
}
