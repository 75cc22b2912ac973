use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Puts a name into the pool from which teams are drawn
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn add_team(
    ctx: Context<'_>,
    #[description = "The name; in quotes where it has blanks"] name: String,
    #[description = "Its colour as in #4c9aff"] colour: Option<String>,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    reply::order(ctx, Order::AddToPool { name, colour, reason: reason.unwrap_or_default() }).await
}
