use super::Command;
use crate::discord::bot::{CommandError, Context, complete, reply};
use crate::reports::leaderboard::category;
use crate::reports::question::Question;

/// One command for each board: `top_kills`, `top_dpm` and so on.
pub(super) fn all() -> Vec<Command> {
    let of = |category: &category::Category| Command {
        name: format!("top_{}", category.key).into(),
        description: Some(format!("Who leads: {}", category.metric.label.to_lowercase()).into()),
        ..top()
    };
    category::ALL.iter().map(of).collect()
}

/// Who leads
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
async fn top(
    ctx: Context<'_>,
    #[description = "Over what: all, season, month, a map, 2026-Q4, 2026-11"]
    #[autocomplete = "complete::scope"]
    over: Option<String>,
) -> Result<(), CommandError> {
    // As in `!top_kills` and `/top kills`.
    let name = &ctx.command().name;
    let category = category::find(name.strip_prefix("top_").unwrap_or(name)).unwrap_or(&category::ALL[0]);
    reply::question(ctx, Question::leaderboard(category, over.as_deref().unwrap_or("all"))).await
}
