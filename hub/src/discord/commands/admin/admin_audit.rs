use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Entries that are told without a number.
const USUAL: u32 = 10;
/// Entries that are told at most.
const MOST: u32 = 50;

/// Who gave and took rights, the newest first
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("perm_audit"))]
pub(in crate::discord::commands) async fn admin_audit(
    ctx: Context<'_>,
    #[description = "How many entries, up to 50; ten without a number"]
    #[min = 1]
    #[max = 50]
    limit: Option<u32>,
) -> Result<(), CommandError> {
    reply::order(ctx, Order::AuditTiers { limit: limit.unwrap_or(USUAL).clamp(1, MOST) as usize }).await
}
