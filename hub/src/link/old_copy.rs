//! Whether an agent runs on an old copy of its data directory.
//!
//! Such an agent has a run of its own, like any other that was started anew, so its sequences tell nothing. Its ledger
//! does: it ends with a batch after which others were acknowledged. Nothing is lost by it, since what the agent sends
//! again is known by its content; but the spool may be as old as the ledger, and two agents may run on two copies.

use slomix_shared::wire::{AgentStatus, limits};

use super::{AgentRecord, Registry, RegistryError};

/// Later batches are counted up to here.
const COUNTED: u32 = 1000;

/// How many batches were acknowledged to the run before this one of which the agent's ledger knows nothing: 0 where it
/// knows of all of them, or as good as all. An agent that does not tell, or whose last batch is not kept here, is taken
/// at its word.
pub(super) async fn forgotten(
    registry: &impl Registry,
    agent: &AgentRecord,
    status: &AgentStatus,
) -> Result<u64, RegistryError> {
    let (Some(boot), Some(mark)) = (status.boot, status.began_after) else { return Ok(0) };
    let later = registry.batches_since(agent.id, mark, boot, COUNTED).await?;
    Ok(later.filter(|batches| *batches > limits::BATCHES_UNDER_WAY as u64).unwrap_or(0))
}
