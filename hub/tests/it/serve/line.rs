//! From the agent to the channel and the status page.

use slomix_hub::discord::config::DiscordSettings;
use slomix_hub::store::tables::{ROUND, SESSION};
use slomix_shared::wire::{AckOutcome, AgentStatus, CloseCode, FileState, LeftBehind, WatchedDir};

use super::super::discord_hub;
use super::super::fake_discord::{CHANNEL, FakeDiscord};
use super::super::link_agent::LinkAgent;
use super::{agents, config, evening, get, invite, rows, start, stats, status, until};

#[tokio::test]
async fn what_an_agent_ships_is_kept_derived_posted_and_shown() {
    let fake = FakeDiscord::start().await;
    let dir = tempfile::tempdir().unwrap();
    let mut config = config();
    let settings: DiscordSettings = discord_hub::settings(&fake);
    (config.channel, config.discord) = (settings.channel, Some(settings));
    let hub = start(config, dir.path()).await.unwrap();
    let mut events = hub.events();

    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let evening = evening();
    let files = stats(&evening);
    let first = &files[..1];
    assert_eq!(link.ship(1, first).await.unwrap(), [AckOutcome::Received]);
    let event = events.recv().await.unwrap();
    assert_eq!((event.outcomes[0].name.as_str(), event.outcomes[0].state.as_str()), (first[0].0, "stored"));
    assert_eq!(event.changes.rounds.len(), 1);
    assert_eq!((rows(hub.store(), ROUND).await, rows(hub.store(), SESSION).await), (1, 1));

    let verdicts = link.verdicts().await;
    assert_eq!((verdicts[0].name.as_str(), verdicts[0].state), (first[0].0, FileState::Stored));
    // The round and its session.
    until("both posts are there", async || fake.messages(CHANNEL).len() == 2).await;
    assert_eq!(link.ship(2, first).await.unwrap(), [AckOutcome::Duplicate]);
    assert_eq!(rows(hub.store(), ROUND).await, 1);

    let problem = Some("the directory cannot be read".to_owned());
    let watched = vec![WatchedDir { path: "/et/gamestats".to_owned(), files: Some(1), problem }];
    link.tell(AgentStatus {
        unacked_files: Some(3),
        oldest_unacked_age_ms: Some(90_000),
        watched,
        left_behind: vec![LeftBehind { name: "huge.txt".to_owned(), size: 9_000_000 }],
        ..Default::default()
    })
    .await;
    until("the agent's status is there", async || status(&hub).await["agents"][0]["unacked_files"] == 3).await;
    until("the posts are known to be sent", async || status(&hub).await["posts"]["sent"] == 2).await;
    let seen = status(&hub).await;
    let vienna = &seen["agents"][0];
    assert_eq!((&vienna["name"], &vienna["server"]), (&"vienna".into(), &"main".into()));
    let problems = vienna["problems"].as_array().unwrap();
    assert!(
        problems.len() == 2 && problems[1].as_str().unwrap().starts_with("huge.txt has 9000000 bytes"),
        "{problems:?}"
    );
    assert_eq!((&vienna["connected"], &vienna["files"]), (&true.into(), &2.into()));
    assert!(vienna["last_batch_ms"].is_i64() && vienna["address"].is_string(), "{vienna}");
    assert_eq!(seen["archive"][0], serde_json::json!({"server": "main", "kind": "stats", "files": 1}));
    assert_eq!(seen["dispositions"][0], serde_json::json!({"state": "stored", "code": "", "files": 1}));
    assert_eq!((&seen["waiting"], &seen["posts"]["open"]), (&0.into(), &0.into()));
    assert_eq!((&seen["discord"]["state"], &seen["discord"]["counts"]["posted"]), (&"ready".into(), &2.into()));

    let (_, text) = get(hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("vienna (main): connected over UDP from 127.0.0.1:"), "{text}");
    assert!(text.contains("3 files not acknowledged, the oldest for 1 min 30 s"), "{text}");
    assert!(text.contains("/et/gamestats: the directory cannot be read"), "{text}");

    let (_, metrics) = get(hub.addresses().admin, "/metrics", "*/*").await;
    for line in [
        "slomix_hub_agent_connected{agent=\"vienna\",server=\"main\"} 1",
        "slomix_hub_agent_over_tcp{agent=\"vienna\",server=\"main\"} 0",
        "slomix_hub_agent_oldest_unacked_seconds{agent=\"vienna\",server=\"main\"} 90",
        "slomix_hub_artifacts{server=\"main\",kind=\"stats\"} 1",
        "slomix_hub_posts{state=\"sent\"} 2",
        "slomix_hub_discord_total{event=\"posted\"} 2",
        "# TYPE slomix_hub_keep_seconds histogram",
        "# TYPE slomix_hub_batches_total counter",
    ] {
        assert!(metrics.lines().any(|seen| seen == line), "{line} is not in\n{metrics}");
    }
    hub.stop().await;
    assert_eq!(link.closed().await, CloseCode::ShuttingDown);
}

#[tokio::test]
async fn what_cannot_be_read_is_listed_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let sent = link.ship(1, &[("surprise.txt", b"what is this?")]).await.unwrap();
    assert_eq!(sent, [AckOutcome::Received], "kept all the same");
    let verdicts = link.verdicts().await;
    assert_eq!(verdicts[0].state, FileState::Quarantined);
    let reason = verdicts[0].reason.as_deref().unwrap();
    let seen = status(&hub).await;
    assert_eq!(
        (&seen["quarantine"][0]["name"], &seen["quarantine"][0]["reason"]),
        (&"surprise.txt".into(), &reason.into())
    );
    let (_, text) = get(hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("main surprise.txt") && text.contains(reason), "{text}");
    hub.stop().await;
}

#[tokio::test]
async fn a_revoked_agent_is_cut_off_and_a_new_one_takes_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let first = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = first.connect(hub.addresses().link).await;
    let evening = evening();
    let files = stats(&evening);
    link.ship(1, &files[..1]).await.unwrap();

    // As the command does, which is another process with a connection of its own.
    let beside = slomix_hub::store::Store::open(&dir.path().join("slomix.db")).await.unwrap();
    agents::revoke(&beside, "vienna", 1).await.unwrap();
    beside.close().await;
    assert_eq!(link.closed().await, CloseCode::Revoked);
    let again = first.connect(hub.addresses().link).await;
    assert_eq!(again.closed().await, CloseCode::Revoked);

    let second = LinkAgent::join(&invite(&hub, "vienna").await, 2).await;
    let link = second.connect(hub.addresses().link).await;
    assert_eq!(link.ship(1, &files[..2]).await.unwrap(), [AckOutcome::Duplicate, AckOutcome::Received]);
    let seen = status(&hub).await;
    let revoked: Vec<_> =
        seen["agents"].as_array().unwrap().iter().map(|agent| !agent["revoked_ms"].is_null()).collect();
    assert_eq!(revoked, [false, true], "those that may ship come first");
    let (_, metrics) = get(hub.addresses().admin, "/metrics", "*/*").await;
    assert_eq!(metrics.lines().filter(|line| line.starts_with("slomix_hub_agent_connected{")).count(), 1, "{metrics}");
    hub.stop().await;
}
