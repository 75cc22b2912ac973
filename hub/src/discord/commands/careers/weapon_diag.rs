use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::question::Question;

/// The weapon rows of a round: hits, shots and heads as stored
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn weapon_diag(
    ctx: Context<'_>,
    #[description = "A round, as in 2026-11-09a.3, or its id; the newest without one"] round: Option<String>,
) -> Result<(), CommandError> {
    let round = round.map_or_else(|| "last".to_owned(), |round| round.trim().to_lowercase());
    reply::question(ctx, Question::WeaponRows { round }).await
}
