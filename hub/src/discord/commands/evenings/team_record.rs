use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::question::Question;

/// What a team with a name won and lost
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn team_record(
    ctx: Context<'_>,
    #[description = "The team's name; in quotes where it has blanks"]
    #[autocomplete = "complete::team"]
    team: String,
    #[description = "Over so many days; 90 without a number"] days: Option<u16>,
) -> Result<(), CommandError> {
    reply::question(ctx, Question::TeamRecord { team, days: days.unwrap_or(90) }).await
}
