use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::{Question, SessionView};

/// Who played for whom in a session
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn teams(
    ctx: Context<'_>,
    #[description = "A date, a handle such as 2026-11-09b, or last; the latest without one"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
) -> Result<(), CommandError> {
    let session = session.unwrap_or_else(|| "last".to_owned());
    reply::question(ctx, Question::Session { session, view: SessionView::Teams }).await
}
