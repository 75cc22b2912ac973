use crate::discord::bot::{CommandError, Context, complete, reply, who};
use crate::reports::question::Question;

/// Two players side by side: who leads in what, and how surely
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn compare(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention"]
    #[autocomplete = "complete::player"]
    player1: String,
    #[description = "The other one, likewise"]
    #[autocomplete = "complete::player"]
    player2: String,
) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let Some(one) = who::player(ctx, Some(&player1)).await? else { return Ok(()) };
    let Some(other) = who::player(ctx, Some(&player2)).await? else { return Ok(()) };
    reply::question(ctx, Question::Compare { one: one.player, other: other.player }).await
}
