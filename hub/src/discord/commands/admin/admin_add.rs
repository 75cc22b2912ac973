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
    if user.bot {
        return Err(ReportError::Nothing(format!("{} is a bot, and no bot operates the hub.", user.name)).into());
    }
    if ctx.data().is_owner(user.id.into()) {
        return Err(ReportError::Nothing(format!("{} owns the hub and may do all already.", user.name)).into());
    }
    let (user, name, reason) = (user.id.into(), user.name, reason.unwrap_or_default());
    reply::order(ctx, Order::GiveTier { user, name, tier, reason }).await
}
