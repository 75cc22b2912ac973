//! The hub's Discord side as the tests run it: the real client against the fake Discord.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use slomix_hub::discord::config::{DiscordSettings, Secret};
use slomix_hub::discord::id::ChannelId;
use slomix_hub::discord::id::UserId;
use slomix_hub::discord::operations::{By, Operations, Order, Progress};
use slomix_hub::discord::outbox::{OutboxRow, Pace, RenderError, Renderer};
use slomix_hub::discord::tier::Tier;
use slomix_hub::discord::{self, Discord, DiscordState, Parts};
use slomix_hub::reports::alert::Board;
use slomix_hub::reports::answer::Answer;
use slomix_hub::reports::post::{Accent, Post, Table};
use slomix_hub::reports::question::Question;
use slomix_hub::reports::resolver::{Found, Whom};
use slomix_hub::reports::{ReportError, Reports, Suggest, Suggestion};
use tokio::time::timeout;

use super::fake_discord::{CHANNEL, FakeDiscord, TOKEN};
use super::memory_outbox::MemoryOutbox;

/// A fake Discord and a hub that talks to it.
pub(crate) struct Hub {
    pub(crate) fake: FakeDiscord,
    pub(crate) store: Arc<MemoryOutbox>,
    pub(crate) reports: Arc<Script>,
    pub(crate) discord: Discord,
}

/// Settings that lead to `fake`.
pub(crate) fn settings(fake: &FakeDiscord) -> DiscordSettings {
    let mut settings = DiscordSettings::new(Secret::new(TOKEN));
    settings.channel = ChannelId::new(CHANNEL);
    settings.api_address = Some(fake.api_address());
    settings.api_ca_file = Some(fake.ca_file());
    settings
}

/// Retries without long waits.
pub(crate) fn pace() -> Pace {
    Pace { first_retry: Duration::from_millis(20), closed_channel: Duration::from_millis(200), ..Pace::default() }
}

pub(crate) fn parts(store: &Arc<MemoryOutbox>, reports: &Arc<Script>, pace: Pace) -> Parts {
    Parts {
        store: Arc::clone(store) as _,
        renderer: Arc::new(Versions { store: Arc::clone(store) }),
        reports: Arc::clone(reports) as _,
        operations: Arc::clone(reports) as _,
        alerts: tokio::sync::watch::Sender::new(Board::default()).subscribe(),
        pace,
    }
}

impl Hub {
    pub(crate) async fn start() -> Self {
        Self::start_with(FakeDiscord::start().await, |_| ())
    }

    pub(crate) fn start_with(fake: FakeDiscord, change: impl FnOnce(&mut DiscordSettings)) -> Self {
        let mut settings = settings(&fake);
        change(&mut settings);
        let (store, reports) = (Arc::new(MemoryOutbox::new()), Arc::new(Script::default()));
        let discord = discord::start(settings, parts(&store, &reports, pace()));
        Self { fake, store, reports, discord }
    }

    /// Writes rows for the posts channel, one for each anchor, and says so.
    pub(crate) fn post(&self, anchors: &[&str]) {
        for anchor in anchors {
            self.store.wish(CHANNEL, anchor, "1");
        }
        self.discord.bell().notify_one();
    }

    /// The titles in the posts channel.
    pub(crate) fn titles(&self) -> Vec<String> {
        titles(&self.fake, CHANNEL)
    }

    pub(crate) async fn ready(&self) {
        self.state(|state| *state == DiscordState::Ready).await;
    }

    /// Waits until Discord is disabled, and gives the fix.
    pub(crate) async fn disabled(&self) -> String {
        match self.state(|state| matches!(state, DiscordState::Disabled(_))).await {
            DiscordState::Disabled(fix) => fix,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn state(&self, test: impl FnMut(&DiscordState) -> bool) -> DiscordState {
        let mut state = self.discord.state();
        match timeout(Duration::from_secs(30), state.wait_for(test)).await {
            Ok(seen) => seen.expect("the Discord side lives").clone(),
            Err(late) => panic!("{late}: Discord is {:?}", *self.discord.state().borrow()),
        }
    }
}

pub(crate) fn titles(fake: &FakeDiscord, channel: u64) -> Vec<String> {
    let texts = fake.messages(channel).into_iter().filter_map(|message| message.embeds.into_iter().next());
    texts.map(|embed| embed["title"].as_str().unwrap_or_default().to_owned()).collect()
}

/// A post whose line tells which content it shows.
pub(crate) fn post(title: &str, line: &str) -> Post {
    Post {
        title: title.to_owned(),
        accent: Accent::TeamB,
        lines: vec![line.to_owned()],
        tables: vec![Table { heading: "Team A".to_owned(), rows: vec!["brick   12  3 412".to_owned()] }],
        notes: Vec::new(),
        footer: "main".to_owned(),
        timestamp_ms: Some(1_761_080_400_000),
    }
}

/// Renders what the store wants at that moment, under the anchor's name. Anchors that begin with `vanished` have
/// nothing to show, those that begin with `broken` cannot be rendered.
struct Versions {
    store: Arc<MemoryOutbox>,
}

#[async_trait]
impl Renderer for Versions {
    async fn render(&self, row: &OutboxRow) -> Result<Option<Post>, RenderError> {
        if row.anchor.starts_with("vanished") {
            return Ok(None);
        }
        assert!(!row.anchor.starts_with("panic"), "a renderer that panics");
        if row.anchor.starts_with("broken") && row.attempts == 0 && self.store.reason(row.id).is_none() {
            return Err(RenderError("no such round".into()));
        }
        Ok(Some(post(&row.anchor, &self.store.row(row.id).wanted.to_string())))
    }
}

/// What the reports and the hub say, in this order; then that there is nothing. Remembers what it was asked.
#[derive(Default)]
pub(crate) struct Script {
    says: Mutex<VecDeque<Say>>,
    found: Mutex<VecDeque<Found>>,
    tiers: Mutex<BTreeMap<u64, Tier>>,
    unknown: Mutex<Vec<u64>>,
    progress: Mutex<Vec<(Duration, String)>>,
    asked: Mutex<Vec<Asked>>,
}

pub(crate) enum Say {
    Posts(Vec<Post>),
    Answer(Answer),
    Error(&'static str),
    Panic(&'static str),
    /// Posts, but after a while.
    Late(Duration, Vec<Post>),
}

/// What the script was asked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Question(Question),
    Order(Order),
    Who(Whom),
    Suggest(Suggest, String),
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics with the script in hand")
}

impl Script {
    pub(crate) fn say(&self, say: Say) {
        hold(&self.says).push_back(say);
    }

    /// Whom the next text means.
    pub(crate) fn find(&self, found: Found) {
        hold(&self.found).push_back(found);
    }

    pub(crate) fn give(&self, user: u64, tier: Tier) {
        hold(&self.tiers).insert(user, tier);
    }

    /// The next order takes its time, and says so.
    pub(crate) fn take_time(&self, wait: Duration, step: &str) {
        hold(&self.progress).push((wait, step.to_owned()));
    }

    /// The hub cannot say what somebody is.
    pub(crate) fn give_nothing(&self, user: u64) {
        hold(&self.unknown).push(user);
    }

    /// Takes back what was to be said next.
    pub(crate) fn unsay(&self) {
        hold(&self.says).clear();
        hold(&self.found).clear();
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        hold(&self.asked).clone()
    }

    fn note(&self, asked: Asked) {
        hold(&self.asked).push(asked);
    }

    async fn next(&self) -> Result<Answer, ReportError> {
        let say = hold(&self.says).pop_front();
        match say {
            None => Err(ReportError::Nothing("Nothing has been played yet.".to_owned())),
            Some(Say::Posts(posts)) => Ok(posts.into()),
            Some(Say::Answer(answer)) => Ok(answer),
            Some(Say::Error(secret)) => Err(ReportError::Failed(secret.into())),
            Some(Say::Panic(secret)) => panic!("{secret}"),
            Some(Say::Late(wait, posts)) => {
                tokio::time::sleep(wait).await;
                Ok(posts.into())
            }
        }
    }
}

#[async_trait]
impl Reports for Script {
    async fn answer(&self, question: &Question) -> Result<Arc<Answer>, ReportError> {
        self.note(Asked::Question(question.clone()));
        self.next().await.map(Arc::new)
    }

    async fn who(&self, whom: &Whom) -> Result<Found, ReportError> {
        self.note(Asked::Who(whom.clone()));
        Ok(hold(&self.found).pop_front().unwrap_or(Found::Nobody { alike: Vec::new() }))
    }

    async fn suggest(&self, what: Suggest, begun: &str) -> Result<Vec<Suggestion>, ReportError> {
        self.note(Asked::Suggest(what, begun.to_owned()));
        Ok(vec![Suggestion { shown: "bob".to_owned(), value: "A1000000".to_owned() }])
    }
}

#[async_trait]
impl Operations for Script {
    async fn tier_of(&self, user: UserId) -> Result<Option<Tier>, ReportError> {
        if hold(&self.unknown).contains(&user.get()) {
            return Err(ReportError::Failed("the database is away".into()));
        }
        Ok(hold(&self.tiers).get(&user.get()).copied())
    }

    async fn carry_out(&self, order: &Order, _: &By, progress: Progress<'_>) -> Result<Answer, ReportError> {
        self.note(Asked::Order(order.clone()));
        let steps: Vec<(Duration, String)> = hold(&self.progress).drain(..).collect();
        for (wait, step) in steps {
            progress(step);
            tokio::time::sleep(wait).await;
        }
        self.next().await
    }
}
