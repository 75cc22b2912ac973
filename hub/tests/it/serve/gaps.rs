//! Files that an agent has lost.

use slomix_shared::artifact::{ContentHash, FileName};
use slomix_shared::wire::{Gap, GapReply, GapReport};

use super::super::link_agent::LinkAgent;
use super::{config, evening, get, invite, start, stats, status};

fn gap(name: &str, content: &[u8]) -> Gap {
    Gap {
        kind: FileName::kind_of(name),
        name: name.to_owned(),
        size: content.len() as u64,
        modified_at_ms: 1_790_000_000_000,
        hash: Some(ContentHash::of(content)),
        why: "its safe copy was dropped for the quota".to_owned(),
        noticed_at_ms: 1_790_000_100_000,
    }
}

#[tokio::test]
async fn what_an_agent_lost_is_shown_until_it_comes_after_all() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let evening = evening();
    let files = stats(&evening);
    let (name, content) = files[0];
    let report =
        GapReport::new(vec![gap(name, content), gap("2026-11-09-195035-supply-round-1_engagements.txt", b"x")]);
    // An answer that was lost is asked for again.
    for _ in 0..2 {
        assert_eq!(link.report(&report).await, Some(GapReply::Noted));
    }
    let seen = status(&hub).await;
    assert_eq!((&seen["agents"][0]["lost_files"], &seen["agents"][0]["came_after_all"]), (&2.into(), &0.into()));
    let (_, text) = get(hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("last lost by agents") && text.contains(name) && text.contains("for the quota"), "{text}");

    link.ship(1, &files[..1]).await.unwrap();
    let seen = status(&hub).await;
    assert_eq!((&seen["agents"][0]["lost_files"], &seen["agents"][0]["came_after_all"]), (&1.into(), &1.into()));
    let closed = seen["gaps"].as_array().unwrap().iter().find(|gap| gap["name"] == name).unwrap();
    assert_eq!(closed["closed"], true);
    let (_, metrics) = get(hub.addresses().admin, "/metrics", "*/*").await;
    let gauge = "slomix_hub_agent_lost_files{agent=\"vienna\",server=\"main\"} 1";
    assert!(metrics.lines().any(|seen| seen == gauge), "{metrics}");
    hub.stop().await;
    let mut doctor = tokio::process::Command::new(env!("CARGO_BIN_EXE_slomix-hub"));
    let doctor = doctor.arg("--data").arg(dir.path()).arg("doctor").current_dir(dir.path()).output().await.unwrap();
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let doctor = words(&String::from_utf8_lossy(&doctor.stdout));
    assert!(doctor.contains("vienna has lost 1 file (1 more came after all)"), "{doctor}");
}
