//! A disk that fills up under a hub, and one that is full before it starts.

use std::fs;

use slomix_hub::data_dir::DataDir;
use slomix_hub::store::{Durability, Store};

use super::super::link_agent::LinkAgent;
use super::super::small_disk::SmallDisk;
use super::{config, evening, get, invite, start, stats, status, until};

#[tokio::test]
async fn a_hub_on_a_disk_that_fills_up_says_so_until_there_is_room() {
    let home = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), 8) else { return };
    let data = disk.path().join("hub");
    let hub = start(config(), &data).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let (http, evening) = (hub.addresses().http, evening());
    let files = stats(&evening);
    disk.fill();
    // What the log has left over takes a few small ones.
    let mut sequence = 0;
    let refused = async {
        loop {
            sequence += 1;
            let name = format!("gametime-supply-R1-1768{sequence:06}.json");
            let mut content = vec![0; 60_000];
            blake3::Hasher::new().update(name.as_bytes()).finalize_xof().fill(&mut content);
            if link.ship(sequence, &[(&name, &content)]).await.is_none() {
                return;
            }
        }
    };
    refused.await;
    let (code, said) = get(http, "/readyz", "*/*").await;
    assert!(
        code == 503 && said.contains("is full: free some space there; nothing is lost meanwhile"),
        "{code}: {said}"
    );
    assert_eq!(status(&hub).await["obstacles"][0], said.trim_end().lines().next().unwrap());

    disk.free();
    until("there is room again", async || get(http, "/readyz", "*/*").await.0 == 200).await;
    let link = agent.connect(hub.addresses().link).await;
    assert_eq!(link.ship(sequence + 1, &files).await.unwrap().len(), files.len());
    assert_eq!(status(&hub).await["obstacles"], serde_json::json!([]));
    hub.stop().await;
}

#[tokio::test]
async fn a_hub_on_a_full_disk_does_not_start_and_says_why() {
    let home = tempfile::tempdir().unwrap();
    let Some(disk) = SmallDisk::at(&home.path().join("disk"), 8) else { return };
    let data = disk.path().join("hub");
    DataDir::open(&data).unwrap();
    for round in ["never started", "started before"] {
        disk.fill();
        let refused = start(config(), &data).await.err().map(|error| error.to_string());
        let refused = refused.unwrap_or_else(|| panic!("{round}: it started"));
        assert!(
            refused.starts_with("the disk with the d") && refused.contains("is full: free some"),
            "{round}: {refused}"
        );
        disk.free();
        start(config(), &data).await.unwrap().stop().await;
    }
}

/// The same without a disk of its own: the database may not grow, and a probe finds something in its way.
#[tokio::test]
async fn a_write_that_failed_makes_the_hub_unready_until_one_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let http = hub.addresses().http;
    let in_the_way = dir.path().join("slomix.db-room");
    fs::create_dir(&in_the_way).unwrap();
    assert_eq!(get(http, "/readyz", "*/*").await.0, 200, "nothing failed yet");
    let refused = grow(hub.store()).await;
    assert!(refused.contains("slomix.db is full: free some space there"), "{refused}");
    until("a probe was made", async || get(http, "/readyz", "*/*").await.1.contains("fails (")).await;
    let (code, said) = get(http, "/readyz", "*/*").await;
    assert_eq!((code, said.lines().count()), (503, 1), "{said}");
    assert_eq!(status(&hub).await["obstacles"], serde_json::json!([said.trim_end()]));
    fs::remove_dir(in_the_way).unwrap();
    until("a probe was written", async || get(http, "/readyz", "*/*").await.0 == 200).await;
    hub.stop().await;
}

/// Writes more than the database may hold.
async fn grow(store: &Store) -> String {
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.fetch("limit the database", "pragma max_page_count = 1", vec![]).await.unwrap();
    let sql = "insert into invite (secret_hash, name, server, created_ms, expires_ms) \
               values ($1, hex(zeroblob(1000000)), '', 0, 0)";
    tx.execute("grow", sql, slomix_hub::values![[1_u8; 32].as_slice()]).await.unwrap_err().to_string()
}
