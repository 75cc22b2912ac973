use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use quinn::{ClientConfig, Connection, ConnectionError, Endpoint, TransportConfig, VarInt};
use slomix_shared::identity::HUB_NAME;
use slomix_shared::wire::CloseCode;

/// A connection ends when nothing was heard for this long.
const IDLE: Duration = Duration::from_secs(30);
/// Keeps the paths of address translators open, which close after about 30 s.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

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
    /// Somebody answered, but there is no connection.
    #[error("{address}: {reason}")]
    Refused {
        /// Where.
        address: String,
        /// Why and what to do.
        reason: String,
        /// What QUIC said.
        #[source]
        source: ConnectionError,
    },
}

impl DialError {
    /// The hub ended the connection at once.
    pub(super) fn refused(address: &str, source: ConnectionError) -> Self {
        Self::Refused { address: address.to_owned(), reason: explain_close(&source), source }
    }
}

/// Connects to the hub at `address` (`host:port`), trying each of its addresses within `patience`.
pub async fn connect(
    address: &str,
    tls: rustls::ClientConfig,
    patience: Duration,
) -> Result<(Endpoint, Connection), DialError> {
    let config = settings(tls)?;
    let resolved = tokio::net::lookup_host(address)
        .await
        .map_err(|source| DialError::Resolve { address: address.to_owned(), source })?;
    let mut failure = DialError::Silent { address: address.to_owned() };
    for target in resolved {
        match connect_to(address, target, config.clone(), patience).await {
            Ok(connected) => return Ok(connected),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn connect_to(
    address: &str,
    target: SocketAddr,
    config: ClientConfig,
    patience: Duration,
) -> Result<(Endpoint, Connection), DialError> {
    let any = if target.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let endpoint = Endpoint::client(SocketAddr::new(any, 0)).map_err(DialError::Socket)?;
    let connecting =
        endpoint.connect_with(config, target, HUB_NAME).map_err(|error| DialError::Settings(error.into()))?;
    let silent = || DialError::Silent { address: address.to_owned() };
    match tokio::time::timeout(patience, connecting).await {
        Ok(Ok(connection)) => Ok((endpoint, connection)),
        Ok(Err(ConnectionError::TimedOut)) | Err(_) => Err(silent()),
        Ok(Err(source)) => Err(DialError::refused(address, source)),
    }
}

fn settings(tls: rustls::ClientConfig) -> Result<ClientConfig, DialError> {
    let tls = QuicClientConfig::try_from(tls).map_err(|error| DialError::Settings(error.into()))?;
    let mut transport = TransportConfig::default();
    let idle = quinn::IdleTimeout::try_from(IDLE).map_err(|error| DialError::Settings(error.into()))?;
    transport.max_idle_timeout(Some(idle));
    transport.keep_alive_interval(Some(KEEP_ALIVE));
    // What the hub tells and asks is short: bounded memory, whatever it sends.
    transport.max_concurrent_bidi_streams(VarInt::from_u32(4));
    transport.max_concurrent_uni_streams(VarInt::from_u32(8));
    transport.stream_receive_window(VarInt::from_u32(256 * 1024));
    transport.receive_window(VarInt::from_u32(1024 * 1024));
    transport.send_window(4 * 1024 * 1024);
    transport.datagram_receive_buffer_size(None);
    let mut config = ClientConfig::new(Arc::new(tls));
    config.transport_config(Arc::new(transport));
    Ok(config)
}

/// The TLS alert that a certificate has run out or is not valid yet, as a QUIC error: those travel as 0x100 to 0x1ff.
const CERTIFICATE_EXPIRED: u64 = 0x12d;

/// Whether the hub did not take this agent's certificate because of its dates.
pub(super) fn certificate_ran_out(error: &ConnectionError) -> bool {
    // This side checks the hub's certificate too, and says so in the error of its own; the hub's alert comes as a close.
    matches!(error, ConnectionError::ConnectionClosed(close) if u64::from(close.error_code) == CERTIFICATE_EXPIRED)
}

/// The code with which the hub closed a connection, if it did.
pub(super) fn close_code(error: &ConnectionError) -> Option<CloseCode> {
    match error {
        ConnectionError::ApplicationClosed(close) => Some(CloseCode::from_number(close.error_code.into_inner())),
        _ => None,
    }
}

/// Why a connection ended, in words for an admin.
pub fn explain_close(error: &ConnectionError) -> String {
    match error {
        ConnectionError::ApplicationClosed(close) => match CloseCode::from_number(close.error_code.into_inner()) {
            CloseCode::Done | CloseCode::ShuttingDown => "the hub stopped",
            CloseCode::NoCertificate => "the hub saw no certificate of its own: join again with a new token",
            CloseCode::NotEnrolled => "the hub does not know this agent: join again with a new token",
            CloseCode::Revoked => "the hub has revoked this agent: join again with a new token",
            CloseCode::Replaced => "another agent connected with the same identity: stop one of the two",
            CloseCode::Unavailable => "the hub cannot look this agent up now",
            CloseCode::Busy => "the hub is busy",
            CloseCode::Other(_) => "the hub closed the connection",
        }
        .to_owned(),
        ConnectionError::TimedOut => "the hub has not been heard for a while".to_owned(),
        ConnectionError::Reset => "the hub has started anew".to_owned(),
        ConnectionError::VersionMismatch => "what answers there does not speak QUIC 1".to_owned(),
        ConnectionError::TransportError(error) => match u64::from(error.code) {
            0x12a | 0x130 => "the certificate is not that of the hub that made the token (or not this agent's): \
                              was the hub set up anew? Join again with a new token"
                .to_owned(),
            CERTIFICATE_EXPIRED => {
                "by this host's clock the hub's certificate does not hold: set the clock right".to_owned()
            }
            0x178 => "what answers there is no hub of this version".to_owned(),
            _ => error.to_string(),
        },
        ConnectionError::ConnectionClosed(close) => match u64::from(close.error_code) {
            0x12a | 0x130 => {
                "the hub does not know this agent's certificate: was the hub set up anew? Join again with \
                              a new token"
                    .to_owned()
            }
            CERTIFICATE_EXPIRED => {
                "by the hub's clock this agent's certificate has run out, or does not hold yet".to_owned()
            }
            _ => error.to_string(),
        },
        other => other.to_string(),
    }
}
