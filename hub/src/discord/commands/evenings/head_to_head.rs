use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::Question;

/// What two teams with names played against each other in a year
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("h2h"))]
pub(in crate::discord::commands) async fn head_to_head(
    ctx: Context<'_>,
    #[description = "One team's name; in quotes where it has blanks"]
    #[autocomplete = "complete::team"]
    team: String,
    #[description = "The other team's name"]
    #[autocomplete = "complete::team"]
    other: String,
) -> Result<(), CommandError> {
    reply::question(ctx, Question::HeadToHead { one: team, other }).await
}
