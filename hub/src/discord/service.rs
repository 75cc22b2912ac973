//! Keeps the Discord side running: connects, starts the outbox and the bot, and begins anew after what can pass.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serenity::all::GatewayError;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::alerting::{Alerting, Told};
use super::config::DiscordSettings;
use super::health::Health;
use super::operations::Operations;
use super::outbox::{Outbox, OutboxStore, Pace, Renderer};
use super::rest::DiscordSink;
use super::sink::{Reach, SendError};
use super::{bot, commands, http, preflight};
use crate::reports::Reports;
use crate::reports::alert::Board;

/// Wait before Discord is tried again, doubled from the shortest to the longest.
const SHORTEST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What an admin does when the gateway refuses the intents (close code 4014).
const INTENTS_FIX: &str = "Discord does not let the bot read messages: in the developer portal, under Bot, switch on \
                           Message Content Intent and start again";

/// What the Discord side works for.
pub struct Parts {
    /// Where the posts wait.
    pub store: Arc<dyn OutboxStore>,
    /// Makes their texts.
    pub renderer: Arc<dyn Renderer>,
    /// Answers questions.
    pub reports: Arc<dyn Reports>,
    /// Carries orders out.
    pub operations: Arc<dyn Operations>,
    /// What the admins should hear of, at each change; goes to the first of their channels.
    pub alerts: watch::Receiver<Board>,
    /// How patient the outbox is.
    pub pace: Pace,
}

/// How one connection ended.
enum End {
    /// The hub stops.
    Stopped,
    /// It broke; worth another try.
    Broken(String),
    /// Nothing works until somebody does what the text says.
    Refused(String),
}

/// Runs until `stop` becomes true or Discord refuses for good.
pub(super) async fn run(
    settings: DiscordSettings,
    parts: Parts,
    health: Arc<Health>,
    bell: Arc<Notify>,
    stop: watch::Receiver<bool>,
) {
    let mut pause = SHORTEST_PAUSE;
    let told = Told::default();
    loop {
        let (settings, parts, told) = (&settings, &parts, &told);
        let session = Session { settings, parts, told, health: &health, bell: &bell, stop: &stop };
        let connections = health.counts.now().connected;
        match session.run().await {
            End::Stopped => return,
            End::Refused(fix) => return health.disable(&fix),
            End::Broken(why) => tracing::warn!("{why}; the next try is in {} s", pause.as_secs()),
        }
        health.counts.broken();
        health.reconnecting();
        if health.counts.now().connected > connections {
            pause = SHORTEST_PAUSE;
        }
        if unless_stopped(&stop, sleep(pause)).await.is_none() {
            return;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

struct Session<'a> {
    settings: &'a DiscordSettings,
    parts: &'a Parts,
    told: &'a Told,
    health: &'a Arc<Health>,
    bell: &'a Arc<Notify>,
    stop: &'a watch::Receiver<bool>,
}

impl Session<'_> {
    async fn run(&self) -> End {
        let http = match http::connect(self.settings) {
            Ok(http) => http,
            Err(error) => return End::Refused(error.to_string()),
        };
        let found = match unless_stopped(self.stop, preflight::check(&http, self.settings.channel, self.health)).await {
            Some(Ok(found)) => found,
            Some(Err(error)) => return ended_by(&error),
            None => return End::Stopped,
        };
        let (reports, operations) = (Arc::clone(&self.parts.reports), Arc::clone(&self.parts.operations));
        let data = bot::Data::new(self.settings, reports, operations, Arc::clone(self.health), wall_clock());
        let mut client = match unless_stopped(self.stop, bot::client(http, &found, data, commands::all())).await {
            Some(Ok(client)) => client,
            Some(Err(error)) => return End::Broken(error.to_string()),
            None => return End::Stopped,
        };
        let sink = Arc::new(DiscordSink::new(Arc::clone(&client.http), found.me));
        let alerting = self.alerting(sink.clone());
        let (outbox_stop, outbox_stopped) = watch::channel(false);
        let outbox = Outbox {
            store: Arc::clone(&self.parts.store),
            renderer: Arc::clone(&self.parts.renderer),
            sink,
            health: Arc::clone(self.health),
            pace: self.parts.pace,
            clock: Arc::new(wall_clock),
            bell: Arc::clone(self.bell),
        };
        let mut outbox = tokio::spawn(outbox.run(outbox_stopped));
        let shards = Arc::clone(&client.shard_manager);
        let mut stop = self.stop.clone();
        let end = tokio::select! {
            ended = client.start() => match ended {
                Ok(()) => End::Broken("the gateway connection ended".to_owned()),
                Err(serenity::Error::Gateway(GatewayError::InvalidAuthentication)) => ended_by(&SendError::TokenRefused),
                Err(serenity::Error::Gateway(
                    GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
                )) => End::Refused(INTENTS_FIX.to_owned()),
                Err(error) => End::Broken(error.to_string()),
            },
            // The outbox ends by itself only when Discord refuses everything.
            ended = &mut outbox => match ended {
                Ok(()) => ended_by(&SendError::TokenRefused),
                Err(panic) => End::Broken(format!("the outbox failed inside the hub ({panic})")),
            },
            _ = stop.wait_for(|stop| *stop) => End::Stopped,
            never = bot::watch_connection(&shards, self.health) => match never {},
        };
        outbox_stop.send_replace(true);
        if let Some(alerting) = alerting {
            alerting.abort();
        }
        if matches!(end, End::Stopped) {
            shards.shutdown_all().await;
        } else {
            // Waits five seconds for shards that are gone already; nobody else has to.
            tokio::spawn(async move { shards.shutdown_all().await });
        }
        if !outbox.is_finished()
            && let Err(error) = outbox.await
        {
            tracing::error!("the outbox ended badly: {error}");
        }
        end
    }

    /// Tells the admins of alerts, where they have a channel.
    fn alerting(&self, sink: Arc<DiscordSink>) -> Option<JoinHandle<()>> {
        let channel = *self.settings.admin_channels.first()?;
        let (alerts, told) = (self.parts.alerts.clone(), Arc::clone(self.told));
        Some(tokio::spawn(Alerting { channel, sink, alerts, told, health: Arc::clone(self.health) }.run()))
    }
}

fn ended_by(error: &SendError) -> End {
    match error.reach() {
        Reach::Everything => End::Refused(error.to_string()),
        _ => End::Broken(error.to_string()),
    }
}

/// Runs `work`, dropped as soon as the hub stops.
async fn unless_stopped<T>(stop: &watch::Receiver<bool>, work: impl Future<Output = T>) -> Option<T> {
    let mut stop = stop.clone();
    tokio::select! {
        done = work => Some(done),
        _ = stop.wait_for(|stop| *stop) => None,
    }
}

fn wall_clock() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
