use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// Milestones a player has reached, and what is missing
#[poise::command(prefix_command, slash_command, aliases("check_achivements", "check_achievement"))]
pub(in crate::discord::commands) async fn check_achievements(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Achievements).await
}
