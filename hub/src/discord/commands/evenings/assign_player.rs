use crate::discord::bot::{CommandError, Context, complete, reply, who};
use crate::discord::operations::Order;

/// Puts a player into a team for a whole session, whatever the sides say
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn assign_player(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention"]
    #[autocomplete = "complete::player"]
    player: String,
    #[description = "A, B, or what the team is called"] team: String,
    #[description = "A date, a handle such as 2026-11-09b, or last; the latest without one"]
    #[autocomplete = "complete::session"]
    session: Option<String>,
    #[description = "Why"]
    #[rest]
    reason: Option<String>,
) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let Some(player) = who::player(ctx, Some(&player)).await? else { return Ok(()) };
    let session = session.unwrap_or_else(|| "last".to_owned());
    let reason = reason.unwrap_or_default();
    reply::order(ctx, Order::AssignPlayer { session, player: player.key, team, reason }).await
}
