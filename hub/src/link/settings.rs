//! TLS and QUIC settings of the endpoint.

use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{IdleTimeout, ServerConfig, TransportConfig, VarInt};
use rustls::RootCertStore;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use slomix_shared::identity::{Authority, TlsKey};
use slomix_shared::wire::{ALPN_JOIN, ALPN_LINK};

use super::LinkError;
use super::keys::random;

/// Without a packet for this long a connection counts as lost. With the keep-alive below that happens only when the
/// other side is gone.
const IDLE: Duration = Duration::from_mins(1);
/// Routers forget UDP after about 30 s of silence.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Both-ways streams of one agent at a time: batches under way.
pub(super) const BATCH_STREAMS: u32 = 16;
/// One-way streams of one agent at a time.
pub(super) const NOTICE_STREAMS: u32 = 4;
/// Bytes of one agent that may lie unread here.
const CONNECTION_WINDOW: u32 = 16 * 1024 * 1024;
/// Bytes of one stream that may lie unread: enough for 50 MiB/s over 40 ms.
const STREAM_WINDOW: u32 = 2 * 1024 * 1024;

/// A stream over TCP has less: that way there is no bound for all of a connection's streams together.
const TCP_WINDOW: u32 = 768 * 1024;

pub(super) fn quic(tls: Arc<rustls::ServerConfig>) -> Result<ServerConfig, LinkError> {
    let tls = QuicServerConfig::try_from(tls).map_err(|error| LinkError::Tls(error.to_string()))?;
    let mut config = ServerConfig::with_crypto(Arc::new(tls));
    let mut transport = TransportConfig::default();
    transport
        .max_idle_timeout(Some(IdleTimeout::from(VarInt::from_u32(IDLE.as_millis() as u32))))
        .keep_alive_interval(Some(KEEP_ALIVE))
        .receive_window(VarInt::from_u32(CONNECTION_WINDOW))
        .stream_receive_window(VarInt::from_u32(STREAM_WINDOW))
        // A caller gets streams only once it has shown who it is.
        .max_concurrent_bidi_streams(VarInt::from_u32(0))
        .max_concurrent_uni_streams(VarInt::from_u32(0))
        .datagram_receive_buffer_size(None);
    config.transport_config(Arc::new(transport));
    Ok(config)
}

/// The same for those that come over TCP.
pub(super) const TCP: slomix_line::tcp::Limits =
    slomix_line::tcp::Limits { bi: 0, uni: 0, window: TCP_WINDOW, idle: IDLE, keep_alive: KEEP_ALIVE };

/// TLS for both ways.
pub(super) fn tls(authority: &Authority, now_ms: i64) -> Result<Arc<rustls::ServerConfig>, LinkError> {
    let fault = |error: &dyn std::fmt::Display| LinkError::Tls(error.to_string());
    let key = TlsKey::from_seed(&random().ok_or(LinkError::NoRandom)?);
    let chain = authority.issue_hub(&key, now_ms)?;
    let key = key.to_der().map_err(|error| fault(&error))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone()).map_err(|error| fault(&error))?;
    // A caller without any certificate gets through the handshake, since joining needs that; what it may do then
    // depends on the ALPN. A certificate that is not ours ends the handshake.
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()
        .map_err(|error| fault(&error))?;
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .map_err(|error| fault(&error))?
        .with_client_cert_verifier(verifier)
        .with_single_cert(chain, key)
        .map_err(|error| fault(&error))?;
    config.alpn_protocols = vec![ALPN_LINK.to_vec(), ALPN_JOIN.to_vec()];
    // No 0-RTT, which could be replayed, and no resumption, which would skip the check of an expired certificate: on
    // a connection that lasts for days neither gains anything.
    config.max_early_data_size = 0;
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(Arc::new(config))
}
