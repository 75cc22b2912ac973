//! Watches over the database: that it answers, takes writes, and is this hub's.
//!
//! What ails the database ails everything that works on it, and all of it tries again and again. So it is this that
//! tells the log, once, and again when it changes.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

use crate::link::Clock;
use crate::store::Store;

/// How often is looked.
const EVERY: Duration = Duration::from_secs(1);
/// A database that does not answer within this time is in trouble.
pub(super) const PATIENCE: Duration = Duration::from_secs(2);

/// Since when the database does not answer, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Silence {
    pub(super) since_ms: i64,
    pub(super) why: String,
}

/// What is known of the database without asking it.
#[derive(Clone)]
pub(super) struct Condition {
    store: Store,
    clock: Clock,
    silence: Arc<watch::Sender<Option<Silence>>>,
    writing: watch::Receiver<Option<String>>,
}

impl Condition {
    pub(super) fn of(store: Store, clock: Clock) -> Self {
        let writing = store.write_trouble();
        Self { store, clock, silence: Arc::new(watch::Sender::new(None)), writing }
    }

    /// Since when the database does not answer; it is asked unless that is known.
    pub(super) async fn silence(&self) -> Option<Silence> {
        let known = self.silence.borrow().clone();
        if known.is_some() {
            return known;
        }
        let why = self.ask().await;
        self.note(why)
    }

    /// Why nothing can be written, from the failure of a write to the next one that is made.
    pub(super) fn write_trouble(&self) -> Option<String> {
        self.writing.borrow().clone()
    }

    async fn ask(&self) -> Option<String> {
        match timeout(PATIENCE, self.store.answers()).await {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("the database did not answer within {} s", PATIENCE.as_secs())),
        }
    }

    fn note(&self, why: Option<String>) -> Option<Silence> {
        let since_ms = self.silence.borrow().as_ref().map(|known| known.since_ms);
        let silence = why.map(|why| Silence { since_ms: since_ms.unwrap_or_else(|| (self.clock)()), why });
        self.silence.send_replace(silence.clone());
        silence
    }

    /// Looks until it is aborted.
    pub(super) async fn watch(self) {
        let mut writing = self.store.write_trouble();
        let mut told = None;
        loop {
            let why = self.ask().await;
            if why.is_none() {
                // Before anybody hears that the database is back, it is this hub's again.
                self.write_again().await;
            }
            let now = self.note(why).map(|silence| silence.why).or_else(|| self.write_trouble());
            tell(told.as_deref(), now.as_deref());
            told = now;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                // The store lives as long as this does.
                Ok(()) = writing.changed() => {}
            }
        }
    }

    /// Looks after the hold on the database, and whether what kept writes from being made is gone. What is wrong the
    /// store keeps in mind.
    async fn write_again(&self) {
        if self.store.keep_hold().await.is_ok() && self.write_trouble().is_some() {
            let _ = self.store.try_writing().await;
        }
    }
}

fn tell(before: Option<&str>, now: Option<&str>) {
    match (before, now) {
        (_, Some(now)) if before != Some(now) => {
            tracing::error!("nothing can be kept now, agents keep what they have: {now}");
        }
        (Some(_), None) => tracing::info!("the database is well again, and what comes is kept"),
        _ => {}
    }
}
