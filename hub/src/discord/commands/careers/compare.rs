use crate::discord::bot::{CommandError, Context, complete, reply, who};
use crate::reports::question::Question;

/// Two players side by side: who leads in what, and how surely
#[poise::command(prefix_command, slash_command)]
pub(in crate::discord::commands) async fn compare(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; in quotes if it has several words"]
    #[autocomplete = "complete::player"]
    player1: String,
    #[description = "The other one, likewise"]
    #[autocomplete = "complete::player"]
    #[rest]
    player2: String,
) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let Some([one, other]) = who::two(ctx, &player1, &player2).await? else { return Ok(()) };
    reply::question(ctx, Question::Compare { one: one.player, other: other.player }).await
}
