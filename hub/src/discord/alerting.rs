//! Tells the admins what is wrong: one message for each alert, edited when that is over.
//!
//! What comes again within half an hour changes its message and makes no second one. The footer of a message ends with
//! the alert's short id for as long as it is not over, so that a hub that was started anew finds its message again, and
//! ends one whose trouble has gone meanwhile.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::sleep;

use super::embed::{self, Embed};
use super::health::Health;
use super::id::{ChannelId, MessageId};
use super::short_id::ShortId;
use super::sink::{ChatSink, Ours, Reach, SendError};
use crate::reports::alert::{Alert, Board};
use crate::reports::post::Post;

/// An alert that comes again within so long has one message.
const ONE_MESSAGE_MS: i64 = 30 * 60_000;
/// What is said of an alert whose end nobody saw.
const UNSEEN: &str = "Nobody saw when: the hub was not running then, or could not tell it here.";
/// How long an alert waits after a failure.
const AGAIN: Duration = Duration::from_mins(1);

/// What was told so far, over all connections to Discord.
pub(super) type Told = Arc<tokio::sync::Mutex<Messages>>;

/// Our messages in the admins' channel.
#[derive(Default)]
pub(super) struct Messages {
    /// Those of this run, by the alerts' keys.
    shown: BTreeMap<String, Shown>,
    /// Those that say that something is wrong and that no alert of this run takes care of; none before they were
    /// looked for.
    left: Option<Vec<Ours>>,
}

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
    /// What is wrong, and what is not.
    pub(super) alerts: watch::Receiver<Board>,
    pub(super) told: Told,
    pub(super) health: Arc<Health>,
}

impl Alerting {
    /// Runs until it is dropped, or Discord refuses everything.
    pub(super) async fn run(mut self) {
        let mut failure = None;
        loop {
            let board = self.alerts.borrow_and_update().clone();
            let failed = self.bring(&board).await.err();
            let said = failed.as_ref().map(SendError::to_string);
            if let (Some(said), true) = (&said, said != failure) {
                tracing::warn!(channel = %self.channel, "an alert could not be told: {said}");
            }
            let reach = failed.map(|error| error.reach());
            match (&said, &reach) {
                (Some(fix), Some(Reach::Channel)) => self.health.close(self.channel, fix),
                (None, _) if failure.is_some() => self.health.open(self.channel),
                _ => {}
            }
            failure = said;
            match reach {
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

    async fn bring(&self, board: &Board) -> Result<(), SendError> {
        let mut told = self.told.lock().await;
        let Messages { shown, left } = &mut *told;
        // One whose end could not be told while it was remembered is ended like one of an earlier run.
        let forgotten = shown.extract_if(.., |key, _| board.alerts.iter().all(|alert| alert.key() != *key));
        let unended = forgotten.filter(|(_, shown)| shown.over_ms.is_none()).map(|(_, shown)| shown.into_ours());
        let unended: Vec<Ours> = unended.collect();
        if let Some(left) = left.as_mut() {
            left.extend(unended);
        }
        self.tell(&board.alerts, shown).await?;
        if board.clear.is_empty() {
            return Ok(());
        }
        let left = match left {
            Some(left) => left,
            None => left.insert(self.sink.ours(self.channel).await?.into_iter().filter(is_open).collect()),
        };
        left.retain(|ours| shown.values().all(|shown| shown.message != ours.message));
        self.end(left, board).await
    }

    /// Ends messages of an earlier run whose trouble is not there.
    async fn end(&self, left: &mut Vec<Ours>, board: &Board) -> Result<(), SendError> {
        if left.is_empty() {
            return Ok(());
        }
        let ids: Vec<ShortId> = board.clear.iter().map(|key| self.short_id(key)).collect();
        let over = |ours: &Ours| ids.iter().any(|id| id.is_in_footer(&ours.footer));
        while let Some(at) = left.iter().position(over) {
            match self.sink.edit(self.channel, left[at].message, &ended(&left[at]), &[]).await {
                Ok(()) | Err(SendError::MessageGone { .. }) => drop(left.swap_remove(at)),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn short_id(&self, key: &str) -> ShortId {
        ShortId::of_post(self.channel, key, "alert")
    }

    async fn tell(&self, alerts: &[Alert], told: &mut BTreeMap<String, Shown>) -> Result<(), SendError> {
        for alert in alerts {
            let key = alert.key();
            let id = self.short_id(&key);
            let embed = embed::lay_out(&alert.post(), alert.over_ms.is_none().then_some(&id));
            let message = match told.get(&key) {
                Some(shown) if shown.embed == embed => continue,
                Some(shown) if !is_another(shown, alert) => Some(shown.message),
                // Nobody heard that it began.
                _ if alert.over_ms.is_some() => continue,
                _ => self.sink.find_by_footer(self.channel, &id, alert.since_ms).await?,
            };
            let message = if let Some(message) = message {
                match self.sink.edit(self.channel, message, &embed, &[]).await {
                    // Somebody deleted it and knows.
                    Ok(()) | Err(SendError::MessageGone { .. }) => message,
                    Err(error) => return Err(error),
                }
            } else {
                // By the same nonce Discord would give an older message that is over, and show it so.
                let once = self.short_id(&format!("{key} {}", alert.since_ms));
                self.sink.send(self.channel, &embed, &[], &once).await?
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

impl Shown {
    fn into_ours(self) -> Ours {
        let Embed { title, footer, timestamp_ms, .. } = self.embed;
        Ours { message: self.message, title, footer, timestamp_ms }
    }
}

/// Whether this is the message of an alert that is not over: its footer is the short id alone.
fn is_open(ours: &Ours) -> bool {
    ours.footer.split_whitespace().count() == 1
}

/// What a message shows when its trouble has gone unseen.
fn ended(ours: &Ours) -> Embed {
    let mut post = Post::titled(String::new());
    post.lines = vec![UNSEEN.to_owned()];
    let title = format!("Over: {}", ours.title).chars().take(embed::limits::TITLE).collect();
    Embed { title, timestamp_ms: ours.timestamp_ms, ..embed::lay_out(&post, None) }
}
