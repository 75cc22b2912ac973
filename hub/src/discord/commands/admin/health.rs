use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// How the hub is doing, and what needs a look
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn health(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Health).await
}
