use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use slomix_line::Way;
use slomix_shared::identity::AGENT_CERTIFICATE_LIFE;
use slomix_shared::wire::{AckOutcome, CloseCode};

use super::agent::{Ended, closed, ship};
use super::memory::Memory;
use super::{TestHub, WAYS, eventually, keys};
use crate::link::{Link, LinkError, Listen, ListenTcp, system_clock};

#[tokio::test]
async fn a_port_in_use_is_said_with_what_to_do() {
    let hub = TestHub::start(Way::Udp);
    let start = |listen: Listen| {
        let memory = Arc::new(Memory::default());
        Link::start(listen, Arc::new(keys()), memory.clone(), memory, system_clock(), AGENT_CERTIFICATE_LIFE)
            .unwrap_err()
    };
    let taken = hub.link.local_addr();
    let error = start(taken.into());
    assert!(matches!(error, LinkError::PortInUse(_)));
    let port = taken.port().to_string();
    insta::assert_snapshot!(error.to_string().replace(&port, "PORT"));

    let free = SocketAddr::new(taken.ip(), 0);
    let error = start(Listen { udp: free, tcp: ListenTcp::At(taken) });
    assert!(matches!(error, LinkError::TcpPortInUse(_)));
    insta::assert_snapshot!("the_port_of_tcp", error.to_string().replace(&port, "PORT"));
}

#[tokio::test]
async fn stopping_lets_what_is_under_way_be_archived_and_acknowledged() {
    for way in WAYS {
        let (hub, connection, batch) = TestHub::that_ends_no_commit(way).await;
        let shipping = ship(&connection, &batch);
        let stopping = async {
            hub.memory.wait_for_commits(1).await;
            let memory = hub.memory.clone();
            let release = async {
                // The hub is stopping now, and the commit ends only afterwards.
                tokio::task::yield_now().await;
                memory.commits.add_permits(1);
            };
            tokio::join!(hub.link.shut_down(Duration::from_secs(20)), release);
        };
        let (ack, ()) = tokio::join!(shipping, stopping);
        assert_eq!(ack.unwrap().items[0].outcome, AckOutcome::Received);
        assert_eq!(closed(&connection).await, Ended::Closed(CloseCode::ShuttingDown));
        assert_eq!(hub.memory.content("a.txt").as_deref(), Some(&b"a"[..]));
    }
}

#[tokio::test]
async fn stopping_does_not_wait_for_idle_agents_and_frees_the_port() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        let address = hub.link.local_addr();
        hub.link.shut_down(Duration::from_hours(1)).await;
        assert_eq!(closed(&connection).await, Ended::Closed(CloseCode::ShuttingDown));
        eventually("the port's being free", || std::net::UdpSocket::bind(address).is_ok()).await;
    }
}

#[tokio::test]
async fn a_commit_that_hangs_does_not_hold_up_the_stop_for_ever() {
    for way in WAYS {
        let (hub, connection, batch) = TestHub::that_ends_no_commit(way).await;
        let stopping = async {
            hub.memory.wait_for_commits(1).await;
            hub.link.shut_down(Duration::from_millis(50)).await;
        };
        let (ack, ()) = tokio::join!(ship(&connection, &batch), stopping);
        assert!(ack.is_err() && hub.memory.is_empty());
    }
}
