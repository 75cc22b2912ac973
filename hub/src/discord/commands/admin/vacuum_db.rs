use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Gives room back to the disk and counts anew
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn vacuum_db(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Vacuum).await
}
