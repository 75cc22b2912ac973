//! How agents get into the hub: by a token, and again by their operator.

use slomix_agent::ship::write_message;
use slomix_line::Connection;
use slomix_shared::identity::{AGENT_CERTIFICATE_LIFE, AgentId, Authority};
use slomix_shared::wire::{CertificateReply, CertificateRequest, Certified, JoinReply, JoinRequest, Joined};

use super::{SECRET, Shared, State, now_ms, of_frame, read_frame};

impl Shared {
    pub(super) async fn enrol(&self, connection: Connection) {
        let Ok((mut send, mut receive)) = connection.accept_bi().await else { return };
        let frame = read_frame(&mut receive).await.unwrap();
        let Some(request) = of_frame::<JoinRequest>(&frame) else {
            let reply = self.readmit(&connection, &of_frame(&frame).unwrap());
            write_message(&mut send, &reply).await.unwrap();
            connection.closed().await;
            return;
        };
        let reply = if request.secret.as_slice() == SECRET && !self.state().manners.token_used {
            let mut state = self.state();
            state.manners.token_used = true;
            let agent = AgentId::from_bytes([state.keys.len() as u8 + 1; 16]);
            state.keys.push((agent, request.proven_key().unwrap()));
            let chain = issue(&self.authority, &state, &request.csr, agent);
            JoinReply::Joined(Joined {
                agent,
                name: "vps1".to_owned(),
                server: "main".to_owned(),
                certificates: chain.iter().map(|der| der.to_vec().into()).collect(),
                hub_key: Vec::new().into(),
                clock_ms: Some(now_ms()),
            })
        } else {
            JoinReply::Refused { reason: "the token has been used: make a new one".to_owned() }
        };
        write_message(&mut send, &reply).await.unwrap();
        connection.closed().await;
    }

    /// The operator is asked.
    fn readmit(&self, connection: &Connection, request: &CertificateRequest) -> CertificateReply {
        let mut state = self.state();
        state.asked += 1;
        let known = state.keys.iter().find(|(id, _)| *id == request.agent);
        let proven = known.is_some_and(|(_, key)| request.verify(&connection.binding().unwrap(), key).is_ok());
        let reply = match (proven, state.manners.approved) {
            (false, _) => CertificateReply::Refused { reason: "the hub does not know this agent".to_owned() },
            (true, false) => CertificateReply::Pending { since_ms: Some(now_ms()) },
            (true, true) => certified(&issue(&self.authority, &state, &request.csr, request.agent)),
        };
        drop(state);
        self.changed.send_replace(());
        reply
    }
}

pub(super) type Chain = Vec<rustls::pki_types::CertificateDer<'static>>;

pub(super) fn issue(authority: &Authority, state: &State, csr: &[u8], agent: AgentId) -> Chain {
    let life = state.manners.certificate_life.unwrap_or(AGENT_CERTIFICATE_LIFE);
    authority.issue_agent(csr, agent, now_ms(), life).unwrap()
}

pub(super) fn certified(chain: &Chain) -> CertificateReply {
    let certificates = chain.iter().map(|der| der.to_vec().into()).collect();
    CertificateReply::Certified(Certified { certificates, clock_ms: Some(now_ms()) })
}
