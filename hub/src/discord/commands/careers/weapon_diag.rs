use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::ReportError;
use crate::reports::question::Question;

/// The weapon rows of a round: hits, shots and heads as stored
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn weapon_diag(
    ctx: Context<'_>,
    #[description = "A round's id; the newest without one"] round: Option<String>,
) -> Result<(), CommandError> {
    // Ids are larger than the numbers that Discord takes.
    let round = match round.as_deref().map(str::trim) {
        None | Some("" | "latest") => None,
        Some(text) => Some(text.parse::<i64>().map_err(|_| {
            ReportError::Nothing(format!("A round's id is a number, and {text} is none; leave it out for the newest."))
        })?),
    };
    reply::question(ctx, Question::WeaponRows { round }).await
}
