//! Where UDP gets no answer.

use std::collections::BTreeSet;
use std::time::Duration;

use slomix_agent::join::{JoinError, join};
use slomix_agent::ship::{DialError, Fallback};
use slomix_line::Way;

use crate::agent::{Host, manner};
use crate::hub::Hub;

fn after(calls: u32) -> Fallback {
    Fallback { after: calls, address: None }
}

fn name(number: usize) -> String {
    format!("2026-11-09-{:02}{:02}37-supply-round-1.txt", number / 60, number % 60)
}

#[tokio::test]
async fn join_goes_over_tcp_and_so_do_files_until_udp_gets_through_again_and_nothing_is_lost_or_sent_twice() {
    let hub = Hub::start(1);
    hub.block_udp(true);
    let mut host = Host::joined(&hub).await;
    assert_eq!(hub.ways(), [Way::Tcp], "joining");
    host.fallback = after(2);
    host.start();
    let status = host.wait_for_status("a connection", |status| status.connected).await;
    assert_eq!(status.way.as_deref(), Some("tcp"));
    host.write(&name(0), b"over tcp");
    hub.wait_for_files(1).await;

    // Batches are under way when the agent moves.
    hub.manners(|manners| manners.hold_acks = true);
    host.write(&name(1), b"on the way");
    hub.wait_for_batches(2).await;
    hub.block_udp(false);
    host.wait_for_status("the other way", |status| status.way.as_deref() == Some("udp")).await;
    host.write(&name(2), b"over udp");
    hub.manners(|manners| manners.hold_acks = false);
    hub.wait_for_files(3).await;
    for number in 3..40 {
        host.write(&name(number), name(number).as_bytes());
    }
    let kept = hub.wait_for_files(40).await;
    let status = host.wait_for_status("all acks", |status| status.unacked_files == 0).await;
    assert_eq!(status.complaint_count, 0, "{status:?}");
    let names: BTreeSet<_> = kept.iter().map(|kept| kept.entry.name.clone()).collect();
    assert_eq!((kept.len(), names.len()), (40, 40), "each once");
    let sequences: BTreeSet<_> = kept.iter().map(|kept| kept.sequence).collect();
    assert_eq!(hub.batches(), sequences.len(), "no batch was sent a second time");
    assert_eq!(hub.ways(), [Way::Tcp, Way::Tcp, Way::Udp]);
    host.stop().await;
}

#[tokio::test]
async fn a_hub_that_was_away_is_met_again_on_the_road_that_led_there() {
    let hub = Hub::start(2);
    hub.block_udp(true);
    let mut host = Host::joined(&hub).await;
    host.fallback = after(1);
    // Not within this test.
    host.pace.udp_again = (Duration::from_hours(1), Duration::from_hours(1));
    host.start();
    host.wait_for_status("a connection", |status| status.connected).await;
    hub.go_away();
    let status = host.wait_for_status("the hub is gone", |status| !status.connected).await;
    assert_eq!(status.way, None);
    host.write(&name(0), b"while it is away");
    hub.come_back();
    hub.wait_for_files(1).await;
    assert_eq!(host.wait_for_status("a connection", |status| status.connected).await.way.as_deref(), Some("tcp"));
    host.stop().await;
}

#[tokio::test]
async fn a_hub_that_comes_back_between_two_calls_is_not_taken_for_one_that_udp_does_not_reach() {
    let hub = Hub::start(4);
    let mut host = Host::joined(&hub).await;
    host.fallback = after(1);
    host.pace.udp_again = (Duration::from_hours(1), Duration::from_hours(1));
    hub.block_udp_until_tcp();
    host.start();
    let status = host.wait_for_status("a connection", |status| status.connected).await;
    assert_eq!(status.way.as_deref(), Some("udp"));
    host.stop().await;
}

#[tokio::test]
async fn whoever_does_not_want_tcp_waits_for_udp() {
    let hub = Hub::start(3);
    let mut host = Host::joined(&hub).await;
    hub.block_udp(true);
    host.fallback = after(0);
    host.pace.call_patience = Duration::from_millis(100);
    host.start();
    let status = host.wait_for_status("silence", |status| status.link_problem.is_some()).await;
    assert!(status.link_problem.unwrap().contains("does UDP reach it"));
    tokio::time::sleep(Duration::from_secs(1)).await;
    hub.block_udp(false);
    let status = host.wait_for_status("a connection", |status| status.connected).await;
    assert_eq!(status.way.as_deref(), Some("udp"));
    assert_eq!(hub.ways(), [Way::Udp, Way::Udp]);
    host.stop().await;
}

#[tokio::test]
async fn where_nothing_answers_either_way_both_are_named() {
    let hub = Hub::start(4);
    let host = Host::new(&hub);
    hub.block_udp(true);
    let mut manner = manner(false);
    manner.patience = Duration::from_millis(200);
    // Nobody listens at the port for requests of a name service on this host.
    manner.fallback.address = Some("127.0.0.1:1".to_owned());
    let error = join(&host.home(), &hub.token().to_string(), manner).await.unwrap_err();
    assert!(matches!(error, JoinError::Dial(DialError::Neither { .. })), "{error:?}");
    assert!(error.to_string().contains("neither by UDP nor by TCP"), "{error}");
}
