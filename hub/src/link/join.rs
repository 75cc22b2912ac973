//! Joining: a one-time secret against a certificate. Also the door for agents whose certificate has run out.

use std::time::Duration;

use serde_bytes::ByteBuf;
use slomix_line::{Connection, SendStream};
use slomix_shared::identity::{AgentId, JoinSecret, not_after_ms};
use slomix_shared::wire::{
    CertificateReply, CertificateRequest, CloseCode, JoinReply, JoinRequest, Joined, Message, PROTOCOL_VERSION,
};

use super::certify::{self, Refusal};
use super::endpoint::Hub;
use super::frames::{self, Either, FrameFault};
use super::keys::random;
use super::{Enrolment, Intake, NewAgent, Registry};

/// A caller that has shown nothing yet gets this long for all of it.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves a caller that wants to join: one stream, one request, one answer.
pub(super) async fn serve<I: Intake, R: Registry>(hub: &Hub<I, R>, connection: &Connection) {
    let address = connection.remote_address();
    match tokio::time::timeout(PATIENCE, converse(hub, connection)).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::info!(%address, error, "a caller did not join"),
        Err(_) => tracing::info!(%address, "a caller that wanted to join said nothing in time"),
    }
    connection.close(CloseCode::Done);
}

async fn converse<I: Intake, R: Registry>(hub: &Hub<I, R>, connection: &Connection) -> Result<(), String> {
    connection.set_max_bi_streams(1);
    let (mut answer, mut stream) = connection.accept_bi().await.map_err(|error| error.to_string())?;
    let request = match frames::read_either::<JoinRequest, CertificateRequest>(&mut stream).await {
        Ok(Either::First(request)) => request,
        Ok(Either::Second(request)) => return tell(&mut answer, &readmit(hub, connection, &request).await).await,
        Err(fault) => {
            stream.stop(fault.reset_code());
            answer.reset(fault.reset_code());
            let _ = answer.stopped().await;
            return Err(fault.to_string());
        }
    };
    let reply = enrol(hub, &request).await;
    let address = connection.remote_address();
    match &reply {
        Ok(joined) => tracing::info!(%address, agent.id = %joined.agent, agent.name = joined.name, "an agent joined"),
        Err(reason) => tracing::warn!(%address, reason, "a caller was refused"),
    }
    let reply = reply.map_or_else(|reason| JoinReply::Refused { reason }, JoinReply::Joined);
    tell(&mut answer, &reply).await
}

async fn tell<T: Message>(answer: &mut SendStream, reply: &T) -> Result<(), String> {
    frames::write(answer, reply).await.map_err(|error: FrameFault| error.to_string())?;
    // Until the caller has the answer, closing the connection would throw it away.
    let _ = answer.stopped().await;
    Ok(())
}

async fn readmit<I: Intake, R: Registry>(
    hub: &Hub<I, R>,
    connection: &Connection,
    request: &CertificateRequest,
) -> CertificateReply {
    let reason = match certify::readmit(hub, connection, request).await {
        Ok(reply) => return reply,
        Err(Refusal::Because(reason)) => reason,
        Err(Refusal::NotAdmitted(why)) => format!("the hub turns this agent away ({why:?})"),
    };
    let address = connection.remote_address();
    tracing::warn!(%address, agent.id = %request.agent, reason, "a caller is not let in again");
    CertificateReply::Refused { reason }
}

/// Enrols the caller, or says why not in words for the admin at the other end.
async fn enrol<I: Intake, R: Registry>(hub: &Hub<I, R>, request: &JoinRequest) -> Result<Joined, String> {
    if request.version != PROTOCOL_VERSION {
        let spoken = request.version;
        return Err(format!(
            "the agent speaks version {spoken}, this hub {PROTOCOL_VERSION}: update the older of them"
        ));
    }
    let secret = JoinSecret::from_slice(&request.secret).ok_or_else(unknown_token)?;
    let signing_key = request.proven_key().map_err(|error| error.to_string())?;
    let id = AgentId::from_bytes(random().ok_or("the hub's system gives no random bytes")?);
    let now_ms = (hub.clock)();
    // Made before the invite is used up: a request that gets no certificate leaves the token good.
    let chain = hub.keys.authority.issue_agent(&request.csr, id, now_ms, hub.certificate_life);
    let chain = chain.map_err(|error| error.to_string())?;
    let certificate_ends_at_ms = chain.first().and_then(|leaf| not_after_ms(leaf).ok());
    let new = NewAgent { id, signing_key, certificate_ends_at_ms };
    let enrolment = hub.registry.enrol(secret.hash(), new, now_ms).await;
    match enrolment {
        Ok(Enrolment::Enrolled { agent, replaced }) => {
            if let Some(older) = replaced {
                hub.connections.close(older, CloseCode::Revoked);
            }
            Ok(Joined {
                agent: agent.id,
                name: agent.name,
                server: agent.server,
                certificates: chain.iter().map(|der| ByteBuf::from(der.to_vec())).collect(),
                hub_key: ByteBuf::from(hub.keys.signing_key.verifying_key().as_bytes().to_vec()),
                clock_ms: Some(now_ms),
            })
        }
        Ok(Enrolment::Unknown) => Err(unknown_token()),
        Ok(Enrolment::Expired) => {
            Err("the token has run out: make a new one with `slomix-hub agent invite NAME`".to_owned())
        }
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "an agent could not be enrolled");
            Err("the hub cannot reach its list of agents now: try again, the token is still good".to_owned())
        }
    }
}

fn unknown_token() -> String {
    "the hub does not know this token, or it was used before: make a new one with `slomix-hub agent invite NAME`"
        .to_owned()
}
