//! What a hub posts by itself over an evening, at a clock of the test's own, and what it answers beneath.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use slomix_hub::archive::Delivery;
use slomix_hub::data_dir::DataDir;
use slomix_hub::domain::clock::instant_ms;
use slomix_hub::link::Clock;
use slomix_hub::reports::cache::Cached;
use slomix_hub::reports::desk::Desk;
use slomix_hub::serve::{Hub, Parts};
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_hub::store::{Durability, Store};

use super::super::discord_hub;
use super::super::fake_discord::{Answer, CHANNEL, Call, FakeDiscord, Fault, Message, PERSON};
use super::{config, evening, stats, until};

const MINUTE_MS: i64 = 60_000;

/// A hub at some time of the evening.
struct Stage {
    fake: FakeDiscord,
    clock: Arc<AtomicI64>,
    dir: tempfile::TempDir,
    hub: Hub,
}

async fn serve(fake: &FakeDiscord, clock: &Arc<AtomicI64>, dir: &Path) -> Hub {
    let mut config = config();
    let settings = discord_hub::settings(fake);
    (config.channel, config.discord, config.announce_hours) = (settings.channel, Some(settings), 6);
    let clock: Clock = {
        let clock = Arc::clone(clock);
        Arc::new(move || clock.load(Ordering::Relaxed))
    };
    let now = Arc::clone(&clock);
    let faces = Box::new(move |store: &Store| {
        let desk = Desk::new(store.clone(), Arc::clone(&now));
        (Arc::new(desk.clone()) as _, Arc::new(Cached::new(desk, now)) as _)
    });
    let parts = Parts::new(config, DataDir::open(dir).unwrap(), faces);
    let parts = Parts { clock, pace: discord_hub::pace(), look_for_ends: Duration::from_millis(20), ..parts };
    Hub::start(parts).await.unwrap()
}

impl Stage {
    async fn begin() -> Self {
        let (fake, dir) = (FakeDiscord::start().await, tempfile::tempdir().unwrap());
        let start_ms = instant_ms(&jiff::tz::TimeZone::UTC, evening().start);
        let clock = Arc::new(AtomicI64::new(start_ms));
        let hub = serve(&fake, &clock, dir.path()).await;
        Self { fake, clock, dir, hub }
    }

    /// Takes files as if an agent had shipped them, a moment after the last of them was written.
    async fn take(&self, files: &[(&str, &[u8])]) {
        let arrival = |(name, content): &(&str, &[u8])| Arrival::of_file(name, content.to_vec(), 0);
        let envelope = Envelope::import("", 1, 0);
        let arrivals = files.iter().map(arrival).collect();
        self.hub.archive().receive(Delivery { server: "main".to_owned(), envelope, arrivals }).await.unwrap();
        let store = self.hub.store();
        until("all is derived", async || store.pending_count().await.unwrap() == 0).await;
    }

    /// Sets the clock so many minutes after the end of the last session.
    async fn minutes_after_the_end(&self, minutes: i64) {
        let last = self.hub.store().newest_sessions(1).await.unwrap().remove(0);
        self.clock.store(last.end_ms + minutes * MINUTE_MS, Ordering::Relaxed);
    }

    async fn messages(&self, what: &str, count: usize) -> Vec<Message> {
        let store = self.hub.store();
        until(what, async || self.fake.messages(CHANNEL).len() >= count && store.post_counts().await.unwrap().0 == 0)
            .await;
        let messages = self.fake.messages(CHANNEL);
        assert_eq!(messages.len(), count, "{what}: {:#?}", messages.iter().map(title).collect::<Vec<_>>());
        messages
    }

    /// Waits until a message shows something.
    async fn shows(&self, message: u64, what: &str) {
        let shown = |message: &Message| message.embeds.iter().any(|embed| embed.to_string().contains(what));
        until(what, async || self.fake.messages(CHANNEL).iter().any(|one| one.id == message && shown(one))).await;
    }

    async fn press(&self, person: u64, message: u64, button: &str) -> Answer {
        let token = self.fake.press(CHANNEL, person, message, button, &[]);
        self.fake.wait_for(button, |fake| fake.answers(&token).into_iter().next()).await
    }

    /// Ends the hub and starts another one on what it left.
    async fn start_anew(self, meanwhile: impl AsyncFnOnce(&Store)) -> Self {
        let Self { fake, clock, dir, hub } = self;
        hub.stop().await;
        let store = Store::open(&DataDir::open(dir.path()).unwrap().database()).await.unwrap();
        meanwhile(&store).await;
        store.close().await;
        fake.forget_nonces();
        let hub = serve(&fake, &clock, dir.path()).await;
        Self { fake, clock, dir, hub }
    }
}

fn title(message: &Message) -> String {
    message.embeds[0]["title"].as_str().unwrap_or_default().to_owned()
}

/// The ids of the buttons under a message, by what people read.
fn buttons(components: &[serde_json::Value]) -> Vec<(String, String)> {
    let buttons = components.iter().flat_map(|row| row["components"].as_array().into_iter().flatten());
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    buttons.map(|button| (text(&button["label"]), text(&button["custom_id"]))).collect()
}

fn creates(call: &Call) -> bool {
    matches!(call, Call::CreateMessage(_))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evening_is_told_by_round_by_map_and_in_the_end_once() {
    let mut stage = Stage::begin().await;
    let evening = evening();
    let files = stats(&evening);
    stage.clock.fetch_add(30 * MINUTE_MS, Ordering::Relaxed);
    // Discord is unwell while the first map ends.
    stage.fake.fail_next(creates, Fault::RateLimited { retry_after: Duration::from_millis(100), global: false });
    stage.fake.fail_next(creates, Fault::Status(503));
    stage.take(&files[..2]).await;
    let messages = stage.messages("a map", 4).await;
    let titles: Vec<String> = messages.iter().map(title).collect();
    let map = format!("{}: ", evening.maps[0].truth.map);
    assert_eq!(titles.iter().filter(|title| title.replace('\\', "").starts_with(&map)).count(), 1, "{titles:?}");

    // The second map's last half is late.
    stage.take(&files[2..3]).await;
    stage.minutes_after_the_end(59).await;
    stage.messages("a first half", 5).await;
    stage.minutes_after_the_end(61).await;
    let messages = stage.messages("a digest", 6).await;
    let digest = messages[5].clone();
    assert!(title(&digest).starts_with("Final 2026-03-06a: "), "{}", title(&digest));
    assert!(digest.embeds[0].to_string().contains("3 rounds"));

    stage.take(&files[3..]).await;
    stage.shows(digest.id, "4 rounds").await;
    stage.messages("the late half and its map", 8).await;

    let shown =
        |fake: &FakeDiscord| fake.messages(CHANNEL).into_iter().find(|message| message.id == digest.id).unwrap();
    let before = shown(&stage.fake).edits;
    // Killed after Discord had the digest and before anybody noted so.
    stage = stage
        .start_anew(async |store| {
            let mut tx = store.begin(Durability::Full).await.unwrap();
            let lost = "update post set state = 'sending', message = null, sent = null where kind = 'digest'";
            tx.execute("lose an answer", lost, Vec::new()).await.unwrap();
            tx.commit().await.unwrap();
        })
        .await;
    stage.minutes_after_the_end(61).await;
    until("the digest is found and shown anew", async || shown(&stage.fake).edits > before).await;
    let messages = stage.messages("as many as before", 8).await;
    assert_eq!(messages.iter().filter(|message| title(message).starts_with("Final ")).count(), 1);
    stage.hub.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buttons_answer_whoever_presses_after_any_restart() {
    let mut stage = Stage::begin().await;
    let evening = evening();
    let files = stats(&evening);
    stage.clock.fetch_add(60 * MINUTE_MS, Ordering::Relaxed);
    stage.take(&files).await;
    stage.messages("four rounds, two maps, a session", 7).await;
    for life in ["first", "second"] {
        if life == "second" {
            stage = stage.start_anew(async |_| ()).await;
        }
        let lives = if life == "first" { 1 } else { 2 };
        let connected = |fake: &FakeDiscord| (fake.sessions().0 >= lives && fake.connections() > 0).then_some(());
        stage.fake.wait_for("a connection", connected).await;
        for message in stage.fake.messages(CHANNEL) {
            let buttons = buttons(&message.components);
            assert_eq!(buttons.len(), 5, "{buttons:?}");
            for (label, id) in buttons {
                let answer = stage.press(PERSON, message.id, &id).await;
                assert!(answer.ephemeral && answer.allowed_mentions["parse"] == serde_json::json!([]), "{label}");
                assert!(!answer.embeds.is_empty(), "{label} of {}: {answer:?}", title(&message));
            }
        }
    }
    let round = stage.fake.messages(CHANNEL).into_iter().next().unwrap();
    let unknown = stage.press(PERSON, round.id, "post:round:4711:details").await;
    assert!(unknown.ephemeral && unknown.content.starts_with("That round is no more"), "{unknown:?}");

    let session = stage.fake.messages(CHANNEL).into_iter().find(|message| title(message).starts_with("Session "));
    let session = session.unwrap();
    let graphs = buttons(&session.components).into_iter().find(|(label, _)| label == "Graphs").unwrap().1;
    let other = PERSON + 1;
    let token = stage.fake.press(CHANNEL, other, session.id, &graphs, &[]);
    let first = stage.fake.wait_for("pages", |fake| fake.answers(&token).into_iter().next()).await;
    let next = buttons(&first.components).into_iter().find(|(label, _)| label == "›").unwrap().1;
    stage.fake.press(CHANNEL, other, first.id, &next, &[]);
    let turned = |fake: &FakeDiscord| fake.answers(&token).into_iter().find(|answer| answer.embeds != first.embeds);
    let second = stage.fake.wait_for("the next page", turned).await;
    assert!(second.ephemeral && second.id == first.id);
    let pictures = |answer: &Answer| answer.files.iter().map(|file| file.name.clone()).collect::<Vec<_>>();
    assert_eq!((pictures(&first), pictures(&second)), (vec!["offence.png".to_owned()], vec!["defence.png".to_owned()]));
    assert_eq!(second.embeds[0]["image"]["url"], "attachment://defence.png");

    let again = stage.press(other, session.id, &graphs).await;
    assert!(again.ephemeral && again.content.starts_with("Slow down: again in "), "{again:?}");
    stage.hub.stop().await;
}
