//! Whether a long history makes a round dearer.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use slomix_hub::archive::{Archive, Clock, Delivery};
use slomix_hub::domain::input::Rules;
use slomix_hub::pipeline::{Announcer, Deriver};
use slomix_hub::store::Store;
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_shared::artifact::ContentHash;

use super::played::{Played, without_a_pause};

/// Rounds that are timed, at least: whole days.
const WINDOW: usize = 500;
/// When a server's day begins, and with it a block, where no pause does: the hour.
const MORNING: &str = "06";
/// Files in one delivery on the way there.
const TOGETHER: usize = 200;

/// One file of so many comes late.
const LATE_ONE_IN: u64 = 100;
/// How many files a late one lets go first, at most.
const LATEST: usize = 2_000;

/// What the same rounds cost, kept and derived one by one, behind a short history and behind a long one.
pub(crate) struct History {
    pub(crate) short: Window,
    pub(crate) long: Window,
}

/// Some rounds in a row, those of whole days.
pub(crate) struct Window {
    /// Those that came in their time.
    pub(crate) in_time: Cost,
    /// Those that came into a day that was done.
    pub(crate) late: Cost,
    /// Rounds before them.
    pub(crate) behind: usize,
}

/// What rounds cost.
#[derive(Default)]
pub(crate) struct Cost {
    /// How many there are.
    pub(crate) rounds: usize,
    all: Duration,
}

impl Cost {
    fn add(&mut self, cost: Duration) {
        self.rounds += 1;
        self.all += cost;
    }

    /// For each of them, in milliseconds.
    pub(crate) fn mean_ms(&self) -> f64 {
        self.all.as_secs_f64() * 1000.0 / self.rounds.max(1) as f64
    }
}

/// Plays a history of `rounds` on a server that never pauses, so that no file is ever the first of a block for long;
/// some files come late, and into a day that was done. The last days go into two hubs, one with the whole history and
/// one with its end alone, file by file in turn: so neither the days nor the machine's moods make the difference.
pub(crate) async fn history(rounds: usize) -> History {
    let files = with_late_ones(without_a_pause(rounds));
    let window = WINDOW.min(files.len() / 4);
    let to = morning_before(&files, files.len());
    let at = morning_before(&files, to.saturating_sub(window));
    // Whatever may come late in the window belongs into a day that both have.
    let short_from = morning_before(&files, at.saturating_sub(LATEST.min(files.len() / 4)));
    let (mut short, mut long) = (Hub::start().await, Hub::start().await);
    long.backlog(&files[..at]).await;
    short.backlog(&files[short_from..at]).await;
    for (place, (file, late)) in files[at..to].iter().enumerate() {
        let hubs = [&mut short, &mut long];
        let turns = if place % 2 == 0 {
            hubs
        } else {
            let [short, long] = hubs;
            [long, short]
        };
        for hub in turns {
            hub.live(file, *late).await;
        }
    }
    History { short: short.window, long: long.window }
}

/// A hub's archive and pipeline over a database of their own.
struct Hub {
    archive: Archive,
    deriver: Deriver,
    window: Window,
    _folder: tempfile::TempDir,
}

impl Hub {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("hub.db")).await.expect("a database");
        let clock: Clock = Arc::new(|| 1_790_000_000_000);
        let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
        let zone = TimeZone::get("Europe/Berlin").expect("the zone is known");
        let rules = Arc::new(move |server: &str| Rules::new(server, zone.clone()));
        let deriver = Deriver::new(store, rules, Announcer::silent(), clock);
        let window = Window { in_time: Cost::default(), late: Cost::default(), behind: 0 };
        Self { archive, deriver, window, _folder: folder }
    }

    async fn backlog(&mut self, files: &[(Played, bool)]) {
        self.window.behind += files.len();
        for files in files.chunks(TOGETHER) {
            self.keep(files.iter().map(|(file, _)| file)).await;
        }
    }

    async fn live(&mut self, file: &Played, late: bool) {
        let begun = Instant::now();
        self.keep(std::iter::once(file)).await;
        let cost = if late { &mut self.window.late } else { &mut self.window.in_time };
        cost.add(begun.elapsed());
    }

    async fn keep(&self, files: impl Iterator<Item = &Played>) {
        let arrivals = files.map(|(name, content)| Arrival::of_file(name, content.clone(), 0));
        let envelope = Envelope { agent: "bench".to_owned(), ..Envelope::import("bench", 1, 0) };
        let delivery = Delivery { server: "main".to_owned(), envelope, arrivals: arrivals.collect() };
        self.archive.receive(delivery).await.expect("the archive keeps it");
        while self.deriver.drive().await.expect("it can be derived").files > 0 {}
    }
}

/// Whether a day begins with the file at this place: the one in its time before it was of the night.
fn begins_a_day(files: &[(Played, bool)], place: usize) -> bool {
    // `2021-01-04-193000-supply-round-1.txt`
    let hour = |(_, (name, _)): (usize, &Played)| name[11..13].to_owned();
    let in_time = |at: usize| files.get(at).filter(|(_, late)| !late).map(|(file, _)| (at, file)).map(hour);
    let before = (0..place).rev().find_map(in_time);
    in_time(place).is_some_and(|own| own.as_str() >= MORNING) && before.is_some_and(|hour| hour.as_str() < MORNING)
}

/// The last place before `to` at which a day begins, or the beginning.
fn morning_before(files: &[(Played, bool)], to: usize) -> usize {
    (0..to).rev().find(|place| begins_a_day(files, *place)).unwrap_or(0)
}

/// Files in the order in which they come, each with whether it is late. Which ones are late, and by how much, goes by
/// their names, so it is the same each time.
fn with_late_ones(files: Vec<Played>) -> Vec<(Played, bool)> {
    let mut order: Vec<(usize, bool, Played)> = files
        .into_iter()
        .enumerate()
        .map(|(place, file)| {
            let hash = ContentHash::of(file.0.as_bytes());
            let dice = u64::from_le_bytes(hash.as_bytes()[..8].try_into().expect("a hash has 32 bytes"));
            let late = dice.is_multiple_of(LATE_ONE_IN);
            let wait = if late { 1 + (dice / LATE_ONE_IN) as usize % LATEST } else { 0 };
            (place + wait, late, file)
        })
        .collect();
    order.sort_by_key(|(place, ..)| *place);
    order.into_iter().map(|(_, late, file)| (file, late)).collect()
}
