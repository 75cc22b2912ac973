//! Whether somebody may use a command, here.

use super::rule::Rule;
use super::{Command, CommandError, Context};
use crate::discord::id::{RoleId, UserId};
use crate::discord::tier::Tier;

/// Whether a command is answered. In a channel where commands do not belong it is not, which is silence; from somebody
/// who may not use it comes an error that says so.
pub(super) async fn check(ctx: Context<'_>) -> Result<bool, CommandError> {
    let needed = tier_of(ctx.command());
    if !ctx.data().answers_in(ctx.channel_id(), needed) {
        return Ok(false);
    }
    if needed == Tier::Member {
        return Ok(true);
    }
    if own(ctx).await? >= needed { Ok(true) } else { Err(CommandError::NotAllowed(needed)) }
}

/// The tier that a command needs.
pub(in crate::discord) fn tier_of(command: &Command) -> Tier {
    Rule::of(command).map_or(Tier::Member, |rule| rule.tier)
}

/// The tier of whoever asks: the highest that the configuration, a decision or a role gives. Where the hub cannot say
/// what was decided, that is an error and nobody is let in.
pub(in crate::discord) async fn own(ctx: Context<'_>) -> Result<Tier, CommandError> {
    let (settings, user) = (&ctx.data().settings, UserId::from(ctx.author().id));
    if settings.owner == Some(user) {
        return Ok(Tier::Owner);
    }
    let given = ctx.data().operations.tier_of(user).await?.unwrap_or_default();
    let roles: Vec<RoleId> = match ctx {
        Context::Application(ctx) => {
            ctx.interaction.member.iter().flat_map(|member| member.roles.iter().copied().map(RoleId::from)).collect()
        }
        Context::Prefix(ctx) => {
            ctx.msg.member.iter().flat_map(|member| member.roles.iter().copied().map(RoleId::from)).collect()
        }
    };
    let has = |wanted: &[RoleId]| roles.iter().any(|role| wanted.contains(role));
    let by_role = match () {
        () if has(&settings.admin_roles) => Tier::Admin,
        () if has(&settings.moderator_roles) => Tier::Moderator,
        () => Tier::Member,
    };
    // A decision never makes an owner.
    Ok(given.min(Tier::Admin).max(by_role))
}
