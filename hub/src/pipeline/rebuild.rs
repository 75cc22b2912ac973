//! Makes every derived row again from the archive and the decisions, block by block, while readers go on reading.

use crate::store::Durability;
use crate::store::derived::Changes;

use super::deriver::{Deriver, PipelineError};

/// What a rebuild did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rebuilt {
    /// Blocks derived anew.
    pub blocks: usize,
    /// Kept files whose rows were damaged and are right now, by what was left of them, or their contents, by another
    /// file that has the same.
    #[serde(default)]
    pub healed: usize,
    /// Blocks left as they are, since a content or row that is kept for them is damaged.
    pub left_alone: usize,
    /// Rows that differed and were written or removed.
    pub rows: usize,
    /// Totals that differed from their leaves.
    pub totals: usize,
    /// Files that belong to no block.
    pub lone: usize,
}

impl Rebuilt {
    /// Counts a block: what changed, or that it was left alone.
    fn count(&mut self, block: Option<&Changes>) {
        match block {
            Some(changes) => self.rows += changes.rows,
            None => self.left_alone += 1,
        }
    }
}

/// Rebuilds everything. `progress` gets (blocks done, blocks in all).
pub async fn rebuild(deriver: &Deriver, mut progress: impl FnMut(usize, usize)) -> Result<Rebuilt, PipelineError> {
    let store = deriver.store();
    let healed = store.heal_rows().await?.len() + store.heal_contents().await?.len();
    let mut rebuilt = Rebuilt { healed, ..Rebuilt::default() };
    rebuilt.rows += store.remove_orphans().await?;
    let mut work = Vec::new();
    for server in store.servers().await? {
        for span in store.all_spans(&server).await? {
            work.push((server.clone(), span));
        }
    }
    let all = work.len();
    for (done, (server, span)) in work.into_iter().enumerate() {
        let stamps = span.first.seconds()..=span.last.seconds();
        for rewritten in deriver.rewrite(&server, stamps).await? {
            rebuilt.blocks += usize::from(rewritten.is_some());
            rebuilt.count(rewritten.as_ref());
        }
        progress(done + 1, all);
    }
    for removed in deriver.remove_stale().await? {
        rebuilt.count(removed.as_ref());
    }
    rebuilt.rows += deriver.drive_all(|_| ()).await?.changes.rows;
    rebuilt.lone = deriver.rewrite_lone().await?;
    let mut tx = store.begin(Durability::Relaxed).await?;
    rebuilt.totals = tx.remake_totals().await?;
    rebuilt.rows += tx.remove_nobodies().await?;
    tx.commit().await?;
    Ok(rebuilt)
}
