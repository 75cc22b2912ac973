//! What an operator should hear of without asking.
//!
//! Every so often the [`rules`] look at the hub and its agents. What they find must hold for each rule's patience before
//! it is an alert; then it stands in the status and in the metrics, and goes to the admins' channel once. See the table
//! of alerts in the README.

mod book;
mod clear;
mod growth;
mod rules;
mod watch;

pub(super) use watch::EVERY;

use std::sync::Arc;

use tokio::sync::watch as channel;

use crate::reports::alert::{Alert, Board};

/// The alerts there are, those that are over since a short while, and what is known to be well.
#[derive(Debug, Clone)]
pub(super) struct Alerts(Arc<channel::Sender<Board>>);

impl Alerts {
    /// None so far.
    pub(super) fn none() -> Self {
        Self(Arc::new(channel::Sender::new(Board::default())))
    }

    /// Those that there are now.
    pub(super) fn now(&self) -> Vec<Alert> {
        self.0.borrow().alerts.iter().filter(|alert| alert.over_ms.is_none()).cloned().collect()
    }

    /// What is wrong and what is not, at each change.
    pub(super) fn changes(&self) -> channel::Receiver<Board> {
        self.0.subscribe()
    }
}
