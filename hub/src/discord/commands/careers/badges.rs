use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::{Legend, Question};

/// What the badges beside names mean
#[poise::command(
    prefix_command,
    slash_command,
    discard_spare_arguments,
    aliases("badge_legend", "achievements_legend")
)]
pub(in crate::discord::commands) async fn badges(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::question(ctx, Question::Legend(Legend::Badges)).await
}
