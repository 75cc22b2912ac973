//! Which posts a change asks for.

use std::collections::BTreeMap;
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
/// The post of one map play, once its second half is there.
pub(super) const MAP: &str = "map";
/// The message of one session, edited as its rounds land.
pub(super) const SESSION: &str = "session";
/// The digest of one session, once it is over.
pub(super) const DIGEST: &str = "digest";

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
    /// What is posted anew beside rounds and sessions.
    extras: Extras,
    bell: Arc<Notify>,
}

/// What is posted beside rounds and sessions. What was posted is amended even where it is not posted any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extras {
    /// A post for each map, after its second half.
    pub maps: bool,
    /// A digest for each session, once it is over.
    pub digests: bool,
}

impl Default for Extras {
    fn default() -> Self {
        Self { maps: true, digests: true }
    }
}

impl Announcer {
    /// An announcer; `newest_ms` is how old a round may be to be posted.
    pub fn new(channels: Channels, newest_ms: i64) -> Self {
        let (extras, bell) = (Extras::default(), Arc::new(Notify::new()));
        Self { channels, newest_ms, orphan_wait_ms: 10_000, extras, bell }
    }

    /// The same with other posts beside rounds and sessions.
    #[must_use]
    pub fn with(self, extras: Extras) -> Self {
        Self { extras, ..self }
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
                let Some(play) = play.filter(|play| play.second == Some(round.id)) else { continue };
                // Which first half a second half has may change; the second half is what ends the map.
                let wanted = Wanted {
                    kind: MAP,
                    hash: hash_map(round, play, session, &block.matches, &changes.digests),
                    may_be_new: wanted.may_be_new && self.extras.maps,
                    ..wanted
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
                // It is posted when the session is over; what comes later amends it.
                let hash = hash_digest(session, &own, &block.matches, &changes.digests);
                let digest = Wanted { kind: DIGEST, hash, may_be_new: false, ..wanted };
                for channel in &channels {
                    tx.want_post(channel, &digest, &standing).await?;
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

    /// Asks for the digest of a session that is over, in each channel that has the session's message. A session that
    /// was stored in silence stays silent.
    pub(super) async fn want_digest(
        &self,
        tx: &mut WriteTx,
        server: &str,
        (span, block): &(Span, Derived),
        session: i64,
        digests: &BTreeMap<i64, Vec<u8>>,
    ) -> Result<(), StoreError> {
        let Some(session) = block.sessions.iter().find(|one| one.id == session).filter(|_| self.extras.digests) else {
            return Ok(());
        };
        let standing = tx.posts_between(server, span.first.seconds(), span.last.seconds()).await?;
        let mut own: Vec<&Round> = block.rounds.iter().filter(|round| round.session == session.id).collect();
        own.sort_by_key(|round| (round.start_ms, round.id));
        let files: Vec<&str> = own.iter().map(|round| round.file_name.as_str()).collect();
        let hash = hash_digest(session, &own, &block.matches, digests);
        for channel in (self.channels)(server) {
            let may_be_new = standing.has_any(&channel, SESSION, &files);
            let wanted = Wanted { server, files: &files, kind: DIGEST, hash, may_be_new, not_before_ms: 0 };
            tx.want_post(&channel, &wanted, &standing).await?;
        }
        Ok(())
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
    let session = session.map(|session| session.id);
    digest(&format!("{:?}{play:?}{so_far:?}{session:?}", changes.digests.get(&round.id)))
}

/// Everything that a map's post shows: the numbers and awards of both halves, the result, the score up to there and
/// what the teams are called.
fn hash_map(
    second: &Round,
    play: &Match,
    session: Option<&Session>,
    matches: &[Match],
    digests: &BTreeMap<i64, Vec<u8>>,
) -> [u8; 32] {
    let so_far = matches
        .iter()
        .filter(|other| other.session == play.session && other.stamp <= play.stamp && other.counted)
        .map(|other| (other.id, other.result.as_str(), other.winner_team))
        .collect::<Vec<_>>();
    let epochs = session.map(|session| session.epochs.iter()).into_iter().flatten();
    let names = epochs.filter(|epoch| epoch.rounds.contains(&second.id)).map(|epoch| &epoch.names).next();
    let halves = [play.first, play.second].map(|half| half.and_then(|half| digests.get(&half)));
    let session = session.map(|session| session.id);
    digest(&format!("map {play:?}{halves:?}{so_far:?}{names:?}{session:?}"))
}

/// Everything that a session's digest shows: what its message shows, and the awards.
fn hash_digest(session: &Session, rounds: &[&Round], matches: &[Match], digests: &BTreeMap<i64, Vec<u8>>) -> [u8; 32] {
    let own: Vec<&Match> = matches.iter().filter(|play| play.session == session.id).collect();
    let digests: Vec<_> = rounds.iter().map(|round| digests.get(&round.id)).collect();
    digest(&format!("digest {session:?}{own:?}{digests:?}"))
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
