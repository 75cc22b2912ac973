//! The hub dies between any two steps; after the next start each post is there once.

use std::sync::Arc;

use slomix_hub::discord::outbox::{RowId, RowState};
use slomix_hub::discord::{self, Discord};
use slomix_shared::artifact::ContentHash;
use tokio::runtime::{Builder, Runtime};

use super::discord_hub::{Script, pace, parts, settings, titles};
use super::fake_discord::{CHANNEL, Call, FakeDiscord, PERSON};
use super::memory_outbox::{Death, MemoryOutbox};

/// A hub's life in a runtime of its own, so that it can end as a killed process does.
struct Life {
    runtime: Runtime,
    discord: Discord,
}

impl Life {
    fn begin(fake: &FakeDiscord, store: &Arc<MemoryOutbox>) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("a runtime for one life");
        let entered = runtime.enter();
        let discord = discord::start(settings(fake), parts(store, &Arc::new(Script::default()), pace()));
        drop(entered);
        Self { runtime, discord }
    }

    fn kill(self) {
        self.runtime.shutdown_background();
    }
}

/// Dies at `death` while posting, lets `meanwhile` happen, lives again, and gives the row that was posted.
async fn die_and_live_again(death: Death, meanwhile: impl FnOnce(&FakeDiscord, &MemoryOutbox)) -> (FakeDiscord, RowId) {
    let (fake, store) = (FakeDiscord::start().await, Arc::new(MemoryOutbox::new()));
    store.die_at(death);
    let row = store.wish(CHANNEL, "first", "1");
    store.wish(CHANNEL, "second", "1");
    let life = Life::begin(&fake, &store);
    store.wait_for_death().await;
    life.kill();
    fake.forget_nonces();
    meanwhile(&fake, &store);
    let life = Life::begin(&fake, &store);
    store.wait_until_done().await;
    let state = store.row(row).state;
    assert_eq!(state, RowState::Sent, "{death:?}");
    assert_eq!(life.discord.counts().found_again, u64::from(death == Death::BeforeSent), "{death:?}");
    life.kill();
    (fake, row)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_any_step_leaves_each_post_once_and_in_order() {
    for death in [Death::BeforeSending, Death::AfterSending, Death::BeforeSent, Death::AfterSent] {
        let (fake, _) = die_and_live_again(death, |_, _| ()).await;
        assert_eq!(titles(&fake, CHANNEL), ["first", "second"], "{death:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_is_found_below_all_that_was_said_since() {
    let (fake, _) = die_and_live_again(Death::BeforeSent, |fake, _| {
        for n in 0..150 {
            fake.say(CHANNEL, PERSON, &format!("chat {n}"));
        }
    })
    .await;
    assert_eq!(titles(&fake, CHANNEL), ["first", "second"]);
    assert_eq!(fake.requests_of(|call| matches!(call, Call::ListMessages(_))).len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_changed_while_the_hub_was_dead_shows_the_change() {
    let (fake, _) = die_and_live_again(Death::BeforeSent, |_, store| {
        store.wish(CHANNEL, "first", "2");
    })
    .await;
    let messages = fake.messages(CHANNEL);
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].embeds[0]["description"], ContentHash::of(b"2").to_string());
}
