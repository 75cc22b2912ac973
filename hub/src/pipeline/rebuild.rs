//! Makes every derived row again from the archive and the decisions, block by block, while readers go on reading.

use crate::store::Durability;

use super::deriver::{Deriver, PipelineError};

/// What a rebuild did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rebuilt {
    /// Blocks derived anew.
    pub blocks: usize,
    /// Blocks left as they are, since a content that is kept for them is damaged.
    pub left_alone: usize,
    /// Rows that differed and were written or removed.
    pub rows: usize,
    /// Totals that differed from their leaves.
    pub totals: usize,
    /// Files that belong to no block.
    pub lone: usize,
}

/// Rebuilds everything. `progress` gets (blocks done, blocks in all).
pub async fn rebuild(deriver: &Deriver, mut progress: impl FnMut(usize, usize)) -> Result<Rebuilt, PipelineError> {
    let store = deriver.store();
    let mut rebuilt = Rebuilt::default();
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
            match rewritten {
                Some(changes) => rebuilt.rows += changes.rows,
                None => rebuilt.left_alone += 1,
            }
        }
        progress(done + 1, all);
    }
    rebuilt.rows += deriver.remove_stale().await?;
    rebuilt.rows += deriver.drive_all(|_| ()).await?.changes.rows;
    rebuilt.lone = deriver.rewrite_lone().await?;
    let mut tx = store.begin(Durability::Relaxed).await?;
    rebuilt.totals = tx.remake_totals().await?;
    tx.commit().await?;
    Ok(rebuilt)
}
