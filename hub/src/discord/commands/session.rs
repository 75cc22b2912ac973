use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::{Question, SessionView};

/// A gaming session: score, maps and players
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("match", "game"))]
pub(super) async fn session(
    ctx: Context<'_>,
    #[description = "A date such as 2026-11-09, a handle such as 2026-11-09b, or last"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
) -> Result<(), CommandError> {
    let session = session.unwrap_or_else(|| "last".to_owned());
    reply::question(ctx, Question::Session { session, view: SessionView::Overview }).await
}
