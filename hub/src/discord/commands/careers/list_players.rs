use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::ReportError;
use crate::reports::question::Question;

/// Everybody who plays here, or who played in the last 30 days
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("players", "lp"))]
pub(in crate::discord::commands) async fn list_players(
    ctx: Context<'_>,
    #[description = "active for who played in the last 30 days, or a page, or a part of a name"] filter: Option<String>,
    #[description = "The page to begin at"]
    #[min = 1]
    page: Option<u16>,
) -> Result<(), CommandError> {
    let filter = filter.unwrap_or_default();
    let question = match (filter.trim().to_lowercase().as_str(), page) {
        ("" | "all", page) => Question::Players { active: false, page: page.unwrap_or(1) },
        ("active", page) => Question::Players { active: true, page: page.unwrap_or(1) },
        ("linked" | "unlinked", _) => {
            let text = "Who is linked is not listed here; list_players takes active, a page, or a part of a name.";
            return Err(ReportError::Nothing(text.to_owned()).into());
        }
        (number, None) if number.parse::<u16>().is_ok() => {
            Question::Players { active: false, page: number.parse().unwrap_or(1) }
        }
        (_, page) => Question::FindPlayers { text: filter, page: page.unwrap_or(1) },
    };
    reply::question(ctx, question).await
}
