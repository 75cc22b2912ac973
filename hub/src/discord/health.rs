//! How Discord is doing: for `/status`, `doctor` and the log.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, watch};

use super::counts::Counts;
use super::id::ChannelId;

/// Whether Discord works, in one word; the hub goes on in every case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiscordState {
    /// Not configured.
    Off,
    /// On the way, or reconnecting after the connection broke.
    Connecting,
    /// Connected, and the posts channel is open to us.
    Ready,
    /// Something must be mended first; the text says what and how.
    Disabled(String),
}

/// Gathers what the parts of the Discord side meet, and tells everybody who watches.
pub struct Health {
    /// How much was done.
    pub(super) counts: Counts,
    posts_channel: Option<ChannelId>,
    seen: Mutex<Seen>,
    state: watch::Sender<DiscordState>,
    mended: Notify,
}

struct Seen {
    connection: Connection,
    /// Channels that are closed to us, each with the fix.
    closed: BTreeMap<ChannelId, String>,
}

enum Connection {
    Off,
    Connecting,
    Connected,
    Refused(String),
}

impl Health {
    /// Discord is not configured.
    pub fn off() -> Self {
        Self::new(Connection::Off, None)
    }

    /// Discord is about to be connected, and posts go to `posts_channel`.
    pub fn connecting(posts_channel: Option<ChannelId>) -> Self {
        Self::new(Connection::Connecting, posts_channel)
    }

    fn new(connection: Connection, posts_channel: Option<ChannelId>) -> Self {
        let seen = Seen { connection, closed: BTreeMap::new() };
        let state = watch::Sender::new(seen.state(posts_channel));
        Self { counts: Counts::default(), posts_channel, seen: Mutex::new(seen), state, mended: Notify::new() }
    }

    /// The state and its changes.
    pub fn state(&self) -> watch::Receiver<DiscordState> {
        self.state.subscribe()
    }

    /// The channels that are closed to us, each with what to do about it.
    pub fn closed_channels(&self) -> Vec<(ChannelId, String)> {
        self.seen().closed.iter().map(|(channel, fix)| (*channel, fix.clone())).collect()
    }

    /// The gateway's connection stands.
    pub(super) fn connected(&self) {
        self.counts.connected();
        self.change(|seen| seen.connect(Connection::Connected));
    }

    /// The gateway's connection is gone and is being made again.
    pub(super) fn reconnecting(&self) {
        self.change(|seen| seen.connect(Connection::Connecting));
    }

    /// Nothing works until somebody does what `fix` says.
    pub(super) fn disable(&self, fix: &str) {
        if self.change(|seen| seen.connection = Connection::Refused(fix.to_owned())) {
            tracing::error!("Discord is disabled: {fix}");
        }
    }

    /// Nothing works in `channel` until somebody does what `fix` says.
    pub(super) fn close(&self, channel: ChannelId, fix: &str) {
        let known = self.seen().closed.get(&channel).is_some_and(|known| known == fix);
        if !known {
            tracing::error!(%channel, "Discord channel {channel} is closed to the bot: {fix}");
            self.change(|seen| drop(seen.closed.insert(channel, fix.to_owned())));
        }
    }

    /// `channel` works, perhaps again.
    pub(super) fn open(&self, channel: ChannelId) {
        let was_closed = self.seen().closed.remove(&channel).is_some();
        if was_closed {
            tracing::info!(%channel, "Discord channel {channel} is open to the bot again");
            self.change(|_| ());
            self.mended.notify_one();
        }
    }

    pub(super) fn is_closed(&self, channel: ChannelId) -> bool {
        self.seen().closed.contains_key(&channel)
    }

    /// Waits until a channel has been opened again.
    pub(super) async fn mended(&self) {
        self.mended.notified().await;
    }

    /// Notes a change, and gives whether the state is another one now.
    fn change(&self, change: impl FnOnce(&mut Seen)) -> bool {
        let mut seen = self.seen();
        change(&mut seen);
        let state = seen.state(self.posts_channel);
        self.state.send_if_modified(|known| {
            let changed = *known != state;
            *known = state;
            changed
        })
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Seen {
    /// A refusal is final: what the gateway reports afterwards does not undo it.
    fn connect(&mut self, connection: Connection) {
        if !matches!(self.connection, Connection::Refused(_)) {
            self.connection = connection;
        }
    }

    fn state(&self, posts_channel: Option<ChannelId>) -> DiscordState {
        let closed = posts_channel.and_then(|channel| self.closed.get(&channel));
        match (&self.connection, closed) {
            (Connection::Off, _) => DiscordState::Off,
            (Connection::Refused(fix), _) | (_, Some(fix)) => DiscordState::Disabled(fix.clone()),
            (Connection::Connecting, None) => DiscordState::Connecting,
            (Connection::Connected, None) => DiscordState::Ready,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_posts_channel_disables_until_it_opens() {
        let [posts, other] = [1, 2].map(|n| ChannelId::new(n).unwrap());
        let health = Health::connecting(Some(posts));
        let state = health.state();
        health.connected();
        health.close(other, "invite the bot");
        assert_eq!(*state.borrow(), DiscordState::Ready);
        health.close(posts, "give the bot Send Messages");
        assert_eq!(*state.borrow(), DiscordState::Disabled("give the bot Send Messages".to_owned()));
        assert_eq!(health.closed_channels().len(), 2);
        health.open(posts);
        assert_eq!(*state.borrow(), DiscordState::Ready);
    }

    #[test]
    fn a_refusal_is_final() {
        let health = Health::connecting(None);
        health.disable("make a new token");
        health.connected();
        assert_eq!(*health.state().borrow(), DiscordState::Disabled("make a new token".to_owned()));
    }
}
