//! The simulated game server behind a real UDP port.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use slomix_shared::sim::GameServer;
use tokio::net::UdpSocket;
use tokio::task::JoinSet;

/// A game server that answers until this is dropped.
pub(crate) struct UdpGame {
    address: SocketAddr,
    server: Arc<Mutex<GameServer>>,
    _answering: JoinSet<()>,
}

impl UdpGame {
    /// Listens on a free port of loopback.
    pub(crate) async fn start(server: GameServer) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.expect("a free port");
        let address = socket.local_addr().expect("a bound port has an address");
        let server = Arc::new(Mutex::new(server));
        let mut answering = JoinSet::new();
        answering.spawn(answer(socket, Arc::clone(&server)));
        Self { address, server, _answering: answering }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn server(&self) -> MutexGuard<'_, GameServer> {
        self.server.lock().expect("no test panics while it holds the server")
    }
}

async fn answer(socket: UdpSocket, server: Arc<Mutex<GameServer>>) {
    let began = Instant::now();
    let mut datagram = vec![0; 2_048];
    loop {
        let received = tokio::time::timeout(Duration::from_millis(20), socket.recv_from(&mut datagram)).await;
        let now_ms = 1_000_000 + began.elapsed().as_millis() as i64;
        let answers = {
            let mut server = server.lock().expect("no test panics while it holds the server");
            match received {
                Ok(Ok((length, from))) => server.handle(now_ms, from, &datagram[..length]),
                // The echo of an answer that found nobody, or nothing came.
                Ok(Err(_)) | Err(_) => server.wake(now_ms),
            }
        };
        for answer in answers {
            let _ = socket.send_to(&answer.bytes, answer.to).await;
        }
    }
}
