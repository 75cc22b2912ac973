use std::net::SocketAddr;
use std::time::Duration;

use quinn::VarInt;
use quinn::crypto::rustls::HandshakeData;
use rustls::pki_types::CertificateDer;
use slomix_shared::wire::{CERTIFICATE_BINDING, CloseCode};

use crate::{ConnectionError, RecvStream, SendStream, tcp};

/// Which way a connection goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// QUIC.
    Udp,
    /// TLS over TCP.
    Tcp,
}

impl Way {
    /// In a word, for status pages.
    pub fn word(self) -> &'static str {
        match self {
            Self::Udp => "udp",
            Self::Tcp => "tcp",
        }
    }
}

/// A connection between an agent and its hub. Its last handle closes it; so do its streams count as handles.
#[derive(Debug, Clone)]
pub enum Connection {
    /// QUIC.
    Quic(quinn::Connection),
    /// TLS over TCP.
    Tcp(tcp::Connection),
}

impl From<quinn::Connection> for Connection {
    fn from(connection: quinn::Connection) -> Self {
        Self::Quic(connection)
    }
}

impl Connection {
    /// Which way it goes.
    pub fn way(&self) -> Way {
        match self {
            Self::Quic(_) => Way::Udp,
            Self::Tcp(_) => Way::Tcp,
        }
    }

    /// Opens a stream both ways, once the other side grants one.
    pub async fn open_bi(&self) -> Result<(SendStream, RecvStream), ConnectionError> {
        Ok(match self {
            Self::Quic(quic) => {
                let (send, receive) = quic.open_bi().await?;
                (SendStream::Quic(send), RecvStream::Quic(receive))
            }
            Self::Tcp(tcp) => {
                let (send, receive) = tcp.open_bi().await?;
                (SendStream::Tcp(send), RecvStream::Tcp(receive))
            }
        })
    }

    /// Opens a stream one way, once the other side grants one.
    pub async fn open_uni(&self) -> Result<SendStream, ConnectionError> {
        Ok(match self {
            Self::Quic(quic) => SendStream::Quic(quic.open_uni().await?),
            Self::Tcp(tcp) => SendStream::Tcp(tcp.open_uni().await?),
        })
    }

    /// The next stream both ways that the other side opened: in the order in which it opened them.
    pub async fn accept_bi(&self) -> Result<(SendStream, RecvStream), ConnectionError> {
        Ok(match self {
            Self::Quic(quic) => {
                let (send, receive) = quic.accept_bi().await?;
                (SendStream::Quic(send), RecvStream::Quic(receive))
            }
            Self::Tcp(tcp) => {
                let (send, receive) = tcp.accept_bi().await?;
                (SendStream::Tcp(send), RecvStream::Tcp(receive))
            }
        })
    }

    /// The next stream one way that the other side opened.
    pub async fn accept_uni(&self) -> Result<RecvStream, ConnectionError> {
        Ok(match self {
            Self::Quic(quic) => RecvStream::Quic(quic.accept_uni().await?),
            Self::Tcp(tcp) => RecvStream::Tcp(tcp.accept_uni().await?),
        })
    }

    /// Closes it at once, telling the other side why. What is under way is lost.
    pub fn close(&self, why: CloseCode) {
        match self {
            Self::Quic(quic) => quic.close(VarInt::from_u32(why.number()), b""),
            Self::Tcp(tcp) => tcp.close(why),
        }
    }

    /// Waits until it has ended; why it did.
    pub async fn closed(&self) -> ConnectionError {
        match self {
            Self::Quic(quic) => quic.closed().await.into(),
            Self::Tcp(tcp) => tcp.closed().await,
        }
    }

    /// Waits until what closing it has to tell has left. QUIC's endpoint sees to that by itself.
    pub async fn gone(&self) {
        if let Self::Tcp(tcp) = self {
            tcp.gone().await;
        }
    }

    /// Where the other side is.
    pub fn remote_address(&self) -> SocketAddr {
        match self {
            Self::Quic(quic) => quic.remote_address(),
            Self::Tcp(tcp) => tcp.remote_address(),
        }
    }

    /// Tells connections of one process apart while they live.
    pub fn stable_id(&self) -> usize {
        match self {
            Self::Quic(quic) => quic.stable_id(),
            Self::Tcp(tcp) => tcp.stable_id(),
        }
    }

    /// How many streams both ways the other side may have open at a time.
    pub fn set_max_bi_streams(&self, most: u32) {
        match self {
            Self::Quic(quic) => quic.set_max_concurrent_bi_streams(VarInt::from_u32(most)),
            Self::Tcp(tcp) => tcp.grant_bi(most),
        }
    }

    /// How many streams one way.
    pub fn set_max_uni_streams(&self, most: u32) {
        match self {
            Self::Quic(quic) => quic.set_max_concurrent_uni_streams(VarInt::from_u32(most)),
            Self::Tcp(tcp) => tcp.grant_uni(most),
        }
    }

    /// The ALPN that both sides agreed on.
    pub fn alpn(&self) -> Option<Vec<u8>> {
        match self {
            Self::Quic(quic) => quic.handshake_data()?.downcast::<HandshakeData>().ok()?.protocol,
            Self::Tcp(tcp) => Some(tcp.alpn().to_vec()),
        }
    }

    /// The other side's certificates, as TLS has checked them.
    pub fn peer_chain(&self) -> Option<Vec<CertificateDer<'static>>> {
        match self {
            Self::Quic(quic) => quic.peer_identity()?.downcast::<Vec<CertificateDer<'static>>>().ok().map(|it| *it),
            Self::Tcp(tcp) => tcp.peer_chain().map(<[_]>::to_vec),
        }
    }

    /// What ties a request for a certificate to this connection and its ALPN: both sides have the same, and no other
    /// connection has.
    pub fn binding(&self) -> Option<[u8; 32]> {
        match self {
            Self::Quic(quic) => {
                let mut binding = [0; 32];
                quic.export_keying_material(&mut binding, CERTIFICATE_BINDING, &self.alpn()?).ok()?;
                Some(binding)
            }
            Self::Tcp(tcp) => Some(tcp.binding()),
        }
    }

    /// How long there and back takes: QUIC's estimate, or how long TCP took to connect.
    pub fn rtt(&self) -> Duration {
        match self {
            Self::Quic(quic) => quic.rtt(),
            Self::Tcp(tcp) => tcp.rtt(),
        }
    }
}
