use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::PlayerView;

/// The names a player has borne, with rounds and days
#[poise::command(prefix_command, slash_command, aliases("myaliases", "mynames"))]
pub(in crate::discord::commands) async fn aliases(
    ctx: Context<'_>,
    #[description = "A name or a part of one, a GUID, or a mention; yourself without one"]
    #[autocomplete = "complete::player"]
    #[rest]
    player: Option<String>,
) -> Result<(), CommandError> {
    reply::career(ctx, player.as_deref(), PlayerView::Aliases).await
}
