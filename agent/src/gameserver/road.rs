use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

use tokio::net::UdpSocket;

/// Bytes of the largest datagram that a server sends.
const LARGEST: usize = 32 * 1024;

/// The way to one game server and back, and the clock beside it.
pub trait Road: Send {
    /// The time.
    fn now(&self) -> Instant;

    /// Sends a datagram.
    fn send(&mut self, datagram: &[u8]) -> impl Future<Output = io::Result<()>> + Send;

    /// The next datagram from the server, or none when `until` has come.
    fn receive(&mut self, until: Instant) -> impl Future<Output = io::Result<Option<Vec<u8>>>> + Send;
}

/// UDP on this host.
#[derive(Debug)]
pub struct UdpRoad {
    socket: UdpSocket,
    buffer: Vec<u8>,
}

impl UdpRoad {
    /// Opens a socket at the server's own address, which only works where the server is on this host: what is sent
    /// leaves it nowhere. Only what comes from the server is received. Must be called within a tokio runtime.
    pub fn open(server: SocketAddr) -> io::Result<Self> {
        let socket = std::net::UdpSocket::bind(SocketAddr::new(server.ip(), 0))?;
        socket.connect(server)?;
        socket.set_nonblocking(true)?;
        Ok(Self { socket: UdpSocket::from_std(socket)?, buffer: vec![0; LARGEST] })
    }
}

impl Road for UdpRoad {
    fn now(&self) -> Instant {
        Instant::now()
    }

    async fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        match self.socket.send(datagram).await {
            // The echo of an earlier datagram that found nobody; this one has not been sent.
            Err(problem) if problem.kind() == io::ErrorKind::ConnectionRefused => {
                self.socket.send(datagram).await.map(drop)
            }
            sent => sent.map(drop),
        }
    }

    async fn receive(&mut self, until: Instant) -> io::Result<Option<Vec<u8>>> {
        match tokio::time::timeout_at(until.into(), self.socket.recv(&mut self.buffer)).await {
            Ok(received) => Ok(Some(self.buffer[..received?].to_owned())),
            Err(_) => Ok(None),
        }
    }
}
