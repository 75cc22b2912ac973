use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{AlertDescription, ClientConfig, CommonState, ServerConfig};
use slomix_shared::identity::HUB_NAME;
use slomix_shared::wire::CERTIFICATE_BINDING;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::Limits;
use super::carrier::{carry, linger};
use super::connection::{About, Connection, Handle, Shared};
use super::mux::Mux;
use crate::ConnectionError;

/// Calls a hub at `target`. The error of the outer result is the system's: nobody listens there, or no way leads there.
pub async fn dial(
    target: SocketAddr,
    tls: Arc<ClientConfig>,
    limits: Limits,
) -> io::Result<Result<crate::Connection, ConnectionError>> {
    let began = Instant::now();
    let stream = TcpStream::connect(target).await?;
    let rtt = began.elapsed();
    stream.set_nodelay(true)?;
    let name = ServerName::try_from(HUB_NAME).map_err(io::Error::other)?;
    let stream = match TlsConnector::from(tls).connect(name, stream).await {
        Ok(stream) => stream,
        Err(error) => return Ok(Err(reason(&error))),
    };
    let tls = stream.get_ref().1;
    let about = about(tls, tls.peer_certificates(), target, rtt, |binding, alpn| {
        tls.export_keying_material(binding, CERTIFICATE_BINDING, Some(alpn)).map(drop)
    });
    Ok(about.map(|about| begin(stream, false, about, limits)))
}

/// Takes a call at a hub's listener.
pub async fn accept(
    stream: TcpStream,
    tls: Arc<ServerConfig>,
    limits: Limits,
) -> Result<crate::Connection, ConnectionError> {
    let remote = stream.peer_addr().map_err(|error| reason(&error))?;
    stream.set_nodelay(true).map_err(|error| reason(&error))?;
    let stream = match TlsAcceptor::from(tls).accept(stream).into_fallible().await {
        Ok(stream) => stream,
        Err((error, stream)) => {
            // The alert is on its way.
            linger(stream).await;
            return Err(reason(&error));
        }
    };
    let tls = stream.get_ref().1;
    let about = about(tls, tls.peer_certificates(), remote, Duration::ZERO, |binding, alpn| {
        tls.export_keying_material(binding, CERTIFICATE_BINDING, Some(alpn)).map(drop)
    });
    match about {
        Ok(about) => Ok(begin(stream, true, about, limits)),
        Err(error) => {
            linger(stream).await;
            Err(error)
        }
    }
}

fn about(
    tls: &CommonState,
    chain: Option<&[CertificateDer<'static>]>,
    remote: SocketAddr,
    rtt: Duration,
    export: impl FnOnce(&mut [u8; 32], &[u8]) -> Result<(), rustls::Error>,
) -> Result<About, ConnectionError> {
    let alpn = tls.alpn_protocol().map(<[u8]>::to_vec);
    let alpn = alpn.ok_or_else(|| ConnectionError::Other("no protocol was agreed on".to_owned()))?;
    let mut binding = [0; 32];
    export(&mut binding, &alpn).map_err(|error| ConnectionError::Other(error.to_string()))?;
    Ok(About { remote, alpn, chain: chain.map(<[_]>::to_vec), binding, rtt })
}

pub(super) fn begin<S>(stream: S, accepted: bool, about: About, limits: Limits) -> crate::Connection
where
    S: AsyncRead + AsyncWrite + Send + 'static,
{
    let mut mux = Mux::new(accepted, limits.window);
    mux.grant(false, limits.bi);
    mux.grant(true, limits.uni);
    let shared = Arc::new(Shared::new(mux, about));
    tokio::spawn(carry(stream, Arc::clone(&shared), limits));
    crate::Connection::Tcp(Connection(Arc::new(Handle(shared))))
}

/// Why the socket, or TLS on it, failed.
pub(super) fn reason(error: &io::Error) -> ConnectionError {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    let Some(tls) = tls else {
        return match error.kind() {
            io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => {
                ConnectionError::Other("the connection was cut".to_owned())
            }
            io::ErrorKind::UnexpectedEof => ConnectionError::Other("the other side hung up without a word".to_owned()),
            io::ErrorKind::TimedOut => ConnectionError::Silent,
            _ => ConnectionError::Other(error.to_string()),
        };
    };
    let said = tls.to_string();
    let (alert, raised_here) = match tls {
        rustls::Error::AlertReceived(alert) => (*alert, false),
        rustls::Error::InvalidCertificate(error) => (error.clone().into(), true),
        rustls::Error::NoApplicationProtocol => (AlertDescription::NoApplicationProtocol, true),
        _ => return ConnectionError::Other(said),
    };
    ConnectionError::Alert { alert: alert.into(), raised_here, said }
}
