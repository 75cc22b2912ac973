use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Names the two teams of the latest session
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn set_teams(
    ctx: Context<'_>,
    #[description = "What team A is called; in quotes where it has blanks"] team_a: String,
    #[description = "What team B is called"] team_b: String,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    let (session, reason) = ("last".to_owned(), reason.unwrap_or_default());
    reply::order(ctx, Order::NameTeams { session, names: [team_a, team_b], reason }).await
}
