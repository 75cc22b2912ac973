//! The way from the agent to the hub: one address that stays while hubs come and go behind it.
//!
//! A hub that is started again listens on another free port; real ones have a port of their own, which tests on one
//! machine cannot count on.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::UdpSocket;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// The address, and the hub that is behind it at the moment.
pub(crate) struct Road {
    address: SocketAddr,
    hub: watch::Sender<Option<SocketAddr>>,
    _carrier: JoinSet<()>,
}

impl Road {
    /// A road that leads nowhere yet.
    pub(crate) async fn open() -> Self {
        let front = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a free port"));
        let address = front.local_addr().expect("a bound port has an address");
        let hub = watch::Sender::new(None);
        let mut carrier = JoinSet::new();
        carrier.spawn(carry(front, hub.subscribe()));
        Self::of(address, hub, carrier)
    }

    /// One that somebody else carries along.
    pub(crate) fn of(address: SocketAddr, hub: watch::Sender<Option<SocketAddr>>, carrier: JoinSet<()>) -> Self {
        Self { address, hub, _carrier: carrier }
    }

    /// What the agent calls.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// From now on it leads to this hub.
    pub(crate) fn lead_to(&self, hub: SocketAddr) {
        self.hub.send_replace(Some(hub));
    }
}

async fn carry(front: Arc<UdpSocket>, hub: watch::Receiver<Option<SocketAddr>>) {
    let mut datagram = vec![0; 65_536];
    let mut lanes: HashMap<(SocketAddr, SocketAddr), Arc<UdpSocket>> = HashMap::new();
    let mut returns = JoinSet::new();
    loop {
        // An error here is the echo of an answer that found nobody.
        let Ok((length, caller)) = front.recv_from(&mut datagram).await else { continue };
        let Some(hub) = *hub.borrow() else { continue };
        let lane = if let Some(lane) = lanes.get(&(caller, hub)) {
            Arc::clone(lane)
        } else {
            let lane = Arc::new(UdpSocket::bind("127.0.0.1:0").await.expect("a free port"));
            lane.connect(hub).await.expect("loopback has a route");
            returns.spawn(bring_back(Arc::clone(&lane), Arc::clone(&front), caller));
            lanes.insert((caller, hub), Arc::clone(&lane));
            lane
        };
        // A hub that is gone refuses: to the caller that is silence.
        let _ = lane.send(&datagram[..length]).await;
    }
}

async fn bring_back(lane: Arc<UdpSocket>, front: Arc<UdpSocket>, caller: SocketAddr) {
    let mut datagram = vec![0; 65_536];
    loop {
        if let Ok(length) = lane.recv(&mut datagram).await {
            let _ = front.send_to(&datagram[..length], caller).await;
        }
    }
}
