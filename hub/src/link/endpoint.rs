//! Where agents call: the endpoint of QUIC, and the listener for those whose UDP is blocked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use quinn::{Endpoint, EndpointConfig, Incoming, TokioRuntime};
use quinn_proto::HashedConnectionIdGenerator;
use slomix_line::Connection;
use slomix_shared::wire::CloseCode;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::caller::{Purpose, purpose};
use super::connections::Connections;
use super::listen::{self, Listen};
use super::porch::{Place, Porch};
use super::rate::Rates;
use super::settings::{self, quic};
use super::sparing::Sparing;
use super::{Clock, HubKeys, Intake, LinkError, Registry, join, over_tcp, session};

/// A caller that does not finish its handshake within this time is dropped.
pub(super) const HANDSHAKE: Duration = Duration::from_secs(10);
/// From this many open connections on, new callers must first prove that they can be reached at their address.
pub(super) const RETRY_FROM: usize = 64;
/// Beyond this many open connections of one way, new callers are turned away: no community has as many servers.
pub(super) const MOST_CONNECTIONS: usize = 1024;
/// Callers that may be joining at once.
const MOST_JOINING: usize = 16;

/// What every connection works with.
pub(super) struct Hub<I, R> {
    pub(super) intake: Arc<I>,
    pub(super) registry: Arc<R>,
    pub(super) keys: Arc<HubKeys>,
    pub(super) clock: Clock,
    pub(super) connections: Arc<Connections>,
    /// How long the certificates hold that agents get.
    pub(super) certificate_life: Duration,
    pub(super) porch: Arc<Porch>,
    pub(super) rates: Rates,
    pub(super) strangers: Sparing,
    joining: Semaphore,
}

/// The running endpoint.
#[derive(Debug)]
pub struct Link {
    endpoint: Endpoint,
    address: SocketAddr,
    tcp_address: Option<SocketAddr>,
    connections: Arc<Connections>,
    porch: Arc<Porch>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Link {
    /// Listens and serves agents until [`Self::shut_down`]. They get certificates that hold for `certificate_life`.
    /// Must be called within a tokio runtime.
    pub fn start<I: Intake, R: Registry>(
        listen: Listen,
        keys: Arc<HubKeys>,
        intake: Arc<I>,
        registry: Arc<R>,
        clock: Clock,
        certificate_life: Duration,
    ) -> Result<Self, LinkError> {
        let tls = settings::tls(&keys.authority, clock())?;
        let (socket, listener) = listen::bind(listen)?;
        let fault = |source| LinkError::Listen { address: listen.udp, source };
        let config = Some(quic(tls.clone())?);
        let endpoint = Endpoint::new(endpoint_config(&keys)?, config, socket, Arc::new(TokioRuntime)).map_err(fault)?;
        let address = endpoint.local_addr().map_err(fault)?;
        let tcp_address = listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let connections = Arc::new(Connections::default());
        let (stop, stopped) = watch::channel(false);
        let porch = Arc::new(Porch::default());
        let hub = Arc::new(Hub {
            intake,
            registry,
            keys,
            clock,
            connections: connections.clone(),
            certificate_life,
            porch: porch.clone(),
            rates: Rates::default(),
            strangers: Sparing::default(),
            joining: Semaphore::new(MOST_JOINING),
        });
        let over_udp = accept(endpoint.clone(), hub.clone(), stopped.clone());
        let over_tcp = async move {
            if let Some(listener) = listener {
                over_tcp::accept(listener, tls, hub, stopped).await;
            }
        };
        let accepting = tokio::spawn(async {
            tokio::join!(over_udp, over_tcp);
        });
        let tcp = tcp_address.map_or_else(|| "off".to_owned(), |address| address.to_string());
        tracing::info!(%address, tcp, "listening for agents");
        Ok(Self { endpoint, address, tcp_address, connections, porch, stop, accepting })
    }

    /// The UDP address listened on, with the real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The TCP address listened on, with the real port; none where that way is turned off.
    pub fn tcp_addr(&self) -> Option<SocketAddr> {
        self.tcp_address
    }

    /// The agents that are connected now.
    pub fn connections(&self) -> Arc<Connections> {
        self.connections.clone()
    }

    /// What became of callers before they had shown who they are.
    pub fn porch(&self) -> Arc<Porch> {
        self.porch.clone()
    }

    /// Takes no new connections and batches, lets those under way be archived and acknowledged for up to `grace`,
    /// and tells every agent that the hub stops.
    pub async fn shut_down(mut self, grace: Duration) {
        self.stop.send_replace(true);
        if tokio::time::timeout(grace, &mut self.accepting).await.is_err() {
            tracing::warn!(grace_s = grace.as_secs(), "batches were still under way; their agents send them again");
            self.connections.close_all(CloseCode::ShuttingDown);
            self.accepting.abort();
        }
        self.endpoint.close(CloseCode::ShuttingDown.number().into(), b"");
        // The agents' side of closing; one that is gone would take as long as it is given.
        let _ = tokio::time::timeout(Duration::from_secs(1), self.endpoint.wait_idle()).await;
    }
}

async fn accept<I: Intake, R: Registry>(endpoint: Endpoint, hub: Arc<Hub<I, R>>, mut stop: watch::Receiver<bool>) {
    let mut callers = JoinSet::new();
    let stopped = stop.clone();
    loop {
        tokio::select! {
            _ = stop.wait_for(|stop| *stop) => break,
            incoming = endpoint.accept() => {
                let Some(incoming) = incoming else { break };
                let open = endpoint.open_connections();
                if let Some((incoming, place)) = let_in(incoming, open, &hub.porch) {
                    callers.spawn(serve(hub.clone(), incoming, place, stopped.clone()));
                }
            }
            Some(done) = callers.join_next() => report(done),
        }
    }
    endpoint.set_server_config(None);
    while let Some(done) = callers.join_next().await {
        report(done);
    }
}

/// A caller that may go on to its handshake. Where there are many, one must first prove that it can be reached at its
/// address, which costs it a round trip and whoever writes a false address the whole: no place is taken in its name.
fn let_in(incoming: Incoming, open: usize, porch: &Arc<Porch>) -> Option<(Incoming, Place)> {
    let from = incoming.remote_address().ip();
    if open > MOST_CONNECTIONS {
        porch.turn_away();
        incoming.refuse();
        return None;
    }
    let unproven = !incoming.remote_address_validated() && incoming.may_retry();
    if unproven && (open > RETRY_FROM || porch.is_busy(from)) {
        porch.ask_to_retry();
        // Cannot fail: it may retry.
        let _ = incoming.retry();
        return None;
    }
    let Some(place) = porch.enter(from) else {
        incoming.refuse();
        return None;
    };
    Some((incoming, place))
}

pub(super) fn report(done: Result<(), tokio::task::JoinError>) {
    if let Err(error) = done {
        tracing::error!(%error, "serving a connection failed");
    }
}

async fn serve<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    incoming: Incoming,
    place: Place,
    mut stop: watch::Receiver<bool>,
) {
    let address = incoming.remote_address();
    let handshake = async { incoming.accept()?.await };
    let connection = tokio::select! {
        _ = stop.wait_for(|stop| *stop) => return,
        connection = tokio::time::timeout(HANDSHAKE, handshake) => match connection {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return hub.strangers.failed(address, &error.into()),
            Err(_) => return tracing::info!(%address, "a caller did not finish the handshake in time"),
        },
    };
    greet(hub, connection.into(), place, stop).await;
}

/// Serves a connection, whichever way it came, by what it wants.
pub(super) async fn greet<I: Intake, R: Registry>(
    hub: Arc<Hub<I, R>>,
    connection: Connection,
    place: Place,
    stop: watch::Receiver<bool>,
) {
    match purpose(&connection) {
        Some(Purpose::Link) => session::serve(hub, connection, place, stop).await,
        Some(Purpose::Join) => match hub.joining.try_acquire() {
            Ok(_joining) => join::serve(&hub, &connection).await,
            Err(_) => connection.close(CloseCode::Busy),
        },
        None => connection.close(CloseCode::Done),
    }
}

/// How the endpoint names connections and says that it knows one no more.
///
/// Both keys are the hub's own and stay the same over a restart, so that a hub that was killed and is back answers an
/// agent's next packet with a reset which the agent can check, and the agent connects anew at once instead of waiting
/// for its idle timeout.
fn endpoint_config(keys: &HubKeys) -> Result<EndpointConfig, LinkError> {
    let secret = keys.signing_key.to_pem().map_err(|error| LinkError::ResetKey(error.to_string()))?;
    let derived = |context: &str| blake3::derive_key(context, secret.as_bytes());
    let reset = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &derived("slomix 2026 quic stateless reset"));
    let ids = derived("slomix 2026 quic connection ids");
    let ids = ids.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes));
    let mut config = EndpointConfig::new(Arc::new(reset));
    config.cid_generator(move || Box::new(HashedConnectionIdGenerator::from_key(ids)));
    Ok(config)
}
