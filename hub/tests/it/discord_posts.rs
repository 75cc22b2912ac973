//! Posts reach their channel once and in order, whatever Discord does.

use std::sync::Arc;
use std::time::Duration;

use slomix_hub::discord;
use slomix_hub::discord::id::MessageId;
use slomix_hub::discord::outbox::{Pace, RowState};
use slomix_shared::artifact::ContentHash;

use super::discord_hub::{Hub, Script, pace, parts, settings, titles};
use super::fake_discord::{BOT, CHANNEL, Call, FakeDiscord, Fault, SEND_MESSAGES};
use super::memory_outbox::MemoryOutbox;

fn creates(call: &Call) -> bool {
    matches!(call, Call::CreateMessage(_))
}

fn edits(call: &Call) -> bool {
    matches!(call, Call::EditMessage(..))
}

fn lists(call: &Call) -> bool {
    matches!(call, Call::ListMessages(_))
}

fn statuses(fake: &FakeDiscord, test: impl Fn(&Call) -> bool) -> Vec<Option<u16>> {
    fake.requests_of(test).into_iter().map(|request| request.status).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_becomes_a_message() {
    let hub = Hub::start().await;
    let row = hub.store.wish(CHANNEL, "supply R1", "1");
    hub.discord.bell().notify_one();
    hub.store.wait_until_done().await;

    let row = hub.store.row(row);
    let [message] = hub.fake.messages(CHANNEL).try_into().unwrap();
    assert_eq!((message.author, Some(message.id)), (BOT, row.message.map(MessageId::get)));
    assert_eq!(row.state, RowState::Sent);
    let embed = &message.embeds[0];
    assert_eq!(embed["title"], "supply R1");
    assert_eq!(embed["color"], 0xff_8b_3d);
    assert_eq!(embed["footer"]["text"], format!("main · {}", row.short_id()));
    assert_eq!(embed["fields"][0]["value"], "```\nbrick   12  3 412\n```");
    assert_eq!(embed["timestamp"], "2025-10-21T21:00:00Z");
    let sent = &hub.fake.requests_of(creates)[0].json;
    assert_eq!((&sent["nonce"], &sent["enforce_nonce"]), (&row.short_id().as_str().into(), &true.into()));
    assert_eq!(sent["allowed_mentions"]["parse"], serde_json::json!([]));
    assert_eq!(hub.discord.counts().posted, 1);
    hub.discord.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_wish_edits_the_message_and_quick_wishes_become_one_edit() {
    let hub = Hub::start().await;
    hub.post(&["session"]);
    hub.store.wait_until_done().await;
    let first = hub.fake.messages(CHANNEL)[0].id;

    hub.fake.fail_next(edits, Fault::Status(503));
    for version in ["2", "3", "4"] {
        hub.store.wish(CHANNEL, "session", version);
    }
    hub.discord.bell().notify_one();
    hub.store.wait_until_done().await;

    let [message] = hub.fake.messages(CHANNEL).try_into().unwrap();
    assert_eq!((message.id, message.edits), (first, 1));
    assert_eq!(message.embeds[0]["description"], ContentHash::of(b"4").to_string());
    assert_eq!(statuses(&hub.fake, edits), [Some(503), Some(200)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn order_holds_through_429_and_500() {
    let hub = Hub::start().await;
    hub.fake.fail_next(creates, Fault::RateLimited { retry_after: Duration::from_millis(300), global: false });
    hub.fake.fail_next(creates, Fault::Status(500));
    hub.fake.fail_next(creates, Fault::RateLimited { retry_after: Duration::from_millis(100), global: true });
    hub.post(&["a", "b", "c"]);
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["a", "b", "c"]);
    let expected = [429, 500, 429, 200, 200, 200].map(Some);
    assert_eq!(statuses(&hub.fake, creates), expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_limiter_stays_within_the_limits_it_is_told() {
    let hub = Hub::start().await;
    hub.ready().await;
    hub.fake.limit_calls(2, Duration::from_millis(400));
    hub.post(&["a", "b", "c", "d", "e"]);
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["a", "b", "c", "d", "e"]);
    assert_eq!(statuses(&hub.fake, creates), [Some(200); 5]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_doubles_nothing() {
    let lost = [Fault::CutAfter, Fault::DoneButStatus(502), Fault::Slow(Duration::from_secs(3))];
    for fault in lost {
        let hub = Hub::start_with(FakeDiscord::start().await, |settings| {
            settings.request_timeout = Duration::from_secs(1);
        });
        hub.fake.fail_next(creates, fault.clone());
        hub.post(&["a", "b"]);
        hub.store.wait_until_done().await;
        assert_eq!(hub.titles(), ["a", "b"], "{fault:?}");
        // What the message shows was not known, so it was written again; nobody had to search.
        assert_eq!(hub.fake.messages(CHANNEL)[0].edits, 1, "{fault:?}");
        assert!(hub.fake.requests_of(lists).is_empty());
        let nonces: Vec<_> = hub.fake.requests_of(creates).into_iter().map(|r| r.json["nonce"].clone()).collect();
        assert_eq!(nonces[0], nonces[1]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_with_other_text_since_shows_the_new_text() {
    let hub = Hub::start().await;
    hub.ready().await;
    hub.fake.fail_next(creates, Fault::CutAfter);
    hub.fake.fail(creates, Fault::CutBefore, 2);
    let row = hub.store.wish(CHANNEL, "a", "old");
    hub.discord.bell().notify_one();
    hub.store.wait_for_row(row, |row| row.attempts > 1).await;
    hub.store.wish(CHANNEL, "a", "new");
    hub.store.wait_until_done().await;
    let [message] = hub.fake.messages(CHANNEL).try_into().unwrap();
    assert_eq!(message.embeds[0]["description"], ContentHash::of(b"new").to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_never_arrived_is_sent() {
    let hub = Hub::start().await;
    hub.fake.fail(creates, Fault::CutBefore, 2);
    hub.post(&["a"]);
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_nonce_is_too_old_the_channel_is_searched() {
    let fake = FakeDiscord::start().await;
    let (store, reports) = (Arc::new(MemoryOutbox::new()), Arc::new(Script::default()));
    let pace = Pace { nonce_memory: Duration::ZERO, ..pace() };
    let discord = discord::start(settings(&fake), parts(&store, &reports, pace));
    fake.fail_next(creates, Fault::CutAfter);
    fake.fail_next(creates, Fault::CutBefore);
    store.wish(CHANNEL, "was posted", "1");
    discord.bell().notify_one();
    store.wait_until_done().await;
    fake.forget_nonces();
    store.wish(CHANNEL, "was not posted", "1");
    discord.bell().notify_one();
    store.wait_until_done().await;
    assert_eq!(titles(&fake, CHANNEL), ["was posted", "was not posted"]);
    assert_eq!(statuses(&fake, lists), [Some(200), Some(200)]);
    assert_eq!(discord.counts().found_again, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_channels_trouble_does_not_stop_another() {
    let hub = Hub::start().await;
    hub.fake.add_channel(201, "other");
    hub.fake.deny(201, SEND_MESSAGES);
    let stuck = hub.store.wish(201, "closed", "1");
    hub.post(&["open"]);
    hub.fake.wait_for("the open channel's post", |_| (hub.titles() == ["open"]).then_some(())).await;
    let reason = hub.store.wait_for_row(stuck, |_| hub.store.reason(stuck).is_some()).await;
    assert_eq!(reason.state, RowState::Pending);
    assert!(hub.store.reason(stuck).unwrap().contains("Send Messages"));
    let [(channel, fix)] = hub.discord.closed_channels().try_into().unwrap();
    assert_eq!(channel.get(), 201);
    assert!(fix.contains("channel 201"), "{fix}");
    hub.ready().await;

    hub.fake.deny(201, 0);
    hub.store.wait_until_done().await;
    assert_eq!(titles(&hub.fake, 201), ["closed"]);
    assert!(hub.discord.closed_channels().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_discord_will_never_take_is_given_up_and_the_next_one_goes() {
    let hub = Hub::start().await;
    let refused = Fault::Refuse { status: 400, code: 50_035, message: "Invalid Form Body" };
    hub.fake.fail_next(creates, refused);
    let first = hub.store.wish(CHANNEL, "refused", "1");
    hub.post(&["next"]);
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["next"]);
    assert_eq!(hub.store.row(first).state, RowState::Dead);
    assert!(hub.store.reason(first).unwrap().contains("Invalid Form Body"));
    assert_eq!(hub.discord.counts().given_up, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_a_moderator_deleted_stays_deleted() {
    let hub = Hub::start().await;
    let row = hub.store.wish(CHANNEL, "a", "1");
    hub.discord.bell().notify_one();
    hub.store.wait_until_done().await;
    hub.fake.delete_message(CHANNEL, hub.fake.messages(CHANNEL)[0].id);
    hub.store.wish(CHANNEL, "a", "2");
    hub.post(&["b"]);
    hub.store.wait_until_done().await;
    assert_eq!(hub.titles(), ["b"]);
    assert_eq!(hub.store.row(row).state, RowState::Dead);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_cannot_or_need_not_be_rendered() {
    let hub = Hub::start().await;
    hub.fake.add_channel(201, "other");
    hub.store.wish(201, "panic", "1");
    hub.post(&["vanished", "broken at first", "fine"]);
    hub.fake.wait_for("the last post", |_| (hub.titles() == ["broken at first", "fine"]).then_some(())).await;
}
