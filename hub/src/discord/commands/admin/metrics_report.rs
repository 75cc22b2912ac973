use crate::discord::bot::{CommandError, Context, reply};
use crate::discord::operations::Order;

/// Hours that are told without a number.
const USUAL: u32 = 24;

/// What was done in the last hours
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(in crate::discord::commands) async fn metrics_report(
    ctx: Context<'_>,
    #[description = "How many hours, up to 720; 24 without a number"]
    #[min = 1]
    #[max = 720]
    hours: Option<u32>,
) -> Result<(), CommandError> {
    reply::order(ctx, Order::Metrics { hours: Some(hours.unwrap_or(USUAL).clamp(1, 720)) }).await
}
