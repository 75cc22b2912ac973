use std::future::Future;

use slomix_shared::wire::{AckItem, OpenBatch};

use super::AgentRecord;

/// The archive could not keep a batch: the disk is full, or the database is down. The agent is not acknowledged and
/// sends it again.
#[derive(Debug, thiserror::Error)]
#[error("the archive could not keep the batch")]
pub struct IntakeError {
    /// Why.
    pub source: Box<dyn std::error::Error + Send + Sync>,
    /// Whether nothing can be kept now, which the hub tells of once and not for every batch.
    pub is_outage: bool,
}

/// Where batches go: the archive.
pub trait Intake: Send + Sync + 'static {
    /// Keeps every file of `batch`, which is verified and holds at least one, and resolves only when that is durable.
    ///
    /// The answers are in the order of `batch.files` and as many. Files that were refused on the way are not in
    /// `batch.files`, though the signed head still lists them.
    fn receive(
        &self,
        batch: OpenBatch,
        from: &AgentRecord,
    ) -> impl Future<Output = Result<Vec<AckItem>, IntakeError>> + Send;
}
