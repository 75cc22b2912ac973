use std::time::{Duration, Instant};

use quinn::Connection;
use slomix_shared::identity::{CaPin, TlsKey, link_client};
use slomix_shared::wire::{CloseCode, HubNotice};
use tokio::sync::mpsc;
use tracing::{debug, info, warn};

use super::backoff::Backoff;
use super::dial::{DialError, connect, explain_close};
use super::frames::read_message;

/// A connection that lasted for this long was a good one.
const LASTING: Duration = Duration::from_secs(5);

/// What happens on the link.
#[derive(Debug)]
pub enum LinkEvent {
    /// There is a connection.
    Up(Connection),
    /// There is none, for this reason.
    Down(String),
    /// The hub told something.
    Notice(HubNotice),
}

/// Which hub, and who calls.
#[derive(Debug)]
pub struct Target {
    /// `host:port`.
    pub address: String,
    /// What the hub is known by.
    pub pin: CaPin,
    /// The agent's certificate, then the hub's authority.
    pub chain: Vec<rustls::pki_types::CertificateDer<'static>>,
    /// Behind the certificate.
    pub tls_key: TlsKey,
    /// How long to wait for an answer to a call.
    pub patience: Duration,
}

/// Keeps a connection to the hub, for ever: until nobody listens to `events` any more.
pub async fn keep_link(target: Target, mut backoff: Backoff, events: mpsc::Sender<LinkEvent>) {
    let mut told = String::new();
    loop {
        let reason = match call(&target).await {
            Ok((endpoint, connection)) => {
                info!(hub = target.address, "connected");
                if events.send(LinkEvent::Up(connection.clone())).await.is_err() {
                    return;
                }
                let since = Instant::now();
                let reason = stay(&connection, &events).await;
                let code = match &reason {
                    quinn::ConnectionError::ApplicationClosed(close) => {
                        CloseCode::from_number(close.error_code.into_inner())
                    }
                    _ => CloseCode::Done,
                };
                // A hub that lets agents in and closes at once is not called more often for that.
                if since.elapsed() >= LASTING {
                    backoff.reset();
                    told.clear();
                }
                if needs_a_person(code) {
                    backoff.exhaust();
                }
                drop(endpoint);
                explain_close(&reason)
            }
            Err(error) => error.to_string(),
        };
        if told != reason {
            warn!(hub = target.address, reason, "no connection to the hub, trying again; files wait here");
            reason.clone_into(&mut told);
        }
        if events.send(LinkEvent::Down(reason)).await.is_err() {
            return;
        }
        let wait = backoff.wait(spread());
        debug!(wait_ms = wait.as_millis(), "waiting before the next call");
        tokio::time::sleep(wait).await;
    }
}

/// Whether trying again soon is pointless.
fn needs_a_person(code: CloseCode) -> bool {
    matches!(code, CloseCode::NoCertificate | CloseCode::NotEnrolled | CloseCode::Revoked | CloseCode::Replaced)
}

async fn call(target: &Target) -> Result<(quinn::Endpoint, Connection), DialError> {
    let tls = link_client(target.pin, target.chain.clone(), &target.tls_key)
        .map_err(|error| DialError::Settings(error.into()))?;
    connect(&target.address, tls, target.patience).await
}

/// Passes on what the hub tells until the connection ends.
async fn stay(connection: &Connection, events: &mpsc::Sender<LinkEvent>) -> quinn::ConnectionError {
    loop {
        let mut stream = match connection.accept_uni().await {
            Ok(stream) => stream,
            Err(ended) => return ended,
        };
        match read_message::<HubNotice>(&mut stream).await {
            Ok(notice) => {
                // Nobody listens only when the agent stops.
                let _ = events.send(LinkEvent::Notice(notice)).await;
            }
            Err(error) => debug!(%error, "a notice from the hub was lost"),
        }
    }
}

/// A random byte; without a source of randomness the middle will do.
fn spread() -> u8 {
    let mut byte = [128];
    // A failure leaves the middle in place.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}
