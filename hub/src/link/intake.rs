use std::future::Future;

use slomix_shared::wire::{AckItem, OpenBatch};

use super::AgentRecord;

/// A batch is not in the archive. The agent is not acknowledged.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// The archive could not keep it: the disk is full, or the database is down. The agent sends it again.
    #[error("the archive could not keep the batch")]
    NotKept {
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
        /// Whether nothing can be kept now, which the hub tells of once and not for every batch.
        is_outage: bool,
    },
    /// The agent was revoked while its batch was on the way.
    #[error("the agent was revoked before its batch was kept")]
    Revoked,
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
