use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::discord::operations::Order;

/// Draws names from the pool for the teams of a session that have none
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn assign_teams(
    ctx: Context<'_>,
    #[description = "A date, a handle such as 2026-11-09b, or last; the latest without one"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
) -> Result<(), CommandError> {
    let session = session.unwrap_or_else(|| "last".to_owned());
    reply::order(ctx, Order::DrawNames { session }).await
}
