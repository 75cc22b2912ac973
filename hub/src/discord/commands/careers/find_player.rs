use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::Question;

/// Players whose name holds a text, with GUID, rounds and other names
#[poise::command(prefix_command, slash_command, aliases("findplayer", "fp", "search_player"))]
pub(in crate::discord::commands) async fn find_player(
    ctx: Context<'_>,
    #[description = "A name, a part of one, or a GUID"]
    #[rest]
    term: String,
) -> Result<(), CommandError> {
    reply::question(ctx, Question::FindPlayers { text: term, page: 1 }).await
}
