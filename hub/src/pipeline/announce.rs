//! Which posts a change asks for.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::domain::round::{Match, Round, Session, Status};
use crate::store::derived::Changes;
use crate::store::posts::Wanted;
use crate::store::{StoreError, WriteTx};

/// The post of one round.
pub(super) const ROUND: &str = "round";
/// The message of one session, edited as its rounds land.
pub(super) const SESSION: &str = "session";

/// The channels that a server's posts go to.
pub type Channels = Arc<dyn Fn(&str) -> Vec<String> + Send + Sync>;

/// Writes what should be posted into the outbox, in the transaction that derived it.
#[derive(Clone)]
pub struct Announcer {
    channels: Channels,
    /// Only rounds that ended less than this long ago are posted anew, in milliseconds. Older ones are stored in
    /// silence, so that a first start, an import or a month of backlog never floods a channel.
    newest_ms: i64,
    /// How long a second half waits for its first half before it is posted with match totals, in milliseconds.
    orphan_wait_ms: i64,
    bell: Arc<Notify>,
}

impl Announcer {
    /// An announcer; `newest_ms` is how old a round may be to be posted.
    pub fn new(channels: Channels, newest_ms: i64) -> Self {
        Self { channels, newest_ms, orphan_wait_ms: 10_000, bell: Arc::new(Notify::new()) }
    }

    /// An announcer for commands that post nothing.
    pub fn silent() -> Self {
        Self::new(Arc::new(|_| Vec::new()), 0)
    }

    /// Rung after every commit that may have asked for posts.
    pub fn bell(&self) -> Arc<Notify> {
        Arc::clone(&self.bell)
    }

    pub(super) fn ring(&self) {
        self.bell.notify_one();
    }

    /// Asks for the posts of what was derived, and for edits of what was posted before.
    pub(super) async fn want(
        &self,
        tx: &mut WriteTx,
        server: &str,
        derived: &[(Span, Derived)],
        changes: &Changes,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let channels = (self.channels)(server);
        if channels.is_empty() || (changes.rounds.is_empty() && changes.gone.is_empty() && changes.sessions.is_empty())
        {
            return Ok(());
        }
        for (span, block) in derived {
            let standing = tx.posts_between(server, span.first.seconds(), span.last.seconds()).await?;
            let mut order: Vec<&Round> = block.rounds.iter().collect();
            order.sort_by_key(|round| (round.start_ms, round.id));
            for round in &order {
                let play = round.match_id.and_then(|id| block.matches.iter().find(|play| play.id == id));
                let session = block.sessions.iter().find(|session| session.id == round.session);
                let wait = if round.status == Status::Orphan { now_ms + self.orphan_wait_ms } else { 0 };
                let wanted = Wanted {
                    server,
                    files: &[&round.file_name],
                    kind: ROUND,
                    hash: hash_round(round, play, session, &block.matches, changes),
                    may_be_new: now_ms - round.end_ms < self.newest_ms && round.status != Status::Aborted,
                    not_before_ms: wait,
                };
                for channel in &channels {
                    tx.want_post(channel, &wanted, &standing).await?;
                }
            }
            for session in &block.sessions {
                // Which round is the first may change when a late file comes; the message stays the session's own.
                let own: Vec<&Round> = order.iter().filter(|round| round.session == session.id).copied().collect();
                let files: Vec<&str> = own.iter().map(|round| round.file_name.as_str()).collect();
                let wanted = Wanted {
                    server,
                    files: &files,
                    kind: SESSION,
                    hash: hash_session(session, &own, &block.matches, changes),
                    may_be_new: now_ms - session.end_ms < self.newest_ms,
                    not_before_ms: 0,
                };
                for channel in &channels {
                    tx.want_post(channel, &wanted, &standing).await?;
                }
            }
        }
        let first = derived.iter().map(|(span, _)| span.first.seconds()).min();
        let last = derived.iter().map(|(span, _)| span.last.seconds()).max();
        match first.zip(last).filter(|_| !changes.gone.is_empty()) {
            Some((first, last)) => tx.want_notice_of_gone(server, first, last).await,
            None => Ok(()),
        }
    }
}

/// Everything that a round's post shows: its own numbers and awards, its map's result and the score up to there.
fn hash_round(
    round: &Round,
    play: Option<&Match>,
    session: Option<&Session>,
    matches: &[Match],
    changes: &Changes,
) -> [u8; 32] {
    let so_far = matches
        .iter()
        .filter(|other| other.session == round.session && other.stamp <= round.stamp && other.counted)
        .map(|other| (other.id, other.result.as_str(), other.winner_team))
        .collect::<Vec<_>>();
    let names: Vec<&[Option<String>; 2]> = session.iter().flat_map(|one| &one.epochs).map(|one| &one.names).collect();
    // Teams without names show as they did before there were any.
    let names = names.iter().any(|two| two.iter().any(Option::is_some)).then(|| format!("{names:?}"));
    let session = session.map(|session| session.id);
    let shown = changes.digests.get(&round.id);
    digest(&format!("{shown:?}{play:?}{so_far:?}{session:?}{}", names.unwrap_or_default()))
}

/// Everything that a session's message shows: the score, the maps and the numbers of every round.
fn hash_session(session: &Session, rounds: &[&Round], matches: &[Match], changes: &Changes) -> [u8; 32] {
    let own: Vec<&Match> = matches.iter().filter(|play| play.session == session.id).collect();
    let digests: Vec<_> = rounds.iter().map(|round| changes.number_digests.get(&round.id)).collect();
    digest(&format!("{session:?}{own:?}{digests:?}"))
}

fn digest(text: &str) -> [u8; 32] {
    *blake3::hash(text.as_bytes()).as_bytes()
}
