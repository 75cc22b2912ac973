use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::Question;

/// The gaming sessions of a month, or the latest: when, score, maps, players
#[poise::command(prefix_command, slash_command, aliases("sessions", "list_sessions", "ls"))]
pub(in crate::discord::commands) async fn rounds(
    ctx: Context<'_>,
    #[description = "A month as in 11, november or 2026-11; the latest without one"]
    #[rest]
    month: Option<String>,
) -> Result<(), CommandError> {
    reply::question(ctx, Question::Sessions { month }).await
}
