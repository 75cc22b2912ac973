use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::broadcast::error::RecvError;

use super::{Faces, Hub, Parts, ServeError};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::pipeline::Event;

/// Serves until SIGTERM or SIGINT comes, then stops in order; a second signal ends it at once, which loses nothing
/// but time at the next start. `listener` makes, of the
/// started hub, what hears of every turn of the pipeline.
pub async fn run<L: FnMut(&Event)>(
    config: Config,
    data: DataDir,
    faces: Faces,
    listener: impl FnOnce(&Hub) -> L,
) -> Result<(), ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Signals)?;
    // The configuration's own notes come once it is known what was decided.
    if let Some(note) = data.note() {
        tracing::warn!("{note}");
    }
    let with_discord = config.discord.is_some();
    let hub = Hub::start(Parts::new(config, data, faces)).await?;
    let at = hub.addresses();
    tracing::info!("health checks at http://{}/healthz and /readyz", at.http);
    tracing::info!("status and metrics at http://{}/status and /metrics", at.admin);
    if !with_discord {
        tracing::info!("Discord is off: set DISCORD_BOT_TOKEN and a channel to post rounds there");
    }

    let mut events = hub.events();
    let mut on_event = listener(&hub);
    loop {
        tokio::select! {
            () = either(&mut terminate, &mut interrupt) => break,
            event = events.recv() => match event {
                Ok(event) => on_event(&event),
                Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "events were passed over"),
                // The pipeline is gone, which only its end can do.
                Err(RecvError::Closed) => { either(&mut terminate, &mut interrupt).await; break }
            },
        }
    }
    tracing::info!("stopping; what agents have not been acknowledged stays with them");
    tokio::select! {
        () = hub.stop() => tracing::info!("stopped"),
        () = either(&mut terminate, &mut interrupt) => tracing::warn!("stopped at once by a second signal"),
    }
    Ok(())
}

async fn either(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}
