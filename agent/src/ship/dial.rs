use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Endpoint, TransportConfig, VarInt};
use slomix_line::tcp::{self, Limits};
use slomix_line::{Connection, ConnectionError};
use slomix_shared::identity::HUB_NAME;
use slomix_shared::wire::CloseCode;
use tokio::time::timeout;

/// A connection ends when nothing was heard for this long.
const IDLE: Duration = Duration::from_secs(30);
/// Keeps the paths of address translators open, which close after about 30 s.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// Streams that the hub may open at a time. What it tells and asks is short: bounded memory, whatever it sends.
const BI_STREAMS: u32 = 4;
const UNI_STREAMS: u32 = 8;
/// Over TCP there is no bound for all streams together, so each may have less unread: 768 KiB in all.
const TCP_LIMITS: Limits =
    Limits { bi: BI_STREAMS, uni: UNI_STREAMS, window: 64 * 1024, idle: IDLE, keep_alive: KEEP_ALIVE };

/// The hub could not be reached. Each says what to look at.
#[derive(Debug, thiserror::Error)]
pub enum DialError {
    /// The name has no address.
    #[error("cannot find the address of `{address}`: check its spelling and this host's DNS")]
    Resolve {
        /// As it was given.
        address: String,
        /// What the resolver said.
        #[source]
        source: io::Error,
    },
    /// No socket.
    #[error("cannot open a UDP socket")]
    Socket(#[source] io::Error),
    /// The settings of TLS or QUIC do not fit together.
    #[error("cannot set up TLS for the connection")]
    Settings(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Nobody answered.
    #[error("nothing answers at {address}: is the hub running, and does UDP reach it through the firewalls?")]
    Silent {
        /// Where.
        address: String,
    },
    /// Nobody takes calls over TCP.
    #[error("no connection over TCP to {address} ({reason})")]
    NoTcp {
        /// Where.
        address: String,
        /// What the system says.
        reason: String,
    },
    /// Nobody answered either way.
    #[error(
        "nothing answers at {address}, neither by UDP nor by TCP ({tcp}): is the hub running, and does at least one of \
         them reach it through the firewalls?"
    )]
    Neither {
        /// Where.
        address: String,
        /// What the system says of TCP.
        tcp: String,
    },
    /// Somebody answered, but there is no connection.
    #[error("{address}: {reason}")]
    Refused {
        /// Where.
        address: String,
        /// Why and what to do.
        reason: String,
        /// What ended the connection.
        #[source]
        source: ConnectionError,
    },
}

impl DialError {
    /// The hub ended the connection at once.
    pub(super) fn refused(address: &str, source: ConnectionError) -> Self {
        Self::Refused { address: address.to_owned(), reason: explain_close(&source), source }
    }

    /// Whether this is what a host without UDP gets to see.
    pub(super) fn is_silence(&self) -> bool {
        matches!(self, Self::Silent { .. } | Self::Socket(_))
    }
}

/// A connection, with what must stay while it does.
#[derive(Debug)]
pub struct Dialled {
    /// The connection. Its last handle closes it.
    pub connection: Connection,
    endpoint: Option<Endpoint>,
}

impl Dialled {
    /// Closes the connection and waits, no longer than `patience`, until the hub could hear of it.
    pub async fn farewell(self, patience: Duration) {
        self.connection.close(CloseCode::Done);
        let gone = async {
            match &self.endpoint {
                Some(endpoint) => endpoint.wait_idle().await,
                None => self.connection.gone().await,
            }
        };
        let _ = timeout(patience, gone).await;
    }
}

/// Connects to the hub at `address` (`host:port`) over QUIC, trying each of its addresses within `patience`.
pub(super) async fn connect(
    address: &str,
    tls: Arc<rustls::ClientConfig>,
    patience: Duration,
) -> Result<Dialled, DialError> {
    let config = settings(tls)?;
    let mut failure = DialError::Silent { address: address.to_owned() };
    for target in resolve(address).await? {
        match connect_to(address, target, config.clone(), patience).await {
            Ok(connected) => return Ok(connected),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// The same over TCP.
pub(super) async fn connect_tcp(
    address: &str,
    tls: Arc<rustls::ClientConfig>,
    patience: Duration,
) -> Result<Dialled, DialError> {
    let no_tcp = |reason: String| DialError::NoTcp { address: address.to_owned(), reason };
    let mut failure = no_tcp("the name has no address".to_owned());
    for target in resolve(address).await? {
        match timeout(patience, tcp::dial(target, tls.clone(), TCP_LIMITS)).await {
            Ok(Ok(Ok(connection))) => return Ok(Dialled { connection, endpoint: None }),
            // Something takes calls there, and is no hub: a relay whose hub is away, or a firewall.
            Ok(Ok(Err(ConnectionError::Other(reason)))) => failure = no_tcp(reason),
            Ok(Ok(Err(source))) => failure = DialError::refused(address, source),
            Ok(Err(error)) => failure = no_tcp(error.to_string()),
            Err(_) => failure = no_tcp("no answer".to_owned()),
        }
    }
    Err(failure)
}

async fn resolve(address: &str) -> Result<Vec<SocketAddr>, DialError> {
    let found = tokio::net::lookup_host(address).await;
    found.map(Iterator::collect).map_err(|source| DialError::Resolve { address: address.to_owned(), source })
}

async fn connect_to(
    address: &str,
    target: SocketAddr,
    config: ClientConfig,
    patience: Duration,
) -> Result<Dialled, DialError> {
    let any = if target.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let endpoint = Endpoint::client(SocketAddr::new(any, 0)).map_err(DialError::Socket)?;
    let connecting =
        endpoint.connect_with(config, target, HUB_NAME).map_err(|error| DialError::Settings(error.into()))?;
    let silent = || DialError::Silent { address: address.to_owned() };
    match timeout(patience, connecting).await {
        Ok(Ok(connection)) => Ok(Dialled { connection: connection.into(), endpoint: Some(endpoint) }),
        Ok(Err(quinn::ConnectionError::TimedOut)) | Err(_) => Err(silent()),
        Ok(Err(source)) => Err(DialError::refused(address, source.into())),
    }
}

fn settings(tls: Arc<rustls::ClientConfig>) -> Result<ClientConfig, DialError> {
    let tls = QuicClientConfig::try_from(tls).map_err(|error| DialError::Settings(error.into()))?;
    let mut transport = TransportConfig::default();
    let idle = quinn::IdleTimeout::try_from(IDLE).map_err(|error| DialError::Settings(error.into()))?;
    transport.max_idle_timeout(Some(idle));
    transport.keep_alive_interval(Some(KEEP_ALIVE));
    transport.max_concurrent_bidi_streams(VarInt::from_u32(BI_STREAMS));
    transport.max_concurrent_uni_streams(VarInt::from_u32(UNI_STREAMS));
    transport.stream_receive_window(VarInt::from_u32(256 * 1024));
    transport.receive_window(VarInt::from_u32(1024 * 1024));
    transport.send_window(4 * 1024 * 1024);
    transport.datagram_receive_buffer_size(None);
    let mut config = ClientConfig::new(Arc::new(tls));
    config.transport_config(Arc::new(transport));
    Ok(config)
}

/// Alerts of TLS that say something of a certificate.
const BAD_CERTIFICATE: u8 = 0x2a;
const CERTIFICATE_EXPIRED: u8 = 0x2d;
const UNKNOWN_CA: u8 = 0x30;
/// Nobody speaks our protocol there.
const NO_PROTOCOL: u8 = 0x78;

/// Whether the hub did not take this agent's certificate because of its dates.
pub(super) fn certificate_ran_out(error: &ConnectionError) -> bool {
    // This side checks the hub's certificate too, and raises an alert of its own for it.
    matches!(error, ConnectionError::Alert { alert: CERTIFICATE_EXPIRED, raised_here: false, .. })
}

/// The code with which the hub closed a connection, if it did.
pub(super) fn close_code(error: &ConnectionError) -> Option<CloseCode> {
    match error {
        ConnectionError::Closed(code) => Some(*code),
        _ => None,
    }
}

/// What to do where the hub will not have an agent as it is.
fn join_again(why: &str) -> String {
    format!("{why}: stop it and join again, slomix-agent join TOKEN --force")
}

/// Why a connection ended, in words for an admin.
pub fn explain_close(error: &ConnectionError) -> String {
    match error {
        ConnectionError::Closed(code) => match code {
            CloseCode::Done | CloseCode::ShuttingDown => "the hub stopped",
            CloseCode::NoCertificate => return join_again("the hub saw no certificate of its own"),
            CloseCode::NotEnrolled => return join_again("the hub does not know this agent"),
            CloseCode::Revoked => return join_again("the hub has revoked this agent"),
            CloseCode::Replaced => "another agent connected with the same identity: stop one of the two",
            CloseCode::Unavailable => "the hub cannot look this agent up now",
            CloseCode::Busy => "the hub has too many callers at its door just now: try again in a moment",
            CloseCode::Other(_) => "the hub closed the connection",
        },
        ConnectionError::Silent => "the hub has not been heard for a while",
        ConnectionError::Restarted => "the hub has started anew",
        ConnectionError::OtherVersion => "what answers there does not speak QUIC 1",
        ConnectionError::Alert { alert: BAD_CERTIFICATE | UNKNOWN_CA, raised_here: true, .. } => {
            "the certificate is not that of the hub that made the token (or not this agent's): was the hub set up anew? \
             Join again with a new token"
        }
        ConnectionError::Alert { alert: BAD_CERTIFICATE | UNKNOWN_CA, .. } => {
            "the hub does not know this agent's certificate: was the hub set up anew? Join again with a new token"
        }
        ConnectionError::Alert { alert: CERTIFICATE_EXPIRED, raised_here: true, .. } => {
            "by this host's clock the hub's certificate does not hold: set the clock right"
        }
        ConnectionError::Alert { alert: CERTIFICATE_EXPIRED, .. } => {
            "by the hub's clock this agent's certificate has run out, or does not hold yet"
        }
        ConnectionError::Alert { alert: NO_PROTOCOL, .. } => "what answers there is no hub of this version",
        other => return other.to_string(),
    }
    .to_owned()
}
