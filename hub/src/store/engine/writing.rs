//! Whether the database takes writes, as the last one showed.

use std::sync::Arc;

use tokio::sync::watch;

use crate::store::sql::StoreError;

/// Hears of every write. What keeps one from being made keeps all from it until one is made again; what only a row or
/// a statement is to blame for is nothing to it.
#[derive(Debug, Clone)]
pub(super) struct Writing(Arc<watch::Sender<Option<String>>>);

impl Writing {
    pub(super) fn new() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }

    /// A step of a write.
    pub(super) fn step<T>(&self, made: Result<T, StoreError>) -> Result<T, StoreError> {
        made.inspect_err(|error| {
            if error.is_outage() {
                let why = error.to_string();
                self.0.send_if_modified(|known| {
                    let is_new = known.as_ref() != Some(&why);
                    *known = Some(why);
                    is_new
                });
            }
        })
    }

    /// The end of a write, after which it is there.
    pub(super) fn commit(&self, made: Result<(), StoreError>) -> Result<(), StoreError> {
        if made.is_ok() {
            self.0.send_if_modified(|known| known.take().is_some());
        }
        self.step(made)
    }

    pub(super) fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.0.subscribe()
    }
}
