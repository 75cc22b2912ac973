//! Whatever happens to the hub, the network and the chat, in whatever order: in the end every post is in its channel
//! once, in the order of the rows, and shows what was wished last.

use std::collections::{BTreeMap, HashMap};
use std::future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use proptest::prelude::*;
use slomix_hub::discord::Health;
use slomix_hub::discord::buttons::Button;
use slomix_hub::discord::embed::Embed;
use slomix_hub::discord::id::{ChannelId, MessageId};
use slomix_hub::discord::outbox::{
    Clock, Outbox, OutboxError, OutboxRow, OutboxStore, Pace, RenderError, Renderer, RowId,
};
use slomix_hub::discord::short_id::ShortId;
use slomix_hub::discord::sink::{ChatSink, Ours, SendError};
use slomix_hub::reports::post::Post;
use slomix_shared::artifact::ContentHash;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use super::discord_hub::post;
use super::memory_outbox::MemoryOutbox;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    /// A channel should show a version about an anchor.
    Wish { channel: u64, anchor: u8, version: u8 },
    /// A later call to the chat goes like this; the calls before it go as was said before, or well.
    Chat(Call),
    /// Time passes, ms.
    Wait(u64),
    /// The hub is killed and started again.
    Kill,
}

/// How a call to the chat goes.
#[derive(Debug, Clone, Copy)]
enum Call {
    Well,
    LostBefore,
    LostAfter,
    Unreachable,
    Busy,
    ChannelClosed,
    /// Done, and then there is never an answer; only a kill ends it.
    Hangs,
}

/// A chat that keeps nonces as Discord does: for a few minutes.
#[derive(Default)]
struct Chat(Mutex<Written>);

#[derive(Default)]
struct Written {
    channels: BTreeMap<ChannelId, Vec<(MessageId, Embed)>>,
    nonces: HashMap<String, (MessageId, Option<Instant>)>,
    calls: Vec<Call>,
    last: u64,
}

const NONCE_MEMORY: Duration = Duration::from_mins(3);

impl Chat {
    fn written(&self) -> MutexGuard<'_, Written> {
        self.0.lock().expect("nobody panics with the chat in hand")
    }

    /// Does `work` in the way that comes next.
    async fn call<T>(&self, channel: ChannelId, work: impl FnOnce(&mut Written) -> T) -> Result<T, SendError> {
        let call = self.written().calls.pop().unwrap_or(Call::Well);
        let lost = || SendError::Unanswered { reason: "lost".to_owned() };
        sleep(Duration::from_millis(5)).await;
        match call {
            Call::LostBefore => return Err(lost()),
            Call::Unreachable => return Err(SendError::Unreachable { reason: "down".to_owned() }),
            Call::Busy => return Err(SendError::Busy { after: Duration::from_secs(7) }),
            Call::ChannelClosed => return Err(SendError::UnknownChannel { channel }),
            Call::Well | Call::LostAfter | Call::Hangs => {}
        }
        let done = work(&mut self.written());
        sleep(Duration::from_millis(5)).await;
        match call {
            Call::LostAfter => Err(lost()),
            Call::Hangs => future::pending().await,
            _ => Ok(done),
        }
    }
}

#[async_trait]
impl ChatSink for Chat {
    async fn send(
        &self,
        channel: ChannelId,
        embed: &Embed,
        _: &[Button],
        nonce: &ShortId,
    ) -> Result<MessageId, SendError> {
        let write = |written: &mut Written| {
            if let Some((id, Some(made))) = written.nonces.get(nonce.as_str())
                && made.elapsed() < NONCE_MEMORY
            {
                return *id;
            }
            written.last += 1;
            let id = MessageId::new(written.last).expect("counts from one");
            written.nonces.insert(nonce.to_string(), (id, Some(Instant::now())));
            written.channels.entry(channel).or_default().push((id, embed.clone()));
            id
        };
        self.call(channel, write).await
    }

    async fn edit(&self, channel: ChannelId, message: MessageId, embed: &Embed, _: &[Button]) -> Result<(), SendError> {
        let change = |written: &mut Written| {
            let messages = written.channels.get_mut(&channel).expect("an edited message has a channel");
            messages.iter_mut().find(|(id, _)| *id == message).expect("the message is there").1 = embed.clone();
        };
        self.call(channel, change).await
    }

    async fn find_by_footer(&self, channel: ChannelId, id: &ShortId, _: i64) -> Result<Option<MessageId>, SendError> {
        let find = |written: &mut Written| {
            let messages = written.channels.get(&channel)?;
            messages.iter().find(|(_, embed)| id.is_in_footer(&embed.footer)).map(|(id, _)| *id)
        };
        self.call(channel, find).await
    }

    async fn ours(&self, channel: ChannelId) -> Result<Vec<Ours>, SendError> {
        let shown = |(message, embed): &(MessageId, Embed)| Ours {
            message: *message,
            title: embed.title.clone(),
            footer: embed.footer.clone(),
            timestamp_ms: embed.timestamp_ms,
        };
        let list =
            |written: &mut Written| written.channels.entry(channel).or_default().iter().rev().map(shown).collect();
        self.call(channel, list).await
    }
}

/// A store whose calls take time before and after they work, so that a kill can come on either side.
struct Slow(Arc<MemoryOutbox>);

async fn slowly<T>(work: impl Future<Output = T>) -> T {
    sleep(Duration::from_millis(2)).await;
    let done = work.await;
    sleep(Duration::from_millis(2)).await;
    done
}

#[async_trait]
impl OutboxStore for Slow {
    async fn heads(&self) -> Result<Vec<OutboxRow>, OutboxError> {
        self.0.heads().await
    }
    async fn mark_sending(&self, row: RowId, now_ms: i64) -> Result<(), OutboxError> {
        slowly(self.0.mark_sending(row, now_ms)).await
    }
    async fn mark_sent(&self, row: RowId, message: MessageId, shows: Option<ContentHash>) -> Result<(), OutboxError> {
        slowly(self.0.mark_sent(row, message, shows)).await
    }
    async fn mark_failed(&self, row: RowId, at: i64, perhaps_done: bool, reason: &str) -> Result<(), OutboxError> {
        slowly(self.0.mark_failed(row, at, perhaps_done, reason)).await
    }
    async fn mark_skipped(&self, row: RowId, wanted: ContentHash) -> Result<(), OutboxError> {
        slowly(self.0.mark_skipped(row, wanted)).await
    }
    async fn mark_dead(&self, row: RowId, reason: &str) -> Result<(), OutboxError> {
        slowly(self.0.mark_dead(row, reason)).await
    }
}

#[async_trait]
impl Renderer for Slow {
    async fn render(&self, row: &OutboxRow) -> Result<Option<Post>, RenderError> {
        let wanted = self.0.row(row.id).wanted;
        Ok(Some(slowly(async { post(&row.anchor, &wanted.to_string()) }).await))
    }
}

struct Model {
    store: Arc<MemoryOutbox>,
    chat: Arc<Chat>,
    bell: Arc<Notify>,
    rows: BTreeMap<i64, RowId>,
    hub: Option<(JoinHandle<()>, watch::Sender<bool>)>,
}

impl Model {
    fn new() -> Self {
        let (store, chat) = (Arc::new(MemoryOutbox::new()), Arc::new(Chat::default()));
        let mut model = Self { store, chat, bell: Arc::default(), rows: BTreeMap::new(), hub: None };
        model.live();
        model
    }

    fn live(&mut self) {
        let began = Instant::now();
        let clock: Clock = Arc::new(move || began.elapsed().as_millis() as i64);
        let outbox = Outbox {
            store: Arc::new(Slow(Arc::clone(&self.store))),
            renderer: Arc::new(Slow(Arc::clone(&self.store))),
            sink: Arc::clone(&self.chat) as _,
            health: Arc::new(Health::connecting(None)),
            pace: Pace::default(),
            clock,
            bell: Arc::clone(&self.bell),
        };
        let (stop, stopped) = watch::channel(false);
        self.hub = Some((tokio::spawn(outbox.run(stopped)), stop));
    }

    async fn take(&mut self, step: Step) {
        match step {
            Step::Wish { channel, anchor, version } => {
                let row = self.store.wish(channel, &format!("anchor {anchor}"), &version.to_string());
                self.rows.insert(row.0, row);
                self.bell.notify_one();
            }
            Step::Chat(call) => self.chat.written().calls.insert(0, call),
            Step::Wait(ms) => sleep(Duration::from_millis(ms)).await,
            Step::Kill => {
                if let Some((hub, _)) = self.hub.take() {
                    hub.abort();
                    let _ = hub.await;
                }
                self.live();
            }
        }
    }

    /// Nothing breaks any more; gives how long it took until nothing was left to do.
    async fn settle(&mut self) -> Duration {
        self.chat.written().calls.clear();
        // an answer that never comes would hold its channel until the request times out
        self.take(Step::Kill).await;
        let began = Instant::now();
        while !self.store.heads().await.expect("memory holds").is_empty() {
            sleep(Duration::from_millis(100)).await;
            assert!(began.elapsed() < Duration::from_mins(30), "still not done: {:?}", self.store.heads().await);
        }
        began.elapsed()
    }

    fn check(&self) {
        for (channel, messages) in &self.chat.written().channels {
            let rows = self.rows.values().map(|id| self.store.row(*id)).filter(|row| row.channel == *channel);
            let wished: Vec<(String, String)> = rows.map(|row| (row.anchor.clone(), row.wanted.to_string())).collect();
            let shown: Vec<(String, String)> =
                messages.iter().map(|(_, embed)| (embed.title.clone(), embed.description.clone())).collect();
            assert_eq!(shown, wished, "channel {channel}");
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let call = prop_oneof![
        2 => Just(Call::Well),
        2 => Just(Call::LostBefore),
        4 => Just(Call::LostAfter),
        1 => Just(Call::Unreachable),
        1 => Just(Call::Busy),
        1 => Just(Call::ChannelClosed),
        1 => Just(Call::Hangs),
    ];
    let step = prop_oneof![
        4 => (1..3_u64, 0..4_u8, 0..3_u8).prop_map(|(channel, anchor, version)| Step::Wish { channel, anchor, version }),
        4 => call.prop_map(Step::Chat),
        4 => (0..30_u64).prop_map(Step::Wait),
        1 => (0..400_000_u64).prop_map(Step::Wait),
        2 => Just(Step::Kill),
    ];
    prop::collection::vec(step, 1..40)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_post_is_there_once_in_order_and_as_wished(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let mut model = Model::new();
            for step in steps {
                model.take(step).await;
            }
            model.settle().await;
            model.check();
        });
    }
}
