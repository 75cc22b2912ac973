use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::discord::operations::Order;

/// Names the two teams of a session; the names go with the players
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn set_team_names(
    ctx: Context<'_>,
    #[description = "The session: a date, a handle such as 2026-11-09b, or last"]
    #[autocomplete = "complete::session"]
    session: String,
    #[description = "What team A is called; in quotes where it has blanks"] team_a: String,
    #[description = "What team B is called"] team_b: String,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    let reason = reason.unwrap_or_default();
    reply::order(ctx, Order::NameTeams { session, names: [team_a, team_b], reason }).await
}
