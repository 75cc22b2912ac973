//! Tells the admins what is wrong: one message for each alert, edited when that is over.
//!
//! What comes again within half an hour changes its message and makes no second one. The footer of a message ends with
//! the alert's short id for as long as it is not over, so that a hub that was started anew finds its message again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::embed::{self, Embed};
use super::id::{ChannelId, MessageId};
use super::short_id::ShortId;
use super::sink::{ChatSink, Reach, SendError};
use crate::reports::alert::Alert;

/// An alert that comes again within so long has one message.
const ONE_MESSAGE_MS: i64 = 30 * 60_000;
/// How long an alert waits after a failure.
const AGAIN: Duration = Duration::from_mins(1);

/// What was told so far, over all connections to Discord, by the alerts' keys.
pub(super) type Told = Arc<tokio::sync::Mutex<BTreeMap<String, Shown>>>;

/// A message, and what it shows.
pub(super) struct Shown {
    message: MessageId,
    embed: Embed,
    over_ms: Option<i64>,
}

/// Brings alerts to the admins' channel.
pub(super) struct Alerting {
    pub(super) channel: ChannelId,
    pub(super) sink: Arc<dyn ChatSink>,
    /// Alerts there are, and those that were until a short while ago.
    pub(super) alerts: watch::Receiver<Vec<Alert>>,
    pub(super) told: Told,
}

impl Alerting {
    /// Runs until it is dropped, or Discord refuses everything.
    pub(super) async fn run(mut self) {
        let mut failure = None;
        loop {
            let alerts = self.alerts.borrow_and_update().clone();
            let failed = self.bring(&alerts).await.err();
            let said = failed.as_ref().map(SendError::to_string);
            if let (Some(said), true) = (&said, said != failure) {
                tracing::warn!(channel = %self.channel, "an alert could not be told: {said}");
            }
            failure = said;
            match failed.map(|error| error.reach()) {
                Some(Reach::Everything) => return,
                Some(Reach::Later { after, .. }) => sleep(after.unwrap_or(AGAIN).max(AGAIN)).await,
                Some(_) => sleep(AGAIN).await,
                None => {
                    if self.alerts.changed().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    async fn bring(&self, alerts: &[Alert]) -> Result<(), SendError> {
        let mut told = self.told.lock().await;
        told.retain(|key, _| alerts.iter().any(|alert| alert.key() == *key));
        for alert in alerts {
            let key = alert.key();
            let id = ShortId::of_post(self.channel, &key, "alert");
            let embed = embed::lay_out(&alert.post(), alert.over_ms.is_none().then_some(&id));
            let message = match told.get(&key) {
                Some(shown) if shown.embed == embed => continue,
                Some(shown) if !is_another(shown, alert) => Some(shown.message),
                // Nobody heard that it began.
                _ if alert.over_ms.is_some() => continue,
                _ => self.sink.find_by_footer(self.channel, &id, alert.since_ms).await?,
            };
            let message = match message {
                Some(message) => match self.sink.edit(self.channel, message, &embed, &[]).await {
                    // Somebody deleted it and knows.
                    Ok(()) | Err(SendError::MessageGone { .. }) => message,
                    Err(error) => return Err(error),
                },
                None => self.sink.send(self.channel, &embed, &[], &id).await?,
            };
            told.insert(key, Shown { message, embed, over_ms: alert.over_ms });
        }
        Ok(())
    }
}

/// Whether an alert came so long after what is shown that it is worth a message of its own.
fn is_another(shown: &Shown, alert: &Alert) -> bool {
    shown.over_ms.is_some_and(|over_ms| alert.since_ms - over_ms > ONE_MESSAGE_MS)
}
