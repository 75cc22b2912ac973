use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// Whether a player does less as an evening goes on
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn fatigue(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Fatigue).await
}
