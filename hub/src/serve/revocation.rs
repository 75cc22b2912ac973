//! Cuts off agents that were revoked while they were connected.

use std::sync::Arc;
use std::time::Duration;

use slomix_shared::wire::CloseCode;

use super::StoreRegistry;
use crate::link::{Connections, Registry};

/// How often the list is looked at. `agent revoke` is a program of its own that writes into the database; a revoked
/// agent's batches are refused from that moment on, and its connection ends within this time.
const EVERY: Duration = Duration::from_secs(1);

/// Runs until it is aborted.
pub(super) async fn watch(registry: Arc<StoreRegistry>, connections: Arc<Connections>) {
    loop {
        tokio::time::sleep(EVERY).await;
        for agent in connections.list() {
            // A database that does not answer is everybody's trouble, and not a reason to cut anybody off.
            let Ok(found) = registry.agent(agent.id).await else { break };
            let why = match found {
                Some(record) if record.revoked_at_ms.is_none() => continue,
                Some(_) => CloseCode::Revoked,
                None => CloseCode::NotEnrolled,
            };
            if connections.close(agent.id, why) {
                tracing::info!(agent.id = %agent.id, agent.name = agent.name, "the agent is revoked and cut off");
            }
        }
    }
}
