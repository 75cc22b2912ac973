use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Who is admin or moderator
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("perm_list", "admins"))]
pub(in crate::discord::commands) async fn admin_list(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::order(ctx, Order::ListTiers).await
}
