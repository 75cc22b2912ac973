//! What is wrong is told: in the status, in the metrics, and once to the admins.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use slomix_hub::data_dir::DataDir;
use slomix_hub::discord::id::ChannelId;
use slomix_hub::link::system_clock;
use slomix_hub::serve::{Hub, Parts};
use slomix_shared::wire::{AckOutcome, AgentStatus, WatchedDir};

use super::super::discord_hub;
use super::super::fake_discord::{FakeDiscord, Message};
use super::super::link_agent::LinkAgent;
use super::{config, evening, faces, get, invite, stats, status, until};

const OFFICE: u64 = 202;
const MINUTE_MS: i64 = 60_000;

/// A hub whose clock is a while ahead of this machine's, as long as `ahead` says.
async fn serve(fake: &FakeDiscord, ahead: &Arc<AtomicI64>, dir: &Path) -> Hub {
    let mut settings = discord_hub::settings(fake);
    settings.admin_channels = ChannelId::new(OFFICE).into_iter().collect();
    let mut config = config();
    (config.channel, config.discord) = (settings.channel, Some(settings));
    let parts = Parts::new(config, DataDir::open(dir).unwrap(), faces());
    let (now, ahead) = (system_clock(), Arc::clone(ahead));
    let clock: slomix_hub::link::Clock = Arc::new(move || now() + ahead.load(Ordering::Relaxed));
    let look_for_alerts = Duration::from_millis(20);
    Hub::start(Parts { clock, look_for_alerts, pace: discord_hub::pace(), ..parts }).await.unwrap()
}

fn titles(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.embeds[0]["title"].as_str().unwrap()).collect()
}

async fn alerts(hub: &Hub) -> Vec<String> {
    let seen = status(hub).await;
    seen["alerts"].as_array().unwrap().iter().map(|alert| alert["rule"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_that_goes_silent_in_a_session_is_one_message_that_ends() {
    let (fake, dir, ahead) = (FakeDiscord::start().await, tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
    fake.add_channel(OFFICE, "office");
    let hub = serve(&fake, &ahead, dir.path()).await;
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let evening = evening();
    assert_eq!(link.ship(1, &stats(&evening)[..1]).await.unwrap(), [AckOutcome::Received]);
    drop(link);
    until("the agent has left", async || status(&hub).await["agents"][0]["connected"] == false).await;
    // It is looked for several times in this while.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(alerts(&hub).await, Vec::<String>::new(), "two minutes are not over");

    ahead.store(2 * MINUTE_MS, Ordering::Relaxed);
    until("it is in the status", async || alerts(&hub).await == ["silent"]).await;
    let (_, text) = get(hub.addresses().admin, "/status", "text/plain").await;
    assert!(text.contains("ALERT for 2 min") && text.contains("No word from vienna"), "{text}");
    let (_, metrics) = get(hub.addresses().admin, "/metrics", "*/*").await;
    assert!(metrics.contains("slomix_hub_alert{rule=\"silent\",subject=\"vienna\"} 1"), "{metrics}");
    until("the admins know", async || fake.messages(OFFICE).len() == 1).await;
    assert_eq!(titles(&fake.messages(OFFICE)), ["No word from vienna"]);

    // Ten more minutes, and a hub that is started anew, are no news.
    for minutes in 3..13 {
        ahead.store(minutes * MINUTE_MS, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    hub.stop().await;
    let hub = serve(&fake, &ahead, dir.path()).await;
    until("it is in the status again", async || {
        ahead.fetch_add(MINUTE_MS / 10, Ordering::Relaxed);
        alerts(&hub).await == ["silent"]
    })
    .await;

    let mut link = agent.connect(hub.addresses().link).await;
    until("it is over", async || alerts(&hub).await.is_empty()).await;
    until("the admins know", async || titles(&fake.messages(OFFICE)) == ["Over: No word from vienna"]).await;

    // An agent that comes and goes is one message too, until that is long ago.
    for _ in 0..2 {
        drop(link);
        until("it is told again", async || {
            ahead.fetch_add(MINUTE_MS / 10, Ordering::Relaxed);
            titles(&fake.messages(OFFICE)) == ["No word from vienna"]
        })
        .await;
        link = agent.connect(hub.addresses().link).await;
        until("it is over", async || titles(&fake.messages(OFFICE)) == ["Over: No word from vienna"]).await;
    }
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_wait_and_files_that_cannot_be_read_are_told_apart() {
    let (fake, dir, ahead) = (FakeDiscord::start().await, tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
    fake.add_channel(OFFICE, "office");
    let hub = serve(&fake, &ahead, dir.path()).await;
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    until("it is looked for", async || status(&hub).await["agents"][0]["connected"] == true).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    let evening = evening();
    let (name, content) = stats(&evening)[0];
    assert_eq!(link.ship(1, &[(name, &content[..content.len() / 2])]).await.unwrap(), [AckOutcome::Received]);
    let waiting = |minutes: u64| AgentStatus {
        unacked_files: Some(4),
        oldest_unacked_age_ms: Some(minutes * 60_000),
        ..AgentStatus::default()
    };
    link.tell(waiting(4)).await;
    until("the file is looked at", async || status(&hub).await["quarantine"][0]["name"] == name).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    ahead.store(5 * MINUTE_MS, Ordering::Relaxed);
    until("the file is told", async || alerts(&hub).await == ["quarantine"]).await;
    link.tell(waiting(6)).await;
    until("those that wait are told", async || alerts(&hub).await == ["unacked", "quarantine"]).await;
    until("the admins know of both", async || fake.messages(OFFICE).len() == 2).await;

    // The rest of the file came late.
    assert_eq!(link.ship(2, &[(name, content)]).await.unwrap(), [AckOutcome::Received]);
    link.tell(AgentStatus { unacked_files: Some(0), ..AgentStatus::default() }).await;
    until("all is well", async || alerts(&hub).await.is_empty()).await;
    until("the admins know", async || titles(&fake.messages(OFFICE)).iter().all(|title| title.starts_with("Over: ")))
        .await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_channel_that_is_none_stands_in_the_status() {
    let (fake, dir, ahead) = (FakeDiscord::start().await, tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
    let hub = serve(&fake, &ahead, dir.path()).await;
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let watched =
        WatchedDir { path: "/et/gamestats".to_owned(), problem: Some("closed".to_owned()), ..WatchedDir::default() };
    assert_eq!(link.ship(1, &stats(&evening())[..1]).await.unwrap(), [AckOutcome::Received]);
    link.tell(AgentStatus { watched: vec![watched], ..AgentStatus::default() }).await;
    until("the agent has told", async || status(&hub).await["agents"][0]["told_ms"].is_number()).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    ahead.fetch_add(2 * MINUTE_MS, Ordering::Relaxed);
    until("it is in the status", async || alerts(&hub).await == ["unreadable"]).await;
    let channel = OFFICE.to_string();
    until("so is the channel", async || status(&hub).await["discord"]["closed_channels"][&channel].is_string()).await;
    hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_whose_trouble_went_while_no_hub_ran_is_ended() {
    let (fake, dir, ahead) = (FakeDiscord::start().await, tempfile::tempdir().unwrap(), Arc::new(AtomicI64::new(0)));
    fake.add_channel(OFFICE, "office");
    let hub = serve(&fake, &ahead, dir.path()).await;
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let link = agent.connect(hub.addresses().link).await;
    let evening = evening();
    assert_eq!(link.ship(1, &stats(&evening)[..1]).await.unwrap(), [AckOutcome::Received]);
    drop(link);
    let shown = || titles(&fake.messages(OFFICE)).into_iter().map(str::to_owned).collect::<Vec<_>>();
    let (open, over) = ("No word from vienna", "Over: No word from vienna");
    until("the agent has left", async || status(&hub).await["agents"][0]["connected"] == false).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    ahead.fetch_add(2 * MINUTE_MS, Ordering::Relaxed);
    until("the admins know", async || shown() == [open]).await;
    hub.stop().await;

    // The agent is there again at once, but a hub that has just started is sure of nothing.
    let hub = serve(&fake, &ahead, dir.path()).await;
    let link = agent.connect(hub.addresses().link).await;
    until("it is there", async || status(&hub).await["agents"][0]["connected"] == true).await;
    for _ in 0..4 {
        ahead.fetch_add(MINUTE_MS, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(shown(), [open], "four minutes are too few");
    ahead.fetch_add(2 * MINUTE_MS, Ordering::Relaxed);
    until("it is ended", async || shown() == [over]).await;
    let message = &fake.messages(OFFICE)[0].embeds[0];
    assert_eq!(message["description"], "Nobody saw when: the hub was not running then, or could not tell it here.");
    assert!(message["footer"].is_null() && message["timestamp"].is_string(), "{message}");

    // One that stays away after the session is not known to be well before hours have passed.
    drop(link);
    until("the agent has left", async || status(&hub).await["agents"][0]["connected"] == false).await;
    tokio::time::sleep(Duration::from_millis(200)).await;
    ahead.fetch_add(2 * MINUTE_MS, Ordering::Relaxed);
    until("the admins hear of it again", async || shown() == [over, open]).await;
    hub.stop().await;
    ahead.fetch_add(40 * MINUTE_MS, Ordering::Relaxed);
    let hub = serve(&fake, &ahead, dir.path()).await;
    until("Discord is there", async || status(&hub).await["discord"]["state"] == "ready").await;
    ahead.fetch_add(5 * 60 * MINUTE_MS, Ordering::Relaxed);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(shown(), [over, open], "nobody knows");
    ahead.fetch_add(2 * 60 * MINUTE_MS, Ordering::Relaxed);
    until("it is ended", async || shown() == [over, over]).await;
    hub.stop().await;
}
