//! Who is calling.

use quinn::Connection;
use quinn::crypto::rustls::HandshakeData;
use rustls::pki_types::CertificateDer;
use slomix_shared::identity::{AgentId, agent_of};
use slomix_shared::wire::{ALPN_JOIN, ALPN_LINK, CloseCode};

use super::{AgentRecord, Registry};

/// What a connection wants, by its ALPN.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Link,
    Join,
}

pub(super) fn purpose(connection: &Connection) -> Option<Purpose> {
    let data = connection.handshake_data()?.downcast::<HandshakeData>().ok()?;
    match data.protocol?.as_slice() {
        ALPN_LINK => Some(Purpose::Link),
        ALPN_JOIN => Some(Purpose::Join),
        _ => None,
    }
}

/// The agent in the caller's certificate. TLS has checked that our authority signed it and that it holds today.
pub(super) fn certified_agent(connection: &Connection) -> Option<AgentId> {
    let chain = connection.peer_identity()?.downcast::<Vec<CertificateDer<'static>>>().ok()?;
    agent_of(chain.first()?).ok()
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
