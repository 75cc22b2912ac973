use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Forgets the answers that are kept, so that all are made anew
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn cache_clear(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::ClearCache).await
}
