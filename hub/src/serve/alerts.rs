//! What an operator should hear of without asking.
//!
//! Every so often the [`rules`] look at the hub and its agents. What they find must hold for each rule's patience before
//! it is an alert; then it stands in the status and in the metrics, and goes to the admins' channel once. See the table
//! of alerts in the README.

mod book;
mod growth;
mod rules;
mod watch;

pub(super) use watch::EVERY;

use std::sync::Arc;

use tokio::sync::watch as channel;

use crate::reports::alert::Alert;

/// The alerts there are, and those that are over since a short while.
#[derive(Debug, Clone)]
pub(super) struct Alerts(Arc<channel::Sender<Vec<Alert>>>);

impl Alerts {
    /// None so far.
    pub(super) fn none() -> Self {
        Self(Arc::new(channel::Sender::new(Vec::new())))
    }

    /// Those that there are now.
    pub(super) fn now(&self) -> Vec<Alert> {
        self.0.borrow().iter().filter(|alert| alert.over_ms.is_none()).cloned().collect()
    }

    /// Those that there are now or were until a short while ago, at each change.
    pub(super) fn changes(&self) -> channel::Receiver<Vec<Alert>> {
        self.0.subscribe()
    }
}
