//! What is peculiar to having two ways, and what keeps callers from taking more than their share.

use std::sync::Arc;
use std::time::Duration;

use quinn::crypto::rustls::QuicClientConfig;
use rustls::client::Resumption;
use slomix_line::{Connection, Way};
use slomix_shared::identity::{HUB_NAME, join_client, link_client};
use slomix_shared::wire::{Ack, AckOutcome, AgentNotice, CloseCode, encode};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::agent::{Ended, LIMITS, closed, connect, read, ship};
use super::{TestHub, WAYS, eventually};
use crate::link::endpoint::RETRY_FROM;
use crate::link::settings::{BATCH_STREAMS, NOTICE_STREAMS};

#[tokio::test]
async fn both_ways_are_open_at_one_port_and_tell_which_was_taken() {
    for way in WAYS {
        let hub = TestHub::start(way);
        assert_eq!(hub.link.tcp_addr(), Some(hub.link.local_addr()));
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
        assert_eq!(hub.link.connections().list()[0].way, way);
    }
}

#[tokio::test]
async fn an_agent_that_udp_reaches_the_hub_for_again_moves_over_and_what_is_under_way_is_acknowledged() {
    let hub = TestHub::start(Way::Tcp);
    let agent = hub.agent("vienna").await;
    let before = agent.connect().await.unwrap();
    ship(&before, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
    hub.memory.commits.forget_permits(usize::MAX);
    let second = agent.batch(2, &[("b.txt", b"b")]);
    let on_the_way = ship(&before, &second);
    let moving = async {
        hub.memory.wait_for_commits(2).await;
        let after = agent.connect_over(Way::Udp).await.unwrap();
        eventually("the other way", || hub.link.connections().list()[0].way == Way::Udp).await;
        hub.memory.commits.add_permits(3);
        ship(&after, &agent.batch(3, &[("c.txt", b"c")])).await.unwrap();
        after
    };
    let (ack, after) = tokio::join!(on_the_way, moving);
    let ack = ack.expect("the connection over TCP is not cut off");
    assert_eq!((&ack.items[0].outcome, ack.sequence_reset), (&AckOutcome::Received, false));
    assert_eq!(hub.link.connections().list().len(), 1);

    // Back to TCP with the same certificate there is nothing to wait for: UDP has failed the agent.
    let again = agent.connect_over(Way::Tcp).await.unwrap();
    assert_eq!(closed(&after).await, Ended::Closed(CloseCode::Replaced));
    ship(&again, &agent.batch(4, &[("d.txt", b"d")])).await.unwrap();
}

#[tokio::test]
async fn nothing_travels_before_the_handshake_is_done_also_the_second_time() {
    let hub = TestHub::start(Way::Udp);
    let agent = hub.agent("vienna").await;
    // A caller that is more eager than agents are.
    let mut tls = link_client(agent.pin, agent.chain.clone(), &agent.tls_key).unwrap();
    tls.enable_early_data = true;
    tls.resumption = Resumption::in_memory_sessions(8);
    let tls = Arc::new(tls);

    let config = quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(tls.clone()).unwrap()));
    let endpoint = quinn::Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    for _ in 0..2 {
        let connecting = endpoint.connect_with(config.clone(), agent.address, HUB_NAME).unwrap();
        let Err(connecting) = connecting.into_0rtt() else { panic!("the hub has given out what 0-RTT needs") };
        let connection = Connection::from(connecting.await.unwrap());
        ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
    }

    for _ in 0..2 {
        let stream = TcpStream::connect(agent.address).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from(HUB_NAME).unwrap();
        let mut client = tokio_rustls::TlsConnector::from(tls.clone()).connect(name, stream).await.unwrap();
        // Tickets would come with the hub's first words, its grant of streams.
        let _ = client.read(&mut [0; 64]).await.unwrap();
        let session = client.get_ref().1;
        assert_eq!(session.handshake_kind(), Some(rustls::HandshakeKind::Full));
        assert!(!session.is_early_data_accepted());
    }
}

#[tokio::test]
async fn an_agent_has_as_many_streams_as_it_was_granted_and_no_more() {
    for way in WAYS {
        let hub = TestHub::start(way);
        let agent = hub.agent("vienna").await;
        let connection = agent.connect().await.unwrap();
        let mut open = Vec::new();
        for _ in 0..BATCH_STREAMS {
            open.push(connection.open_bi().await.unwrap());
        }
        let mut notices = Vec::new();
        for _ in 0..NOTICE_STREAMS {
            notices.push(connection.open_uni().await.unwrap());
        }
        let mut more = std::pin::pin!(connection.open_bi());
        let mut more_notices = std::pin::pin!(connection.open_uni());
        tokio::select! {
            _ = &mut more => panic!("one more batch at a time than was granted"),
            _ = &mut more_notices => panic!("one more notice at a time than was granted"),
            () = tokio::time::sleep(Duration::from_millis(100)) => {}
        }
        // Those that are over make room; QUIC tells of it once they are an eighth.
        for (sequence, (mut send, mut answer)) in (1..).zip(open.drain(..=BATCH_STREAMS as usize / 8)) {
            send.write_all(&encode(&agent.batch(sequence, &[("a.txt", b"a")])).unwrap()).await.unwrap();
            send.finish();
            read::<Ack>(&mut answer).await.unwrap();
        }
        more.await.unwrap();
        let mut notice = notices.remove(0);
        notice.write_all(&encode(&AgentNotice::Status(Box::default())).unwrap()).await.unwrap();
        notice.finish();
        drop(notice);
        more_notices.await.unwrap();
    }
}

#[tokio::test]
async fn many_who_say_nothing_from_one_address_are_turned_away_and_agents_are_not_disturbed() {
    let hub = TestHub::start(Way::Tcp);
    let agent = hub.agent("vienna").await;
    let connection = agent.connect().await.unwrap();
    ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
    let mut silent = Vec::new();
    while hub.link.porch().turned_away() == 0 {
        silent.push(TcpStream::connect(agent.address).await.unwrap());
        assert!(silent.len() < 1_000, "nobody is ever turned away");
    }
    // Whoever has shown who it is keeps its connection.
    ship(&connection, &agent.batch(2, &[("b.txt", b"b")])).await.unwrap();
    let most = hub.link.porch().waiting();
    // They do not stand there for ever: their time for the handshake runs out, and the agent gets in again.
    eventually("their leaving", || hub.link.porch().waiting() < most / 2).await;
    let again = agent.connect().await.unwrap();
    ship(&again, &agent.batch(3, &[("c.txt", b"c")])).await.unwrap();
}

#[tokio::test]
async fn where_there_are_many_a_caller_must_prove_that_it_is_there() {
    let hub = TestHub::start(Way::Udp);
    let agent = hub.agent("vienna").await;
    // Callers that could join, and say nothing.
    let mut silent = Vec::new();
    while hub.link.porch().retried() == 0 {
        silent.push(connect(Way::Udp, join_client(agent.pin).unwrap(), agent.address).await.unwrap());
        assert!(silent.len() < RETRY_FROM, "nobody ever has to prove anything");
    }
    // The last one had to, and got in all the same; so does an agent.
    let before = hub.link.porch().retried();
    let connection = agent.connect().await.unwrap();
    ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
    assert_eq!(hub.link.porch().retried(), before + 1);
    assert_eq!(hub.link.porch().turned_away(), 0);
}

#[tokio::test]
async fn bytes_that_are_no_tls_and_half_a_handshake_end_there() {
    let hub = TestHub::start(Way::Tcp);
    let agent = hub.agent("vienna").await;
    for bytes in [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 0xff, 0xff, 1, 2, 3]] {
        let mut stream = TcpStream::connect(agent.address).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut stream, bytes).await.unwrap();
        tokio::io::AsyncWriteExt::shutdown(&mut stream).await.unwrap();
        let mut answer = Vec::new();
        // What comes is an alert, or nothing.
        let _ = stream.read_to_end(&mut answer).await;
        assert!(answer.len() < 64, "{answer:?}");
    }
    eventually("their leaving", || hub.link.porch().waiting() == 0).await;
    let connection = agent.connect().await.unwrap();
    ship(&connection, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
}

#[tokio::test]
async fn a_caller_over_tcp_that_does_not_keep_to_the_records_is_cut_off() {
    let hub = TestHub::start(Way::Tcp);
    let agent = hub.agent("vienna").await;
    let tls = Arc::new(link_client(agent.pin, agent.chain.clone(), &agent.tls_key).unwrap());
    // A record of no kind; one with more data than a record may have; a stream beyond the grant.
    let odd: [&[u8]; 3] =
        [&[99, 0, 0, 0, 0, 0, 0, 0, 0], &[0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff], &[0, 0, 0xff, 0, 0, 0, 0, 0, 0]];
    for record in odd {
        let stream = TcpStream::connect(agent.address).await.unwrap();
        let name = rustls::pki_types::ServerName::try_from(HUB_NAME).unwrap();
        let mut client = tokio_rustls::TlsConnector::from(tls.clone()).connect(name, stream).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut client, record).await.unwrap();
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(20), client.read_to_end(&mut rest)).await;
        ended.expect("the hub ends the connection").ok();
    }
    eventually("their leaving", || hub.link.connections().list().is_empty()).await;
    let good = slomix_line::tcp::dial(agent.address, tls, LIMITS).await.unwrap().unwrap();
    ship(&good, &agent.batch(1, &[("a.txt", b"a")])).await.unwrap();
}
