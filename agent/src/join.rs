//! Joining a hub: from the token that its operator carried over to keys and a certificate on this machine.

use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use slomix_shared::identity::{
    AgentId, CaPin, CertificateError, JoinToken, SigningKey, TlsKey, TlsPair, TokenError, join_client, link_client,
};
use slomix_shared::wire::{JoinReply, JoinRequest, Joined};

use crate::home::{Enrolment, Home, HomeError};
use crate::ship::{DialError, Fallback, FrameError, Roads, read_message, write_message};
use crate::spool::{Ledger, LedgerError, SystemDisk};

/// Joining failed. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// The token is none.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token has run out.
    #[error(
        "the token has run out (or this host's clock is wrong): make a new one with `slomix-hub agent invite NAME`"
    )]
    Expired,
    /// The data directory.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The hub was not reached.
    #[error(transparent)]
    Dial(#[from] DialError),
    /// The talk with the hub broke off.
    #[error("the hub at {hub} broke off: try again")]
    Talk {
        /// Its address.
        hub: String,
        /// What happened.
        #[source]
        source: FrameError,
    },
    /// The hub did not answer.
    #[error("the hub at {0} does not answer: try again")]
    Silent(String),
    /// The hub said no.
    #[error("the hub refused: {0}")]
    Refused(String),
    /// The hub's answer is of a later version.
    #[error("the hub gave an answer that this agent does not know: update the agent")]
    Unrecognised,
    /// What the hub gave does not fit together.
    #[error(transparent)]
    Unfit(#[from] UnfitPair),
    /// Certificates or keys.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// No randomness.
    #[error("the system gives no random bytes")]
    Random,
}

/// How to join.
#[derive(Debug, Clone)]
pub struct Manner {
    /// Join anew where this agent has joined before; it becomes another agent.
    pub force: bool,
    /// Unix milliseconds.
    pub now_ms: i64,
    /// How long the hub may take to be reached, and again to answer.
    pub patience: Duration,
    /// Where UDP gets no answer.
    pub fallback: Fallback,
}

/// Joins the hub of `token` and keeps what it gives.
pub async fn join(home: &Home, token: &str, manner: Manner) -> Result<Joined, JoinError> {
    let Manner { force, now_ms, patience, fallback } = manner;
    let token: JoinToken = token.parse()?;
    if token.is_expired(now_ms) {
        return Err(JoinError::Expired);
    }
    let _lock = home.lock()?;
    match home.enrolment() {
        Ok(old) if !force => {
            let path = home.path().to_owned();
            return Err(HomeError::AlreadyJoined { path, hub: old.hub, name: old.name }.into());
        }
        Err(problem) if !force && !matches!(problem, HomeError::NotJoined(_)) => return Err(problem.into()),
        _ => {}
    }
    let signing_key = SigningKey::from_seed(&random()?);
    let tls_key = TlsKey::from_seed(&random()?);
    let request = JoinRequest::new(token.secret.as_bytes(), &tls_key.signing_request()?, &signing_key);
    let joined = match ask(&token, &request, patience, &fallback).await? {
        JoinReply::Joined(joined) => joined,
        JoinReply::Refused { reason } => return Err(JoinError::Refused(reason)),
        JoinReply::Unrecognised => return Err(JoinError::Unrecognised),
    };
    let chain = joined.certificates.iter().map(|der| der.to_vec().into()).collect();
    let pair = check_pair(tls_key, chain, joined.agent, token.pin)?;
    renew_ledger(home, token.pin)?;
    let enrolment = Enrolment {
        agent: joined.agent,
        name: joined.name.clone(),
        server: joined.server.clone(),
        hub: token.address,
        joined_at_ms: now_ms,
        pin: Some(token.pin),
    };
    home.enrol(&enrolment, &signing_key, &pair)?;
    Ok(joined)
}

/// What the ledger says holds for the hub that said it: another one gets everything, the same one gets what it
/// refused once more.
fn renew_ledger(home: &Home, pin: CaPin) -> Result<(), LedgerError> {
    let path = home.ledger();
    match home.identity() {
        _ if !path.exists() => Ok(()),
        Ok(old) if old.pin == pin => Ledger::open(Arc::new(SystemDisk), &path).0.forget_refusals(),
        Ok(_) | Err(_) => Ledger::set_aside(&SystemDisk, &path),
    }
}

async fn ask(
    token: &JoinToken,
    request: &JoinRequest,
    patience: Duration,
    fallback: &Fallback,
) -> Result<JoinReply, JoinError> {
    let mut roads = Roads::for_one_call(fallback);
    let dialled = roads.travel(&token.address, join_client(token.pin)?, patience).await?;
    let connection = &dialled.connection;
    let talk = async {
        let (mut send, mut receive) = connection.open_bi().await.map_err(FrameError::Lost)?;
        write_message(&mut send, request).await?;
        read_message::<JoinReply>(&mut receive).await
    };
    let answer = tokio::time::timeout(patience, talk).await.map_err(|_| JoinError::Silent(token.address.clone()))?;
    dialled.farewell(Duration::from_millis(200)).await;
    answer.map_err(|source| JoinError::Talk { hub: token.address.clone(), source })
}

/// Whether what the hub gave is for this agent and key, of this hub, and of use.
pub(crate) fn check_pair(
    key: TlsKey,
    chain: Vec<CertificateDer<'static>>,
    agent: AgentId,
    pin: CaPin,
) -> Result<TlsPair, UnfitPair> {
    let pair = TlsPair::new(key, chain)?;
    if pair.agent() != agent {
        return Err(UnfitPair::Agent);
    }
    if pair.pin() != pin {
        return Err(UnfitPair::Hub);
    }
    // What TLS does not take, the link could never be set up with.
    link_client(pin, pair.chain().to_vec(), pair.key())?;
    Ok(pair)
}

/// A certificate that the hub gave is of no use to this agent.
#[derive(Debug, thiserror::Error)]
pub enum UnfitPair {
    /// It names somebody else.
    #[error("the certificate that the hub gave names another agent")]
    Agent,
    /// It is not of this hub.
    #[error("the authority of the certificate that the hub gave is not the one that the token pins")]
    Hub,
    /// It is none, or for another key.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
}

fn random() -> Result<[u8; 32], JoinError> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|_| JoinError::Random)?;
    Ok(seed)
}
