//! Derives everything anew and compares it with what stands, without writing anything.

use super::super::deriver::{Deriver, PipelineError};

/// What a comparison found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Compared {
    /// Blocks that were derived anew and compared.
    pub blocks: usize,
    /// Blocks that a damaged content keeps from being compared.
    pub left_alone: usize,
    /// Blocks that are not what is derived now.
    pub differing: Vec<DifferingBlock>,
}

/// A block whose rows are not what is derived now.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct DifferingBlock {
    /// The server's key.
    pub server: String,
    /// The stamp of its first file, as in a file's name.
    pub first: String,
    /// Rows that differ.
    pub rows: usize,
}

/// Compares block by block; live arrivals go on in between. `progress` gets (blocks done, blocks in all).
pub async fn compare(deriver: &Deriver, mut progress: impl FnMut(usize, usize)) -> Result<Compared, PipelineError> {
    let store = deriver.store();
    let mut work = Vec::new();
    for server in store.servers().await? {
        for span in store.all_spans(&server).await? {
            work.push((server.clone(), span));
        }
    }
    let all = work.len();
    let mut compared = Compared::default();
    for (done, (server, span)) in work.into_iter().enumerate() {
        for rows in deriver.compare(&server, span.first.seconds()..=span.last.seconds()).await? {
            let (server, first) = (server.clone(), span.first.to_string());
            compared.blocks += usize::from(rows.is_some());
            match rows {
                Some(0) => {}
                Some(rows) => compared.differing.push(DifferingBlock { server, first, rows }),
                None => compared.left_alone += 1,
            }
        }
        progress(done + 1, all);
    }
    for (server, first, rows) in deriver.compare_stale().await? {
        let first = slomix_shared::artifact::LocalStamp::from_seconds(first).to_string();
        let Some(rows) = rows else {
            compared.left_alone += 1;
            continue;
        };
        compared.differing.push(DifferingBlock { server, first, rows });
    }
    Ok(compared)
}
