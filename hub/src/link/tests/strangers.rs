use std::sync::atomic::Ordering;

use slomix_line::ConnectionError;
use slomix_shared::identity::{AGENT_CERTIFICATE_LIFE, AgentId, TlsKey, join_client, link_client};
use slomix_shared::wire::{ALPN_LINK, CloseCode, encode};

use super::agent::{Ended, TestAgent, ask, closed, connect, ship};
use super::{TestHub, WAYS, keys};
use crate::link::{HubKeys, Registry, system_clock};

/// An agent that has all it needs except a certificate of the right authority.
fn stranger(hub: &TestHub, authority: &HubKeys, id: AgentId, at_ms: i64) -> TestAgent {
    let tls_key = TlsKey::from_seed(&[5; 32]);
    let chain = authority
        .authority
        .issue_agent(&tls_key.signing_request().unwrap(), id, at_ms, AGENT_CERTIFICATE_LIFE)
        .unwrap();
    let signing_key = slomix_shared::identity::SigningKey::from_seed(&[6; 32]);
    TestAgent {
        id,
        signing_key,
        tls_key,
        chain,
        pin: hub.keys.authority.pin(),
        address: hub.link.local_addr(),
        way: hub.way,
    }
}

/// Connects and tries to ship; returns how the hub ended that.
async fn try_to_ship(agent: &TestAgent) -> Ended {
    match agent.connect().await {
        Err(error) => error.into(),
        Ok(connection) => {
            ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.expect_err("a stranger ships nothing")
        }
    }
}

#[tokio::test]
async fn a_caller_without_a_certificate_cannot_even_open_a_stream() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let lookups = hub.memory.lookups.load(Ordering::Relaxed);
        let mut config = join_client(agent.pin).unwrap();
        config.alpn_protocols = vec![ALPN_LINK.to_vec()];
        let connection = connect(way, config, agent.address).await.unwrap();
        // Opening waits for the hub's leave, which never comes: the bytes of the batch do not leave this side.
        let frame = encode(&agent.batch(1, &[("a.txt", b"a")])).unwrap();
        let ended = ask::<slomix_shared::wire::Ack>(&connection, &frame).await;
        assert_eq!(ended, Err(Ended::Closed(CloseCode::NoCertificate)));
        if let slomix_line::Connection::Quic(quic) = &connection {
            assert_eq!(quic.stats().frame_tx.stream, 0);
        }
        assert_eq!(hub.memory.lookups.load(Ordering::Relaxed), lookups);
        assert!(hub.memory.is_empty() && hub.link.connections().list().is_empty());
    }
}

#[tokio::test]
async fn a_certificate_of_another_authority_fails_the_handshake() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let lookups = hub.memory.lookups.load(Ordering::Relaxed);
        let ended = try_to_ship(&stranger(&hub, &keys(), agent.id, system_clock()())).await;
        assert!(matches!(&ended, Ended::Alert(_)), "{ended:?}");
        assert_eq!(hub.memory.lookups.load(Ordering::Relaxed), lookups);
        assert!(hub.memory.is_empty());
    }
}

#[tokio::test]
async fn an_expired_certificate_and_the_hubs_own_fail_the_handshake() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let long_ago = system_clock()() - 8 * 24 * 3_600_000;
        let ended = try_to_ship(&stranger(&hub, &hub.keys, agent.id, long_ago)).await;
        assert!(matches!(&ended, Ended::Alert(0x2d)), "{ended:?}");

        let tls_key = TlsKey::from_seed(&[5; 32]);
        let chain = hub.keys.authority.issue_hub(&tls_key, system_clock()()).unwrap();
        let ended = try_to_ship(&TestAgent { tls_key, chain, ..agent }).await;
        assert!(matches!(&ended, Ended::Alert(_)), "{ended:?}");
        assert!(hub.memory.is_empty());
    }
}

#[tokio::test]
async fn an_agent_that_is_not_in_the_list_is_turned_away() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let unknown = stranger(&hub, &hub.keys, AgentId::from_bytes([1; 16]), system_clock()());
        assert_eq!(try_to_ship(&unknown).await, Ended::Closed(CloseCode::NotEnrolled));
        assert!(hub.memory.is_empty());
    }
}

#[tokio::test]
async fn a_revoked_agent_is_cut_off_at_its_next_batch_and_not_let_in_again() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        hub.memory.revoke("vienna", (hub.clock)()).await.unwrap().unwrap();
        let refused = ship(&connection, &agent.batch(2, &[("b.txt", b"b")])).await;
        assert_eq!(refused, Err(Ended::Closed(CloseCode::Revoked)));
        assert_eq!(try_to_ship(&agent).await, Ended::Closed(CloseCode::Revoked));
        assert_eq!(hub.memory.content("b.txt"), None);
    }
}

#[tokio::test]
async fn a_revoked_agent_that_is_silent_can_be_cut_off_at_once() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert!(hub.link.connections().close(agent.id, CloseCode::Revoked));
        assert_eq!(closed(&connection).await, Ended::Closed(CloseCode::Revoked));
        assert!(!hub.link.connections().is_connected(agent.id));
    }
}

#[tokio::test]
async fn a_registry_that_is_down_lets_nobody_in_and_says_so() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        hub.memory.registry_is_down.store(true, Ordering::Relaxed);
        assert_eq!(try_to_ship(&agent).await, Ended::Closed(CloseCode::Unavailable));
    }
}

#[tokio::test]
async fn other_protocols_and_other_hubs_are_not_spoken_to() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let mut config = join_client(agent.pin).unwrap();
        config.alpn_protocols = vec![b"h3".to_vec()];
        let error = connect(way, config, agent.address).await.unwrap_err();
        assert!(matches!(&error, ConnectionError::Alert { alert: 0x78, raised_here: false, .. }), "{error:?}");

        let config = link_client(keys().authority.pin(), agent.chain.clone(), &agent.tls_key).unwrap();
        let error = connect(way, config, agent.address).await.unwrap_err().to_string();
        assert!(error.contains("UnknownIssuer"), "{error}");
    }
}
