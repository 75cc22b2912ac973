//! What a hub keeps over its end, and what it finishes at the next start.

use std::sync::Arc;

use slomix_hub::archive::{Archive, Delivery};
use slomix_hub::data_dir::DataDir;
use slomix_hub::store::Store;
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_hub::store::tables::{ROUND, SESSION};
use slomix_shared::wire::AckOutcome;

use super::super::link_agent::LinkAgent;
use super::{config, evening, invite, rows, start, stats, status, until};

#[tokio::test]
async fn everything_is_there_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let evening = evening();
    let files = stats(&evening);
    let (before, after) = files.split_at(files.len() / 2);
    let link = agent.connect(hub.addresses().link).await;
    link.ship(1, before).await.unwrap();
    hub.stop().await;

    let hub = start(config(), dir.path()).await.unwrap();
    let link = agent.connect(hub.addresses().link).await;
    assert!(link.ship(2, before).await.unwrap().iter().all(|outcome| *outcome == AckOutcome::Duplicate));
    assert!(link.ship(3, after).await.unwrap().iter().all(|outcome| *outcome == AckOutcome::Received));
    let store = hub.store();
    until("all is derived", async || store.pending_count().await.unwrap() == 0).await;
    assert_eq!((rows(store, ROUND).await, rows(store, SESSION).await), (files.len() as i64, 1));
    assert_eq!(status(&hub).await["agents"][0]["connected"], true);
    hub.stop().await;
}

#[tokio::test]
async fn what_was_kept_and_not_derived_is_derived_at_the_next_start() {
    let dir = tempfile::tempdir().unwrap();
    let evening = evening();
    let files = stats(&evening);
    // A hub that died between its two transactions.
    let store = Store::open(&DataDir::open(dir.path()).unwrap().database()).await.unwrap();
    let (archive, writing) = Archive::start(store.clone(), Arc::new(|| 1));
    let arrival = |(name, content): &(&str, &[u8])| Arrival::of_file(name, content.to_vec(), 0);
    let envelope = Envelope::import("", 1, 0);
    let arrivals = files.iter().map(arrival).collect();
    archive.receive(Delivery { server: "main".to_owned(), envelope, arrivals }).await.unwrap();
    drop(archive);
    writing.await.unwrap();
    assert_eq!((store.pending_count().await.unwrap(), rows(&store, ROUND).await), (files.len() as i64, 0));
    store.close().await;

    let hub = start(config(), dir.path()).await.unwrap();
    let store = hub.store();
    until("all is derived", async || store.pending_count().await.unwrap() == 0).await;
    assert_eq!(rows(store, ROUND).await, files.len() as i64);
    hub.stop().await;
}

#[tokio::test]
async fn what_was_acknowledged_is_derived_before_the_hub_has_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let evening = evening();
    let files = stats(&evening);
    agent.connect(hub.addresses().link).await.ship(1, &files).await.unwrap();
    hub.stop().await;
    let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
    assert_eq!((store.pending_count().await.unwrap(), rows(&store, ROUND).await), (0, files.len() as i64));
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_was_acknowledged_when_the_hub_stopped_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let address = hub.addresses().link;
    let (first_acks, mut some_acks) = tokio::sync::mpsc::channel(64);
    let mut shippers = tokio::task::JoinSet::new();
    for seed in 1..=3_u8 {
        let agent = LinkAgent::join(&invite(&hub, &format!("agent-{seed}")).await, seed).await;
        let first_acks = first_acks.clone();
        shippers.spawn(async move {
            let link = agent.connect(address).await;
            let mut acked = Vec::new();
            for sequence in 1.. {
                let name = format!("gametime-supply-R1-1768{seed:02}{sequence:04}.json");
                match link.ship(sequence, &[(&name, name.as_bytes())]).await {
                    Some(outcomes) => assert_eq!(outcomes, [AckOutcome::Received]),
                    None => break,
                }
                acked.push(name);
                // Full or gone: the test has seen enough by then.
                let _ = first_acks.try_send(());
            }
            acked
        });
    }
    for _ in 0..20 {
        some_acks.recv().await.unwrap();
    }
    hub.stop().await;
    let acked: Vec<String> = shippers.join_all().await.into_iter().flatten().collect();
    assert!(acked.len() >= 20);
    let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
    let kept = store.artifacts_after(i64::MIN, i64::MAX).await.unwrap();
    let lost: Vec<_> = acked.iter().filter(|name| kept.iter().all(|head| head.name != **name)).collect();
    assert!(lost.is_empty(), "acknowledged and not kept: {lost:?}");
}
