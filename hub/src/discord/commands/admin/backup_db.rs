use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Backs everything up on the hub's disk; the newest seven are kept
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn backup_db(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Backup).await
}
