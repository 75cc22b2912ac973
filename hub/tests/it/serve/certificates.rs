//! Revoking and letting in again, by the hub that serves.

use slomix_hub::data_dir::DataDir;
use slomix_hub::serve::admin::{Approve, Revoke, call};
use slomix_shared::wire::{AckOutcome, CertificateReply, CloseCode};

use super::super::link_agent::LinkAgent;
use super::{config, get, invite, start, status};

fn unheard(_: slomix_hub::serve::admin::Step) {}

#[tokio::test]
async fn an_agent_that_is_revoked_over_the_socket_is_gone_when_that_is_said() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let data = DataDir::open(dir.path()).unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    assert_eq!(link.ship(1, &[("a", b"b")]).await.unwrap(), [AckOutcome::Received]);
    let _half = link.begin(2, &[("c", &vec![7; 300_000])]).await;
    let kept = hub.store().newest_batch().await.unwrap();

    call(&data, &Revoke { name: "vienna".to_owned() }, &unheard).await.unwrap();
    assert_eq!(status(&hub).await["agents"][0]["connected"], false, "without waiting for anything");
    assert_eq!(link.closed().await, CloseCode::Revoked);
    assert_eq!(link.ship(3, &[("d", b"e")]).await, None);
    assert_eq!(hub.store().newest_batch().await.unwrap(), kept);
    hub.stop().await;
}

#[tokio::test]
async fn the_operator_sees_who_asks_and_lets_it_in_with_its_id() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let data = DataDir::open(dir.path()).unwrap();
    let address = hub.addresses().link;
    let mut agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let seen = status(&hub).await;
    let week_ms = 7 * 24 * 3_600_000;
    let ends = seen["agents"][0]["certificate_ends_ms"].as_i64().unwrap();
    assert!((ends - seen["now_ms"].as_i64().unwrap() - week_ms).abs() < 600_000, "{seen}");
    assert!(seen["agents"][0]["readmission"].is_null());
    let nobody = call(&data, &Approve { name: "vienna".to_owned() }, &unheard).await.unwrap_err().to_string();
    assert!(nobody.contains("no agent `vienna` asks to be let in again"), "{nobody}");

    assert!(matches!(agent.ask_again(address).await, CertificateReply::Pending { since_ms: Some(_) }));
    let seen = status(&hub).await;
    assert_eq!(seen["agents"][0]["readmission"]["address"], "127.0.0.1", "{seen}");
    let (_, text) = get(hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("slomix-hub agent approve vienna"), "{text}");
    let (_, metrics) = get(hub.addresses().admin, "/metrics", "*/*").await;
    assert!(metrics.contains("slomix_hub_agent_awaits_approval{agent=\"vienna\",server=\"main\"} 1"), "{metrics}");
    let other = call(&data, &Approve { name: "linz".to_owned() }, &unheard).await.unwrap_err().to_string();
    assert!(other.contains("those that do are vienna"), "{other}");

    let approved = call(&data, &Approve { name: "vienna".to_owned() }, &unheard).await.unwrap();
    assert_eq!(
        (approved.id.as_str(), approved.address.as_deref()),
        (seen["agents"][0]["id"].as_str().unwrap(), Some("127.0.0.1"))
    );
    assert!(matches!(agent.ask_again(address).await, CertificateReply::Certified(_)));
    let link = agent.connect(address).await;
    assert_eq!(link.ship(1, &[("a", b"b")]).await.unwrap(), [AckOutcome::Received]);
    let after = status(&hub).await;
    assert_eq!(
        (&after["agents"][0]["id"], &after["agents"][0]["readmission"]),
        (&seen["agents"][0]["id"], &serde_json::Value::Null)
    );

    // Revoked, it cannot even ask, and does not stand on the list.
    call(&data, &Revoke { name: "vienna".to_owned() }, &unheard).await.unwrap();
    assert!(
        matches!(agent.ask_again(address).await, CertificateReply::Refused { reason } if reason.contains("revoked"))
    );
    assert!(status(&hub).await["agents"][0]["readmission"].is_null());
    hub.stop().await;
}
