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

/// Mean cost of a round, kept and derived one by one, at both ends of a history.
pub(crate) struct History {
    pub(crate) first: Duration,
    pub(crate) last: Duration,
    pub(crate) window: usize,
    /// Rounds before those at the end.
    pub(crate) behind: usize,
}

/// Plays a history of `rounds` on a server that never pauses: no file is ever the first of a block for long.
pub(crate) async fn history(rounds: usize) -> History {
    let files = without_a_pause(rounds);
    let window = WINDOW.min(files.len() / 2);
    let (first, rest) = files.split_at(window);
    let (middle, last) = rest.split_at(rest.len() - window);
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(&folder.path().join("hub.db")).await.expect("a database");
    let clock: Clock = Arc::new(|| 1_790_000_000_000);
    let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
    let zone = TimeZone::get("Europe/Berlin").expect("the zone is known");
    let rules = Arc::new(move |server: &str| Rules::new(server, zone.clone()));
    let deriver = Deriver::new(store, rules, Announcer::silent(), clock);
    let first = live(&archive, &deriver, first).await;
    for files in middle.chunks(TOGETHER) {
        keep(&archive, &deriver, files).await;
    }
    let last = live(&archive, &deriver, last).await;
    History { first, last, window, behind: files.len() - window }
}

async fn live(archive: &Archive, deriver: &Deriver, files: &[Played]) -> Duration {
    let begun = Instant::now();
    for file in files {
        keep(archive, deriver, std::slice::from_ref(file)).await;
    }
    begun.elapsed() / files.len().max(1) as u32
}

async fn keep(archive: &Archive, deriver: &Deriver, files: &[Played]) {
    let arrivals = files.iter().map(|(name, content)| Arrival {
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
