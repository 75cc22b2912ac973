use std::sync::Arc;
use std::time::Duration;

use serenity::all::{Command, CreateCommand, Http};
use tokio::time::sleep;

const TRIES: u32 = 6;

/// Tells Discord which slash commands there are. Runs beside the bot: text commands do not wait for it, and a Discord
/// that is busy for a moment must not cost the slash commands until the next start.
pub(super) async fn register(http: Arc<Http>, commands: Vec<CreateCommand>) {
    for attempt in 0..TRIES {
        match Command::set_global_commands(&http, commands.clone()).await {
            Ok(known) => return tracing::info!("Discord knows {} slash commands of the bot", known.len()),
            Err(error) => tracing::warn!("the slash commands could not be registered: {error}"),
        }
        sleep(Duration::from_secs(2) * 2_u32.pow(attempt)).await;
    }
    tracing::error!("the slash commands stay as they were registered last; text commands work, a restart tries again");
}
