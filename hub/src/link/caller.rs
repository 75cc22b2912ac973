//! Who is calling.

use slomix_line::Connection;
use slomix_shared::identity::{AgentId, agent_of, not_after_ms};
use slomix_shared::wire::{ALPN_JOIN, ALPN_LINK, CloseCode};

use super::{AgentRecord, Registry};

/// What a connection wants, by its ALPN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Link,
    Join,
}

pub(super) fn purpose(connection: &Connection) -> Option<Purpose> {
    match connection.alpn()?.as_slice() {
        ALPN_LINK => Some(Purpose::Link),
        ALPN_JOIN => Some(Purpose::Join),
        _ => None,
    }
}

/// What a caller has shown of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shown {
    /// The agent that the certificate names.
    pub(super) agent: AgentId,
    /// The certificate's last moment, Unix milliseconds.
    pub(super) ends_at_ms: i64,
    /// Tells certificates of one agent apart.
    pub(super) hash: [u8; 32],
}

/// The caller's certificate. TLS has checked that our authority signed it and that it holds now.
pub(super) fn shown(connection: &Connection) -> Option<Shown> {
    let chain = connection.peer_chain()?;
    let leaf = chain.first()?;
    let (agent, ends_at_ms) = (agent_of(leaf).ok()?, not_after_ms(leaf).ok()?);
    Some(Shown { agent, ends_at_ms, hash: *blake3::hash(leaf).as_bytes() })
}

/// The agent, if it may ship now; else why not.
pub(super) async fn admit(registry: &impl Registry, id: AgentId) -> Result<AgentRecord, CloseCode> {
    match registry.agent(id).await {
        Ok(Some(agent)) if agent.revoked_at_ms.is_none() => Ok(agent),
        Ok(Some(_)) => Err(CloseCode::Revoked),
        Ok(None) => Err(CloseCode::NotEnrolled),
        Err(error) if error.is_outage => Err(CloseCode::Unavailable),
        Err(error) => {
            tracing::error!(agent.id = %id, error = &error as &dyn std::error::Error, "cannot look up an agent");
            Err(CloseCode::Unavailable)
        }
    }
}
