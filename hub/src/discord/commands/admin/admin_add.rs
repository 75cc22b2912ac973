use serenity::all::User;

use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;
use crate::discord::tier::Tier;
use crate::reports::ReportError;

/// Makes somebody an admin or a moderator of the hub
#[poise::command(prefix_command, slash_command, aliases("perm_add"))]
pub(in crate::discord::commands) async fn admin_add(
    ctx: Context<'_>,
    #[description = "Who: a mention or an id"] user: User,
    #[description = "What: admin or moderator"] tier: String,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    let tier: Tier =
        tier.parse().map_err(|error: crate::discord::tier::NoTier| ReportError::Nothing(error.to_string()))?;
    reply::order(ctx, Order::GiveTier { user: user.id.into(), tier, reason: reason.unwrap_or_default() }).await
}
