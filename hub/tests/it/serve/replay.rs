//! What an agent once said is said again, by itself or by somebody who has all that it has.

use slomix_hub::discord::config::DiscordSettings;
use slomix_hub::link::system_clock;
use slomix_hub::serve::Hub;
use slomix_hub::store::Store;
use slomix_line::Way;
use slomix_shared::artifact::{ContentHash, FileName};
use slomix_shared::identity::Nonce;
use slomix_shared::wire::{
    AckOutcome, AgentNotice, AgentStatus, CertificateReply, ControlAnswer, ControlReply, ControlRequest, Intent,
    LiveState, encode,
};

use super::super::discord_hub;
use super::super::fake_discord::{CHANNEL, FakeDiscord};
use super::super::link_agent::LinkAgent;
use super::{config, evening, invite, start, stats, status, until};

/// Every derived row.
async fn dump(store: &Store) -> Vec<String> {
    let mut lines = Vec::new();
    for table in Store::dump_tables() {
        lines.extend(store.dump_table(table).await.unwrap());
    }
    lines
}

async fn receipts(hub: &Hub, files: &[(&str, &[u8])]) -> i64 {
    let mut count = 0;
    for (name, content) in files {
        let sql = "select a.id from artifact a where a.name = $1";
        let row = hub.store().fetch("find", sql, vec![(*name).into()]).await.unwrap().remove(0);
        count += hub.store().receipts(row.int(0)).await.unwrap().len() as i64;
        assert!(hub.store().has_fate(FileName::kind_of(name), name, &ContentHash::of(content)).await.unwrap());
    }
    count
}

#[tokio::test]
async fn a_whole_connection_said_again_changes_nothing_and_posts_nothing() {
    let fake = FakeDiscord::start().await;
    let dir = tempfile::tempdir().unwrap();
    let mut config = config();
    let settings: DiscordSettings = discord_hub::settings(&fake);
    (config.channel, config.discord) = (settings.channel, Some(settings));
    let hub = start(config, dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let evening = evening();
    let files = stats(&evening);

    // The connection that is recorded: notices, batches, a request for a certificate, an answer to the hub.
    let said = AgentNotice::Status(Box::new(AgentStatus { unacked_files: Some(3), ..AgentStatus::default() }));
    let seen = AgentNotice::Live(Box::new(LiveState { map: Some("supply".to_owned()), ..LiveState::default() }));
    let notices = [encode(&said).unwrap(), encode(&seen).unwrap()];
    let batches: Vec<Vec<u8>> =
        (1..).zip(&files).map(|(sequence, file)| agent.batch_frame(7, sequence, &[*file])).collect();
    let (certificate, answer) = {
        let link = agent.connect(hub.addresses().link).await;
        for notice in &notices {
            link.notify_frame(notice).await;
        }
        for batch in &batches {
            assert_eq!(link.ship_frame(batch).await.items[0].outcome, AckOutcome::Received);
        }
        let certificate = link.certificate_frame();
        assert!(matches!(link.ask_certificate(&certificate).await, CertificateReply::Certified(_)));
        let answer = ask(&hub, &link, None).await;
        (certificate, answer)
    };
    let posts = files.len() + 1;
    until("all is posted", async || {
        let seen = status(&hub).await;
        seen["waiting"] == 0 && seen["posts"]["open"] == 0 && fake.messages(CHANNEL).len() >= posts
    })
    .await;
    let (before, posted) = (dump(hub.store()).await, fake.messages(CHANNEL));
    let arrivals = receipts(&hub, &files).await;
    assert_eq!(arrivals, files.len() as i64);

    for (round, way) in [(1, Way::Udp), (2, Way::Tcp)] {
        let link = agent.connect_over(way, hub.addresses().link).await;
        for notice in &notices {
            link.notify_frame(notice).await;
        }
        for (at, batch) in batches.iter().enumerate() {
            let ack = link.ship_frame(batch).await;
            assert_eq!(ack.items[0].outcome, AckOutcome::Duplicate);
            // The last one is where the agent was; those before it lie behind.
            assert_eq!(ack.sequence_reset, at + 1 < batches.len(), "{round} {at}");
        }
        let refused = link.ask_certificate(&certificate).await;
        assert!(matches!(&refused, CertificateReply::Refused { reason } if reason.contains("proof")), "{refused:?}");
        assert_eq!(ask(&hub, &link, Some(&answer)).await.nonce, answer.nonce, "the hub took no other's answer");
        until("nothing waits", async || status(&hub).await["waiting"] == 0).await;
        assert_eq!(dump(hub.store()).await, before, "{round}");
        assert_eq!(receipts(&hub, &files).await, arrivals * (round + 1), "each arrival is told of");
        let seen = status(&hub).await["agents"][0].clone();
        assert_eq!((&seen["connected"], &seen["way"]), (&true.into(), &way.word().into()), "{seen}");
        assert_eq!(seen["sequence_resets"], batches.len() - 1, "{seen}");
    }
    assert_eq!(fake.messages(CHANNEL).len(), posted.len(), "nothing is posted for it");
    assert_eq!(status(&hub).await["posts"]["sent"], posted.len());

    // And it goes on where it was.
    let link = agent.connect(hub.addresses().link).await;
    let fresh = agent.batch_frame(7, files.len() as u64 + 1, &[("unheard-of.bin", b"new")]);
    let ack = link.ship_frame(&fresh).await;
    assert_eq!((&ack.items[0].outcome, ack.sequence_reset), (&AckOutcome::Received, false));
    hub.stop().await;
}

/// Has the hub ask the agent, which answers by itself or says an old answer again; what it said.
async fn ask(
    hub: &Hub,
    link: &super::super::link_agent::LinkConnection<'_>,
    again: Option<&ControlReply>,
) -> ControlReply {
    let connections = hub.connections();
    let agent = connections.list()[0].id;
    let nonce = Nonce::from_bytes([if again.is_some() { 2 } else { 1 }; 16]);
    let deadline = system_clock()() + 30_000;
    let request = ControlRequest::new(nonce, deadline, "root (console)", Intent::Status);
    let reply = again.cloned().unwrap_or(ControlReply { nonce, answer: ControlAnswer::done("all is well") });
    let asking = connections.ask(agent, &request, std::time::Duration::from_secs(20));
    let (heard, _) = tokio::join!(asking, link.asked(|_| Some(reply.clone())));
    match (heard, again) {
        (Ok(heard), None) => assert_eq!(heard, reply),
        (Err(error), Some(_)) => assert!(error.to_string().contains("it answers another"), "{error}"),
        (heard, _) => panic!("{heard:?}"),
    }
    reply
}

/// As a machine that is set back to an older snapshot does: the same start, and numbers that were used before.
#[tokio::test]
async fn an_agent_that_is_set_back_is_reported_and_ships_on() {
    let dir = tempfile::tempdir().unwrap();
    let hub = start(config(), dir.path()).await.unwrap();
    let agent = LinkAgent::join(&invite(&hub, "vienna").await, 1).await;
    let ship = async |boot: u8, sequence: u64, name: &str| {
        // Another connection each time, as of another process.
        let link = agent.connect(hub.addresses().link).await;
        let ack = link.ship_frame(&agent.batch_frame(boot, sequence, &[(name, name.as_bytes())])).await;
        let resets = status(&hub).await["agents"][0]["sequence_resets"].as_u64().unwrap();
        (ack.items[0].outcome.clone(), ack.sequence_reset, resets)
    };
    for sequence in 1..=5 {
        assert_eq!(ship(1, sequence, &format!("{sequence}.bin")).await, (AckOutcome::Received, false, 0));
    }
    assert_eq!(ship(2, 1, "6.bin").await, (AckOutcome::Received, false, 0), "a new start counts anew");
    assert_eq!(ship(1, 3, "3.bin").await, (AckOutcome::Duplicate, true, 1), "what it had sent before");
    assert_eq!(ship(1, 4, "after.bin").await, (AckOutcome::Received, true, 1), "and what is new");
    assert_eq!(ship(2, 2, "7.bin").await, (AckOutcome::Received, false, 0));
    hub.stop().await;
}
