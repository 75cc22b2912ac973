use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// What was done since the hub started
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn metrics_summary(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Metrics { hours: None }).await
}
