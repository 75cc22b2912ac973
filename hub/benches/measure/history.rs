//! Whether a long history makes a round dearer.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use slomix_hub::archive::{Archive, Clock, Delivery};
use slomix_hub::domain::input::Rules;
use slomix_hub::pipeline::{Announcer, Deriver};
use slomix_hub::store::Store;
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_shared::artifact::{ContentHash, FileName};

use super::played::{Played, without_a_pause};

/// Rounds that are timed at each end, at least: a window ends with a day, as it began.
const WINDOW: usize = 500;
/// When a server's day begins, and with it a block, where no pause does: the hour.
const MORNING: &str = "06";
/// Files in one delivery on the way from one end to the other.
const TOGETHER: usize = 200;

/// One file of so many comes late.
const LATE_ONE_IN: u64 = 100;
/// How many files a late one lets go first, at most.
const LATEST: usize = 2_000;

/// What rounds cost, kept and derived one by one, early and late in a history.
pub(crate) struct History {
    pub(crate) first: Window,
    pub(crate) last: Window,
}

/// Some rounds in a row: those of whole days, so that each window has as many rounds early in a day as the other one.
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
/// some files come late, and into a day that was done.
pub(crate) async fn history(rounds: usize) -> History {
    let files = with_late_ones(without_a_pause(rounds));
    let window = WINDOW.min(files.len() / 4);
    // Late files come in full number only after the first of them had their time.
    let first_at = morning(&files, LATEST.min(files.len() / 4));
    let first_to = morning(&files, first_at + window);
    let last_to = morning_before(&files, files.len());
    let last_at = morning_before(&files, last_to.saturating_sub(window)).max(first_to);
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("hub.db")).await.expect("a database");
    let clock: Clock = Arc::new(|| 1_790_000_000_000);
    let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
    let zone = TimeZone::get("Europe/Berlin").expect("the zone is known");
    let rules = Arc::new(move |server: &str| Rules::new(server, zone.clone()));
    let deriver = Deriver::new(store, rules, Announcer::silent(), clock);
    backlog(&archive, &deriver, &files[..first_at]).await;
    let first = live(&archive, &deriver, &files, first_at..first_to).await;
    backlog(&archive, &deriver, &files[first_to..last_at]).await;
    let last = live(&archive, &deriver, &files, last_at..last_to).await;
    History { first, last }
}

/// Whether a day begins with the file at this place: the one in its time before it was of the night.
fn begins_a_day(files: &[(Played, bool)], place: usize) -> bool {
    // `2021-01-04-193000-supply-round-1.txt`
    let hour = |(_, (name, _)): (usize, &Played)| name[11..13].to_owned();
    let in_time = |at: usize| files.get(at).filter(|(_, late)| !late).map(|(file, _)| (at, file)).map(hour);
    let before = (0..place).rev().find_map(in_time);
    in_time(place).is_some_and(|own| own.as_str() >= MORNING) && before.is_some_and(|hour| hour.as_str() < MORNING)
}

/// The first place from `from` on at which a day begins, or the end.
fn morning(files: &[(Played, bool)], from: usize) -> usize {
    (from..files.len()).find(|place| begins_a_day(files, *place)).unwrap_or(files.len())
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

async fn backlog(archive: &Archive, deriver: &Deriver, files: &[(Played, bool)]) {
    for files in files.chunks(TOGETHER) {
        keep(archive, deriver, files).await;
    }
}

async fn live(archive: &Archive, deriver: &Deriver, files: &[(Played, bool)], places: Range<usize>) -> Window {
    let mut window = Window { in_time: Cost::default(), late: Cost::default(), behind: places.start };
    for file in &files[places] {
        let begun = Instant::now();
        keep(archive, deriver, std::slice::from_ref(file)).await;
        let cost = if file.1 { &mut window.late } else { &mut window.in_time };
        cost.add(begun.elapsed());
    }
    window
}

async fn keep(archive: &Archive, deriver: &Deriver, files: &[(Played, bool)]) {
    let arrivals = files.iter().map(|((name, content), _)| Arrival {
        kind: FileName::kind_of(name),
        name: name.clone(),
        content: content.clone(),
        hash: ContentHash::of(content),
        modified_ms: 0,
        closed_us: None,
        verdict: "none",
        rules: String::new(),
    });
    let envelope = Envelope {
        agent: "bench".to_owned(),
        boot: "bench".to_owned(),
        sequence: 1,
        created_ms: 0,
        head: Vec::new(),
        signature: Vec::new(),
    };
    let delivery = Delivery { server: "main".to_owned(), envelope, arrivals: arrivals.collect() };
    archive.receive(delivery).await.expect("the archive keeps it");
    while deriver.drive().await.expect("it can be derived").files > 0 {}
}
