use serenity::all::User;

use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Takes somebody's rights away
#[poise::command(prefix_command, slash_command, aliases("perm_remove"))]
pub(in crate::discord::commands) async fn admin_remove(
    ctx: Context<'_>,
    #[description = "Who: a mention or an id"] user: User,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    reply::order(ctx, Order::TakeTier { user: user.id.into(), reason: reason.unwrap_or_default() }).await
}
