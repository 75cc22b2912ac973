use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::Question;

/// All teams with names, and how they fared
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn team_history(
    ctx: Context<'_>,
    #[description = "Over so many days; 30 without a number"] days: Option<u16>,
) -> Result<(), CommandError> {
    reply::question(ctx, Question::TeamHistory { days: days.unwrap_or(30) }).await
}
