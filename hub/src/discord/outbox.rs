//! Brings posts to their channels: each once, in order, whatever breaks on the way.
//!
//! A row says what a channel should show about one anchor. The runner takes, for every channel, the first row that
//! still has something to send; channels never wait for each other. A row is marked `sending`, durably, before Discord
//! hears of it, and `sent` once Discord answered. What may happen between the two:
//!
//! | what broke | what happens |
//! |---|---|
//! | the answer was lost, the hub runs on | sent again within minutes under the same nonce: Discord writes nothing new |
//! | the hub died, or the nonce is too old | the channel is searched for the short id in a footer, then sent if missing |
//! | Discord refused for now | later again, the rows behind it wait so that the order stays |
//! | Discord refused this message | the row is dead, with the reason, and the next one goes |
//! | the channel is closed to us | its rows wait; the fix is shown; tried again every few minutes or when mended |
//! | the token is refused | everything stops; the fix is shown |
//!
//! After an answer was lost it is not known which version of the text the message shows, so an edit follows. The text
//! is rendered when it is sent, so changes that come quickly after one another become one edit.

use std::collections::HashMap;
use std::future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::{self, JoinError, JoinSet};
use tokio::time::{sleep, timeout};

use super::causes::causes;
use super::health::Health;
use super::id::ChannelId;
use super::sink::ChatSink;

mod attempt;
mod pace;
mod row;
mod store;

use attempt::{Attempt, Outcome};
pub use pace::Pace;
pub use row::{OutboxRow, RowId, RowState};
pub use store::{OutboxError, OutboxStore, RenderError, Renderer};

/// Tells the time, Unix milliseconds UTC.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Everything that the runner works with.
#[derive(Clone)]
pub struct Outbox {
    /// Where the rows are.
    pub store: Arc<dyn OutboxStore>,
    /// Makes the text of a row.
    pub renderer: Arc<dyn Renderer>,
    /// Where the messages go.
    pub sink: Arc<dyn ChatSink>,
    /// Learns what works and what does not.
    pub health: Arc<Health>,
    /// How long to wait for what.
    pub pace: Pace,
    /// The wall clock.
    pub clock: Clock,
    /// Rung by whoever writes rows, so that they go at once.
    pub bell: Arc<Notify>,
}

/// What the loop knows of the channels at this moment.
#[derive(Default)]
struct Channels {
    busy: HashMap<task::Id, ChannelId>,
    held: HashMap<ChannelId, Hold>,
}

/// A channel that is left alone for a while.
struct Hold {
    until_ms: i64,
    /// Whether it ends early when somebody mends the channel.
    until_mended: bool,
}

impl Outbox {
    /// Runs until `stop` becomes true or Discord refuses everything. Messages that are on their way then get a moment
    /// to arrive; a row whose outcome stays unknown is left in `sending` and looked for at the next start.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let attempt = Arc::new(Attempt::new(self.clone()));
        let mut lanes = JoinSet::new();
        let mut channels = Channels::default();
        let mut told = String::new();
        while !*stop.borrow() {
            let next = match self.store.heads().await {
                Ok(heads) => {
                    told.clear();
                    self.start_due(heads, &attempt, &mut lanes, &mut channels)
                }
                Err(error) => {
                    let text = format!("{error}{}", causes(&error));
                    // It is read again every second; said once is enough.
                    if told != text {
                        tracing::error!("the outbox cannot be read: {text}");
                        told = text;
                    }
                    Some(self.pace.store_retry)
                }
            };
            let due = async { if let Some(wait) = next { sleep(wait).await } else { future::pending().await } };
            tokio::select! {
                Some(ended) = lanes.join_next_with_id() => {
                    if !self.lane_ended(ended, &mut channels) { break }
                }
                () = self.bell.notified() => {}
                () = self.health.mended() => {}
                () = due => {}
                _ = stop.wait_for(|stop| *stop) => {}
            }
        }
        let drained = timeout(self.pace.grace, async { while lanes.join_next().await.is_some() {} }).await;
        if drained.is_err() {
            tracing::warn!("{} Discord messages were still on their way; the next start looks for them", lanes.len());
        }
    }

    /// Starts every head whose time has come, and gives the time until the next one's.
    fn start_due(
        &self,
        heads: Vec<OutboxRow>,
        attempt: &Arc<Attempt>,
        lanes: &mut JoinSet<Outcome>,
        channels: &mut Channels,
    ) -> Option<Duration> {
        let now = (self.clock)();
        channels
            .held
            .retain(|channel, hold| hold.until_ms > now && (!hold.until_mended || self.health.is_closed(*channel)));
        let mut next = None;
        for row in heads {
            let channel = row.channel;
            if channels.busy.values().any(|busy| *busy == channel) {
                continue;
            }
            let due = row.retry_at_ms.max(channels.held.get(&channel).map_or(i64::MIN, |hold| hold.until_ms));
            if let Ok(wait @ 1..) = u64::try_from(due.saturating_sub(now)) {
                let wait = Duration::from_millis(wait);
                next = Some(next.map_or(wait, |sooner: Duration| sooner.min(wait)));
                continue;
            }
            let attempt = Arc::clone(attempt);
            let lane = lanes.spawn(async move { attempt.bring(row).await });
            channels.busy.insert(lane.id(), channel);
        }
        next
    }

    /// Notes how an attempt ended; false where nothing can be sent any more.
    fn lane_ended(&self, ended: Result<(task::Id, Outcome), JoinError>, channels: &mut Channels) -> bool {
        let (id, outcome) = match ended {
            Ok(ended) => ended,
            Err(panic) => {
                tracing::error!("sending a Discord message failed inside the hub: {panic}");
                (panic.id(), Outcome::Hold { pause: self.pace.longest_retry, until_mended: false })
            }
        };
        let channel = channels.busy.remove(&id);
        match (outcome, channel) {
            (Outcome::Hold { pause, until_mended }, Some(channel)) => {
                let until_ms = (self.clock)() + pause.as_millis() as i64;
                channels.held.insert(channel, Hold { until_ms, until_mended });
                true
            }
            (Outcome::Stop, _) => false,
            _ => true,
        }
    }
}
