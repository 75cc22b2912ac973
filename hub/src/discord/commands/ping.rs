use std::time::Instant;

use crate::discord::bot::{CommandError, Context, reply};
use crate::reports::Suggest;

/// How long the way to Discord and to the database takes
#[poise::command(prefix_command, slash_command, discard_spare_arguments)]
pub(super) async fn ping(ctx: Context<'_>) -> Result<(), CommandError> {
    reply::think(ctx).await?;
    let begun = Instant::now();
    ctx.data().reports.suggest(Suggest::Session, "").await?;
    let database = begun.elapsed().as_secs_f64() * 1000.0;
    let gateway = ctx.ping().await;
    let gateway = if gateway.is_zero() { "not measured yet".to_owned() } else { format!("{} ms", gateway.as_millis()) };
    ctx.say(format!("Pong. Discord's gateway {gateway}, the database {database:.1} ms.")).await?;
    Ok(())
}
