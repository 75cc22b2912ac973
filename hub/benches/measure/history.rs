//! Whether a long history makes a round dearer.

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

/// Rounds that are timed at each end.
const WINDOW: usize = 500;
/// Files in one delivery on the way from one end to the other.
const TOGETHER: usize = 200;

/// One file of so many comes late.
const LATE_ONE_IN: u64 = 100;
/// How many files a late one lets go first, at most.
const LATEST: usize = 2_000;

/// Mean cost of a round, kept and derived one by one, early and late in a history.
pub(crate) struct History {
    pub(crate) first: Window,
    pub(crate) last: Window,
}

/// Some rounds in a row.
pub(crate) struct Window {
    /// For each of them.
    pub(crate) mean: Duration,
    pub(crate) rounds: usize,
    /// How many of them came late.
    pub(crate) late: usize,
    /// Rounds before them.
    pub(crate) behind: usize,
}

/// Plays a history of `rounds` on a server that never pauses, so that no file is ever the first of a block for long;
/// some files come late, and into a day that was done.
pub(crate) async fn history(rounds: usize) -> History {
    let files = with_late_ones(without_a_pause(rounds));
    let window = WINDOW.min(files.len() / 4);
    // Late files come in full number only after the first of them had their time.
    let first_at = LATEST.min(files.len() / 4);
    let last_at = files.len() - window;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("hub.db")).await.expect("a database");
    let clock: Clock = Arc::new(|| 1_790_000_000_000);
    let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
    let zone = TimeZone::get("Europe/Berlin").expect("the zone is known");
    let rules = Arc::new(move |server: &str| Rules::new(server, zone.clone()));
    let deriver = Deriver::new(store, rules, Announcer::silent(), clock);
    backlog(&archive, &deriver, &files[..first_at]).await;
    let first = live(&archive, &deriver, &files, first_at, window).await;
    backlog(&archive, &deriver, &files[first_at + window..last_at]).await;
    let last = live(&archive, &deriver, &files, last_at, window).await;
    History { first, last }
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

async fn live(archive: &Archive, deriver: &Deriver, files: &[(Played, bool)], behind: usize, rounds: usize) -> Window {
    let files = &files[behind..behind + rounds];
    let begun = Instant::now();
    for file in files {
        keep(archive, deriver, std::slice::from_ref(file)).await;
    }
    let late = files.iter().filter(|(_, late)| *late).count();
    Window { mean: begun.elapsed() / rounds.max(1) as u32, rounds, late, behind }
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
