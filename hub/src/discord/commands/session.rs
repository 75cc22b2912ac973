use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::ReportError;
use crate::reports::question::Question;
use crate::reports::session_views::named;

/// A gaming session, or a view of it; of a day all that was played
#[poise::command(prefix_command, slash_command, aliases("match", "game"))]
pub(super) async fn session(
    ctx: Context<'_>,
    #[description = "A date such as 2026-11-09, a handle such as 2026-11-09b, today, yesterday, or last"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
    #[description = "What of it: top, combat, obj, weapons, support, sprees, maps, graphs, time and more"]
    #[autocomplete = "complete::view"]
    #[rest]
    view: Option<String>,
) -> Result<(), CommandError> {
    let text = format!("{} {}", session.unwrap_or_default(), view.unwrap_or_default());
    let (session, view) = named::asked(&text).map_err(ReportError::Nothing)?;
    reply::question(ctx, Question::Session { session, view }).await
}
