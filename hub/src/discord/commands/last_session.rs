use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::{Question, SessionView};

/// The latest gaming session: score, maps and players
#[poise::command(
    prefix_command,
    slash_command,
    discard_spare_arguments,
    aliases("last", "latest", "recent", "last_round")
)]
pub(super) async fn last_session(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::question(ctx, Question::Session { session: "last".to_owned(), view: SessionView::Overview }).await
}
