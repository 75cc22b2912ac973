//! The two ways into the hub, at one port.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicServerConfig;
use quinn::{Endpoint, EndpointConfig, ServerConfig, TokioRuntime};
use rustls::RootCertStore;
use rustls::server::WebPkiClientVerifier;
use slomix_line::tcp::{self, Limits};
use slomix_shared::identity::TlsKey;
use slomix_shared::wire::{ALPN_JOIN, ALPN_LINK};

use super::{Shared, now_ms};

const LIMITS: Limits = Limits {
    bi: 100,
    uni: 100,
    window: 1024 * 1024,
    idle: Duration::from_secs(30),
    keep_alive: Duration::from_secs(15),
};

/// Opens both, and serves who comes.
pub(super) fn open(shared: &Arc<Shared>) -> Endpoint {
    let any = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let (udp, listener) = (0..100)
        .find_map(|_| {
            let udp = UdpSocket::bind(any).unwrap();
            let tcp = TcpListener::bind(udp.local_addr().unwrap()).ok()?;
            Some((udp, tcp))
        })
        .expect("some port is free both ways");
    listener.set_nonblocking(true).unwrap();
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let endpoint = Endpoint::new(EndpointConfig::default(), Some(quic(shared)), udp, Arc::new(TokioRuntime)).unwrap();
    tokio::spawn(over_udp(Arc::clone(shared), endpoint.clone()));
    tokio::spawn(over_tcp(Arc::clone(shared), listener));
    endpoint
}

pub(super) fn quic(shared: &Shared) -> ServerConfig {
    ServerConfig::with_crypto(Arc::new(QuicServerConfig::try_from(tls(shared)).unwrap()))
}

fn tls(shared: &Shared) -> rustls::ServerConfig {
    let authority = &shared.authority;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(authority.certificate().clone()).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone())
        .allow_unauthenticated()
        .build()
        .unwrap();
    let key = TlsKey::from_seed(&[99; 32]);
    let mut tls = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(authority.issue_hub(&key, now_ms()).unwrap(), key.to_der().unwrap())
        .unwrap();
    tls.alpn_protocols = vec![ALPN_LINK.to_vec(), ALPN_JOIN.to_vec()];
    tls
}

async fn over_udp(shared: Arc<Shared>, endpoint: Endpoint) {
    while let Some(incoming) = endpoint.accept().await {
        let deaf = {
            let state = shared.state();
            state.away || state.udp_is_blocked
        };
        if deaf {
            incoming.ignore();
            continue;
        }
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            if let Ok(connection) = incoming.await {
                shared.greet(connection.into()).await;
            }
        });
    }
}

async fn over_tcp(shared: Arc<Shared>, listener: tokio::net::TcpListener) {
    let tls = Arc::new(tls(&shared));
    while let Ok((stream, _)) = listener.accept().await {
        {
            let mut state = shared.state();
            if state.away {
                continue;
            }
            state.udp_is_blocked &= !state.tcp_opens_udp;
        }
        let (shared, tls) = (Arc::clone(&shared), Arc::clone(&tls));
        tokio::spawn(async move {
            if let Ok(connection) = tcp::accept(stream, tls, LIMITS).await {
                shared.greet(connection).await;
            }
        });
    }
}
