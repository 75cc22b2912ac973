//! Discord: posts that reach their channel once, and a bot that answers.
//!
//! [`start`] runs everything in the background and never stops the hub: what is wrong with Discord ends up in
//! [`DiscordState`], with what to do about it.
//!
//! - [`outbox`]: brings posts to their channels; the rules of delivery stand there
//! - `alerting`: tells the admins what is wrong with the hub or an agent
//! - [`embed`] and [`escape`]: a [`Post`](crate::reports::post::Post) as Discord takes it
//! - `bot` and `commands`: what people type; [`operations`]: what commands do to the hub
//! - [`sink`]: the calls behind both, and what their failures mean

use std::sync::Arc;

use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

mod alerting;
mod bot;
pub mod buttons;
mod causes;
mod commands;
pub mod config;
mod counts;
pub mod embed;
pub mod escape;
mod health;
mod http;
pub mod id;
pub mod operations;
pub mod outbox;
mod preflight;
mod refusal;
mod rest;
mod service;
pub mod short_id;
pub mod sink;
pub mod tier;

pub use counts::CountsNow;
pub use health::{DiscordState, Health};
pub use service::Parts;

use config::DiscordSettings;
use id::ChannelId;

/// The Discord side of a running hub.
pub struct Discord {
    health: Arc<Health>,
    bell: Arc<Notify>,
    stop: watch::Sender<bool>,
    service: Option<JoinHandle<()>>,
}

/// Connects to Discord in the background, posts what the outbox holds and answers commands, until
/// [`Discord::stop`]. Must be called inside a tokio runtime.
pub fn start(settings: DiscordSettings, parts: Parts) -> Discord {
    let health = Arc::new(Health::connecting(settings.channel));
    let bell = Arc::new(Notify::new());
    let (stop, stopped) = watch::channel(false);
    let service = service::run(settings, parts, Arc::clone(&health), Arc::clone(&bell), stopped);
    Discord { health, bell, stop, service: Some(tokio::spawn(service)) }
}

impl Discord {
    /// The Discord side of a hub without a token.
    pub fn off() -> Self {
        let (stop, _) = watch::channel(true);
        Self { health: Arc::new(Health::off()), bell: Arc::default(), stop, service: None }
    }

    /// How it is doing, now and at each change.
    pub fn state(&self) -> watch::Receiver<DiscordState> {
        self.health.state()
    }

    /// The channels that are closed to the bot, each with what to do about it.
    pub fn closed_channels(&self) -> Vec<(ChannelId, String)> {
        self.health.closed_channels()
    }

    /// What was done so far.
    pub fn counts(&self) -> CountsNow {
        self.health.counts.now()
    }

    /// Says that the outbox has new rows or new wishes. A bell can be kept and rung from anywhere.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    /// Logs off. Messages on their way get a moment to arrive; what is left is found at the next start.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(service) = self.service.take()
            && let Err(error) = service.await
        {
            tracing::error!("the Discord side ended badly: {error}");
        }
    }
}
