use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::domain::decisions::{Correction, Decisions};
use crate::store::{Store, StoreError};

/// What people decided, as it was last read: it is read again when something was decided or undone since, and followed
/// to other files again when files came. Most turns find neither, and years of decisions cost them nothing.
#[derive(Debug, Default)]
pub(super) struct Heeded(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    decided: Option<[i64; 2]>,
    files: [i64; 2],
    corrections: Vec<Correction>,
    by_server: BTreeMap<String, Arc<Decisions>>,
}

impl Heeded {
    /// What holds for a server now.
    pub(super) async fn of(&self, store: &Store, server: &str) -> Result<Arc<Decisions>, StoreError> {
        let mut known = self.0.lock().await;
        // Asked first: what comes meanwhile is read again the next time rather than never.
        let (decided, files) = (store.state_of_decisions().await?, store.state_of_files().await?);
        if known.decided != Some(decided) {
            *known = Known { corrections: store.corrections().await?, decided: Some(decided), ..Known::default() };
        }
        if known.files != files {
            known.by_server.clear();
            known.files = files;
        }
        if let Some(decisions) = known.by_server.get(server) {
            return Ok(Arc::clone(decisions));
        }
        let decisions = Arc::new(store.heeded(server, &known.corrections).await?);
        known.by_server.insert(server.to_owned(), Arc::clone(&decisions));
        Ok(decisions)
    }
}
