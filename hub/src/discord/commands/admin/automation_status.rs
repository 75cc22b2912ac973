use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// What runs by itself, and whether it does
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn automation_status(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Automation).await
}
