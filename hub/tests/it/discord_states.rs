//! What is wrong with Discord is told with its fix, and the hub goes on.

use std::sync::Arc;
use std::time::Duration;

use slomix_hub::discord::config::Secret;
use slomix_hub::discord::{Discord, DiscordState};

use super::discord_hub::Hub;
use super::fake_discord::{CHANNEL, Call, EMBED_LINKS, FakeDiscord, Fault, PERSON, READ_MESSAGE_HISTORY, VIEW_CHANNEL};

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_disables() {
    let fake = FakeDiscord::start().await;
    fake.change_token("another");
    let hub = Hub::start_with(fake, |_| ());
    assert!(hub.disabled().await.contains("token"));
    assert_eq!(hub.fake.sessions(), (0, 0));
    hub.discord.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_cannot_be_one_disables() {
    let hub = Hub::start_with(FakeDiscord::start().await, |settings| settings.token = Secret::new("a\u{0}b"));
    assert!(hub.disabled().await.contains("token"));
    assert!(hub.fake.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_withdrawn_disables_and_loses_nothing() {
    let hub = Hub::start().await;
    hub.ready().await;
    hub.fake.change_token("another");
    let row = hub.store.wish(CHANNEL, "a", "1");
    hub.discord.bell().notify_one();
    assert!(hub.disabled().await.contains("token"));
    assert!(hub.store.row(row).is_open());
    assert!(hub.fake.messages(CHANNEL).is_empty());
    hub.discord.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn disallowed_intents_disable() {
    let fake = FakeDiscord::start().await;
    fake.allow_message_content(false);
    let hub = Hub::start_with(fake, |_| ());
    assert!(hub.disabled().await.contains("Message Content Intent"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_posts_channel_disables_until_it_is_there() {
    let fake = FakeDiscord::start().await;
    fake.remove_channel(CHANNEL);
    let hub = Hub::start_with(fake, |_| ());
    assert!(hub.disabled().await.contains("channel 200 is unknown"));
    hub.post(&["a"]);
    hub.fake.add_channel(CHANNEL, "stats");
    hub.store.wait_until_done().await;
    hub.ready().await;
    assert_eq!(hub.titles(), ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_takes_no_messages_disables() {
    let fake = FakeDiscord::start().await;
    fake.add_channel_of_kind(CHANNEL, "games", 4);
    let hub = Hub::start_with(fake, |_| ());
    assert!(hub.disabled().await.contains("channel 200 takes no messages"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named_before_anything_is_posted_and_mends_by_itself() {
    let fake = FakeDiscord::start().await;
    fake.deny(CHANNEL, EMBED_LINKS | READ_MESSAGE_HISTORY);
    let hub = Hub::start_with(fake, |_| ());
    let fix = hub.disabled().await;
    assert!(fix.contains("#stats") && fix.contains("Embed Links, Read Message History"), "{fix}");
    hub.post(&["a"]);
    hub.fake.deny(CHANNEL, 0);
    hub.ready().await;
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["a"]);
    hub.fake.deny(CHANNEL, VIEW_CHANNEL);
    assert!(hub.disabled().await.contains("View Channel"));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_go_on_while_the_posts_channel_is_closed() {
    let fake = FakeDiscord::start().await;
    fake.add_channel(201, "bots");
    fake.deny(CHANNEL, VIEW_CHANNEL);
    let hub = Hub::start_with(fake, |settings| settings.command_channels = vec!["201".parse().unwrap()]);
    hub.disabled().await;
    hub.fake.wait_for("a session", |fake| (fake.connections() > 0).then_some(())).await;
    hub.fake.say(201, PERSON, "!last_session");
    hub.fake.wait_for("an answer", |fake| fake.messages(201).get(1).cloned()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discord_that_is_down_at_the_start_is_tried_again() {
    let fake = FakeDiscord::start().await;
    fake.fail_next(|call| *call == Call::GetMe, Fault::Status(503));
    fake.fail_next(|call| *call == Call::GetMe, Fault::CutBefore);
    let hub = Hub::start_with(fake, |_| ());
    assert_eq!(*hub.discord.state().borrow(), DiscordState::Connecting);
    hub.post(&["a"]);
    hub.store.wait_until_done().await;
    hub.ready().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_break_are_taken_up_again() {
    let fake = FakeDiscord::start().await;
    fake.set_heartbeat(Duration::from_millis(500));
    let hub = Hub::start_with(fake, |_| ());
    hub.ready().await;
    hub.fake.wait_for("a heartbeat", |fake| (fake.heartbeats() > 1).then_some(())).await;
    hub.fake.close_gateway(4000);
    hub.fake.wait_for("a resumed session", |fake| (fake.sessions() == (1, 1)).then_some(())).await;
    hub.fake.drop_gateway();
    // what is said while the connection is gone is answered afterwards
    hub.fake.say(CHANNEL, PERSON, "!last_session");
    hub.fake.wait_for("an answer", |fake| fake.messages(CHANNEL).get(1).cloned()).await;
    hub.ready().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_file_that_is_not_one_disables() {
    let fake = FakeDiscord::start().await;
    let wrong = fake.folder().join("wrong.pem");
    std::fs::write(&wrong, "not a certificate").unwrap();
    for path in [fake.folder().join("missing.pem"), wrong] {
        let shown = path.display().to_string();
        let fake = FakeDiscord::start().await;
        let hub = Hub::start_with(fake, |settings| settings.api_ca_file = Some(path));
        assert!(hub.disabled().await.contains(&shown));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_another_authority_is_not_trusted() {
    let other = FakeDiscord::start().await;
    let ca = other.ca_file();
    std::fs::write(&ca, FakeDiscord::start().await.ca_pem()).unwrap();
    let hub = Hub::start_with(other, |_| ());
    hub.state(|state| *state == DiscordState::Connecting).await;
    while hub.discord.counts().broken == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(hub.fake.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_discord_is_off() {
    let discord = Discord::off();
    assert_eq!(*discord.state().borrow(), DiscordState::Off);
    Arc::clone(&discord.bell()).notify_one();
    discord.stop().await;
}
