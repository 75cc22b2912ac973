//! The endpoint over loopback, with a small agent at the other end.

mod agent;
mod gaps;
mod joining;
mod memory;
mod notices;
mod renewing;
mod roads;
mod shipping;
mod stopping;
mod strangers;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use slomix_line::{Connection, Way};
use slomix_shared::identity::{AGENT_CERTIFICATE_LIFE, Authority, JoinToken, SigningKey, TlsKey};
use slomix_shared::wire::Batch;

use super::keys::random;
use super::{Clock, HubKeys, Link, invite, system_clock};
use memory::Memory;

/// What holds for the one way holds for the other.
const WAYS: [Way; 2] = [Way::Udp, Way::Tcp];

/// A hub with an archive and a registry in memory.
struct TestHub {
    link: Link,
    keys: Arc<HubKeys>,
    memory: Arc<Memory>,
    /// How far the hub's clock is ahead of the system's, in milliseconds.
    ahead_ms: Arc<AtomicI64>,
    clock: Clock,
    /// Which way its agents come.
    way: Way,
}

fn keys() -> HubKeys {
    let authority = Authority::create(TlsKey::from_seed(&random().unwrap()), system_clock()()).unwrap();
    HubKeys { authority, signing_key: SigningKey::from_seed(&random().unwrap()) }
}

impl TestHub {
    fn start(way: Way) -> Self {
        Self::with_certificates_for(way, AGENT_CERTIFICATE_LIFE)
    }

    /// A hub whose agents get certificates for so long.
    fn with_certificates_for(way: Way, life: Duration) -> Self {
        // Shown where a test fails.
        println!("over {way:?}");
        let ahead_ms = Arc::new(AtomicI64::new(0));
        let ahead = ahead_ms.clone();
        let clock: Clock = Arc::new(move || system_clock()() + ahead.load(Ordering::Relaxed));
        let (keys, memory) = (Arc::new(keys()), Arc::new(Memory::default()));
        let any_port: SocketAddr = "127.0.0.1:0".parse().unwrap();
        let link =
            Link::start(any_port.into(), keys.clone(), memory.clone(), memory.clone(), clock.clone(), life).unwrap();
        Self { link, keys, memory, ahead_ms, clock, way }
    }

    /// A hub that ends no commit before it is given permits, an agent's connection to it, and its first batch: `a.txt`.
    async fn that_ends_no_commit(way: Way) -> (Self, Connection, Batch) {
        let hub = Self::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        hub.memory.commits.forget_permits(usize::MAX);
        (hub, connection, agent.batch(1, &[("a.txt", b"a")]))
    }

    async fn invite(&self, name: &str) -> JoinToken {
        let address = self.link.local_addr().to_string();
        invite(&*self.memory, &self.keys, name, "main", &address, (self.clock)()).await.unwrap()
    }

    /// Invites an agent and lets it join.
    async fn agent(&self, name: &str) -> agent::TestAgent {
        agent::TestAgent::join(self.way, &self.invite(name).await).await.unwrap()
    }
}

/// Waits until something holds.
async fn eventually(what: &str, holds: impl Fn() -> bool) {
    for _ in 0..2_000 {
        if holds() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("{what} never came true");
}
