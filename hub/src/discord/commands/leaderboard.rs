use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::ReportError;
use crate::reports::leaderboard::category;
use crate::reports::question::Question;

/// Who leads in one of thirteen boards
#[poise::command(prefix_command, slash_command, discard_spare_arguments, aliases("lb", "top"))]
pub(super) async fn leaderboard(
    ctx: Context<'_>,
    #[description = "In what: kills, kd, dpm, accuracy and nine more; kills without one"]
    #[autocomplete = "complete::board"]
    board: Option<String>,
    #[description = "Over what: all, season, month, a map, 2026-Q4, 2026-11"]
    #[autocomplete = "complete::scope"]
    over: Option<String>,
) -> Result<(), CommandError> {
    let (board, over) = match (board.as_deref(), over.as_deref()) {
        (None, over) => ("kills", over.unwrap_or("all")),
        // As in `!lb season`.
        (Some(scope), None) if category::find(scope).is_none() => ("kills", scope),
        (Some(board), over) => (board, over.unwrap_or("all")),
    };
    let Some(category) = category::find(board) else {
        let known: Vec<&str> = category::ALL.iter().map(|category| category.key).collect();
        return Err(ReportError::Nothing(format!("There is no board {board}. There are {}.", known.join(", "))).into());
    };
    reply::question(ctx, Question::leaderboard(category, over)).await
}
