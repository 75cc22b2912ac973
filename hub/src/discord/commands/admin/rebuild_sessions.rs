use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Makes all rounds, sessions and totals again from the files that are kept
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn rebuild_sessions(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::Rebuild).await
}
