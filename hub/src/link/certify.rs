//! Certificates for agents that have one already, or had one.

use serde_bytes::ByteBuf;
use slomix_line::Connection;
use slomix_shared::wire::{CertificateReply, CertificateRequest, Certified, CloseCode, PROTOCOL_VERSION};

use super::endpoint::Hub;
use super::{AgentRecord, Intake, Registry, caller};

/// Why there is no certificate.
pub(super) enum Refusal {
    /// The agent may not ship, so the connection ends.
    NotAdmitted(CloseCode),
    /// Something else, in words for the admin at the other end.
    Because(String),
}

/// Renews, over the link, the certificate of the agent whose connection it is.
pub(super) async fn renew<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    connection: &Connection,
    connected: &AgentRecord,
    request: &CertificateRequest,
) -> Result<CertificateReply, Refusal> {
    // Looked up again: a revoked agent gets no certificate, even while its connection is being closed.
    let agent = admit(hub, connected.id).await?;
    if request.agent != agent.id {
        return Err(Refusal::Because("the request names another agent than the connection's certificate".to_owned()));
    }
    check(connection, &agent, request)?;
    let reply = issue(hub, &agent, request)?;
    tracing::info!(agent.id = %agent.id, agent.name = agent.name, "renewed an agent's certificate");
    Ok(reply)
}

/// What to do where the hub will not have an agent as it is.
fn join_again(why: &str) -> Refusal {
    Refusal::Because(format!("{why}: stop it and join again, slomix-agent join TOKEN --force"))
}

/// Takes the request of a caller without a certificate for the operator to decide, or answers it once he has.
pub(super) async fn readmit<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    connection: &Connection,
    request: &CertificateRequest,
) -> Result<CertificateReply, Refusal> {
    let agent = admit(hub, request.agent).await.map_err(|refusal| match refusal {
        Refusal::NotAdmitted(CloseCode::Revoked) => join_again("the hub has revoked this agent"),
        Refusal::NotAdmitted(_) => join_again("the hub does not know this agent"),
        because @ Refusal::Because(_) => because,
    })?;
    // Before anything is noted: only who holds the key can make a request for it.
    check(connection, &agent, request)?;
    let (now_ms, address) = ((hub.clock)(), connection.remote_address().ip().to_string());
    let asked = hub.registry.ask_readmission(agent.id, &address, now_ms).await;
    let asked = asked.map_err(|error| {
        tracing::error!(agent.id = %agent.id, error = &error as &dyn std::error::Error, "cannot note what an agent asks");
        Refusal::Because("the hub cannot reach its list of agents now".to_owned())
    })?;
    match asked {
        None => Err(join_again("the hub has revoked this agent")),
        Some(asked) if asked.approved_at_ms.is_some() => {
            let reply = issue(hub, &agent, request)?;
            tracing::info!(agent.id = %agent.id, agent.name = agent.name, %address, "an agent is let in again");
            Ok(reply)
        }
        Some(asked) => {
            if asked.since_ms == now_ms {
                tracing::warn!(
                    agent.id = %agent.id, agent.name = agent.name, %address,
                    "an agent without a good certificate asks to be let in again: slomix-hub agent approve NAME"
                );
            }
            Ok(CertificateReply::Pending { since_ms: Some(asked.since_ms) })
        }
    }
}

async fn admit<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    id: slomix_shared::identity::AgentId,
) -> Result<AgentRecord, Refusal> {
    caller::admit(&*hub.registry, id).await.map_err(|why| match why {
        CloseCode::Unavailable => Refusal::Because("the hub cannot reach its list of agents now".to_owned()),
        why => Refusal::NotAdmitted(why),
    })
}

/// Whether the holder of the agent's signing key made the request, for this connection.
fn check(connection: &Connection, agent: &AgentRecord, request: &CertificateRequest) -> Result<(), Refusal> {
    if request.version != PROTOCOL_VERSION {
        let spoken = request.version;
        return Err(Refusal::Because(format!(
            "the agent speaks version {spoken}, this hub {PROTOCOL_VERSION}: update the older of them"
        )));
    }
    let binding = connection.binding();
    let binding =
        binding.ok_or_else(|| Refusal::Because("the connection gives nothing to bind the request to".to_owned()))?;
    let proven = request.verify(&binding, &agent.signing_key);
    proven.map_err(|error| Refusal::Because(format!("the proof of possession does not fit: {error}")))
}

fn issue<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    agent: &AgentRecord,
    request: &CertificateRequest,
) -> Result<CertificateReply, Refusal> {
    let now_ms = (hub.clock)();
    let chain = hub.keys.authority.issue_agent(&request.csr, agent.id, now_ms, hub.certificate_life);
    let chain = chain.map_err(|error| Refusal::Because(error.to_string()))?;
    Ok(CertificateReply::Certified(Certified {
        certificates: chain.iter().map(|der| ByteBuf::from(der.to_vec())).collect(),
        clock_ms: Some(now_ms),
    }))
}
