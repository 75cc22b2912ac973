use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::Question;

/// The season: how long it goes on, and who leads it
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("season", "seasons"))]
pub(in crate::discord::commands) async fn season_info(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::question(ctx, Question::Season).await
}
