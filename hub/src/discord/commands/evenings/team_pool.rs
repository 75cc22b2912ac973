use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// The names from which teams can be drawn
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn team_pool(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::ListPool).await
}
