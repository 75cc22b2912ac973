//! What a hub keeps over its end, and what it finishes at the next start.

use std::sync::Arc;

use slomix_hub::archive::{Archive, Delivery};
use slomix_hub::data_dir::DataDir;
use slomix_hub::store::Store;
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_hub::store::tables::{ROUND, SESSION};
use slomix_shared::artifact::{ContentHash, FileName};
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
    let arrival = |(name, content): &(&str, &[u8])| Arrival {
        kind: FileName::kind_of(name),
        name: (*name).to_owned(),
        content: content.to_vec(),
        hash: ContentHash::of(content),
        modified_ms: 0,
        closed_us: None,
        verdict: "none",
        rules: String::new(),
    };
    let envelope = Envelope {
        agent: "import".to_owned(),
        boot: String::new(),
        sequence: 1,
        created_ms: 0,
        head: vec![],
        signature: vec![],
    };
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
