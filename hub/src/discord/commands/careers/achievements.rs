use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::{Legend, Question};

/// All milestones of a career
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("medals", "achievement"))]
pub(in crate::discord::commands) async fn achievements(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::question(ctx, Question::Legend(Legend::Milestones)).await
}
