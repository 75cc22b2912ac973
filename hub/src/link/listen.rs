use std::io;
use std::net::{SocketAddr, TcpListener, UdpSocket};

use super::LinkError;

/// Where agents are listened for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listen {
    /// The UDP address; with port 0 any free one.
    pub udp: SocketAddr,
    /// The TCP address.
    pub tcp: ListenTcp,
}

/// Where agents are listened for whose UDP is blocked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListenTcp {
    /// At the address and port of UDP: where agents try it.
    #[default]
    Beside,
    /// Elsewhere, to which agents must be told, or to which something in front of the hub leads.
    At(SocketAddr),
    /// Nowhere.
    Off,
}

impl From<SocketAddr> for Listen {
    /// Both ways at one address.
    fn from(udp: SocketAddr) -> Self {
        Self { udp, tcp: ListenTcp::Beside }
    }
}

/// A port that is free for one of the two need not be for the other.
const TRIES: usize = 32;

/// The sockets of both ways.
pub(super) fn bind(listen: Listen) -> Result<(UdpSocket, Option<tokio::net::TcpListener>), LinkError> {
    for _ in 0..TRIES {
        let udp = UdpSocket::bind(listen.udp).map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => LinkError::PortInUse(listen.udp),
            _ => LinkError::Listen { address: listen.udp, source },
        })?;
        let address = match listen.tcp {
            ListenTcp::Off => return Ok((udp, None)),
            ListenTcp::At(address) => address,
            ListenTcp::Beside => {
                let port = udp.local_addr().map_err(|source| LinkError::Listen { address: listen.udp, source })?.port();
                SocketAddr::new(listen.udp.ip(), port)
            }
        };
        match listener(address) {
            Ok(tcp) => return Ok((udp, Some(tcp))),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                if listen.udp.port() != 0 || listen.tcp != ListenTcp::Beside {
                    return Err(LinkError::TcpPortInUse(address));
                }
            }
            Err(source) => return Err(LinkError::ListenTcp { address, source }),
        }
    }
    Err(LinkError::PortInUse(listen.udp))
}

fn listener(address: SocketAddr) -> io::Result<tokio::net::TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    tokio::net::TcpListener::from_std(listener)
}
