use std::io;
use std::net::{SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::{Endpoint, EndpointConfig, Incoming, TokioRuntime};
use quinn_proto::HashedConnectionIdGenerator;
use slomix_shared::wire::CloseCode;
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

use super::caller::{Purpose, purpose};
use super::connections::{Connections, close};
use super::settings::server_config;
use super::{Clock, HubKeys, Intake, LinkError, Registry, join, session};

/// A caller that does not finish its handshake within this time is dropped.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// From this many open connections on, new callers must first prove that they can be reached at their address.
const RETRY_FROM: usize = 64;
/// Beyond this many open connections, new callers are turned away: no community has as many servers.
const MOST_CONNECTIONS: usize = 1024;
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
    joining: Semaphore,
}

/// The running endpoint.
#[derive(Debug)]
pub struct Link {
    endpoint: Endpoint,
    address: SocketAddr,
    connections: Arc<Connections>,
    stop: watch::Sender<bool>,
    accepting: JoinHandle<()>,
}

impl Link {
    /// Listens on UDP `address` (port 0: any free one) and serves agents until [`Self::shut_down`]. They get
    /// certificates that hold for `certificate_life`. Must be called within a tokio runtime.
    pub fn start<I: Intake, R: Registry>(
        address: SocketAddr,
        keys: Arc<HubKeys>,
        intake: Arc<I>,
        registry: Arc<R>,
        clock: Clock,
        certificate_life: Duration,
    ) -> Result<Self, LinkError> {
        let config = server_config(&keys.authority, clock())?;
        let listen = |source: io::Error| match source.kind() {
            io::ErrorKind::AddrInUse => LinkError::PortInUse(address),
            _ => LinkError::Listen { address, source },
        };
        let socket = UdpSocket::bind(address).map_err(listen)?;
        let endpoint = Endpoint::new(endpoint_config(&keys)?, Some(config), socket, Arc::new(TokioRuntime));
        let endpoint = endpoint.map_err(listen)?;
        let address = endpoint.local_addr().map_err(listen)?;
        let connections = Arc::new(Connections::default());
        let (stop, stopped) = watch::channel(false);
        let joining = Semaphore::new(MOST_JOINING);
        let hub = Hub { intake, registry, keys, clock, connections: connections.clone(), certificate_life, joining };
        let hub = Arc::new(hub);
        let accepting = tokio::spawn(accept(endpoint.clone(), hub, stopped));
        tracing::info!(%address, "listening for agents");
        Ok(Self { endpoint, address, connections, stop, accepting })
    }

    /// The address listened on, with the real port.
    pub fn local_addr(&self) -> SocketAddr {
        self.address
    }

    /// The agents that are connected now.
    pub fn connections(&self) -> Arc<Connections> {
        self.connections.clone()
    }

    /// Takes no new connections and batches, lets those under way be archived and acknowledged for up to `grace`,
    /// and tells every agent that the hub stops.
    pub async fn shut_down(mut self, grace: Duration) {
        self.stop.send_replace(true);
        if tokio::time::timeout(grace, &mut self.accepting).await.is_err() {
            tracing::warn!(grace_s = grace.as_secs(), "batches were still under way; their agents send them again");
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
                if open > MOST_CONNECTIONS {
                    incoming.refuse();
                } else if open > RETRY_FROM && !incoming.remote_address_validated() && incoming.may_retry() {
                    // Cannot fail: it may retry.
                    let _ = incoming.retry();
                } else {
                    callers.spawn(serve(hub.clone(), incoming, stopped.clone()));
                }
            }
            Some(done) = callers.join_next() => {
                if let Err(error) = done {
                    tracing::error!(%error, "serving a connection failed");
                }
            }
        }
    }
    endpoint.set_server_config(None);
    while callers.join_next().await.is_some() {}
}

async fn serve<I: Intake, R: Registry>(hub: Arc<Hub<I, R>>, incoming: Incoming, mut stop: watch::Receiver<bool>) {
    let address = incoming.remote_address();
    let handshake = async { incoming.accept()?.await };
    let connection = tokio::select! {
        _ = stop.wait_for(|stop| *stop) => return,
        connection = tokio::time::timeout(HANDSHAKE, handshake) => match connection {
            Ok(Ok(connection)) => connection,
            Ok(Err(error)) => return tracing::warn!(%address, reason = %error, "a caller failed the handshake"),
            Err(_) => return tracing::info!(%address, "a caller did not finish the handshake in time"),
        },
    };
    match purpose(&connection) {
        Some(Purpose::Link) => session::serve(hub, connection, stop).await,
        Some(Purpose::Join) => match hub.joining.try_acquire() {
            Ok(_place) => join::serve(&hub, &connection).await,
            Err(_) => close(&connection, CloseCode::Busy),
        },
        None => close(&connection, CloseCode::Done),
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
