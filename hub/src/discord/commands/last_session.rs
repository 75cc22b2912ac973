use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::ReportError;
use crate::reports::question::Question;
use crate::reports::session_views::named;

/// The latest gaming session, or a view of it: top, combat, weapons, maps, graphs, time
#[poise::command(prefix_command, slash_command, aliases("last", "latest", "recent", "last_round"))]
pub(super) async fn last_session(
    ctx: Context<'_>,
    #[description = "What of it: top, combat, obj, weapons, support, sprees, maps, graphs, time and more"]
    #[autocomplete = "complete::view"]
    #[rest]
    view: Option<String>,
) -> Result<(), CommandError> {
    let view = named::view(view.as_deref().unwrap_or_default()).map_err(ReportError::Nothing)?;
    reply::question(ctx, Question::Session { session: "last".to_owned(), view }).await
}
