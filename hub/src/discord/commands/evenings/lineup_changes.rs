use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::Question;

/// Who came, went and changed teams since the session before
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn lineup_changes(
    ctx: Context<'_>,
    #[description = "A date, a handle such as 2026-11-09b, or last; the latest without one"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
    #[description = "The session to compare with; the one before without one"]
    #[autocomplete = "complete::session"]
    previous: Option<String>,
) -> Result<(), CommandError> {
    let session = session.unwrap_or_else(|| "last".to_owned());
    reply::question(ctx, Question::Lineups { session, previous }).await
}
