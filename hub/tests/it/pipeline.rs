//! The whole way from files to derived rows, on a real database.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use jiff::civil::date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use slomix_hub::archive::{Archive, ArchiveError, Clock, Delivery};
use slomix_hub::domain::clock::instant_ms;
use slomix_hub::domain::decisions::{Correction, RoundKey};
use slomix_hub::domain::input::Rules;
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::deep::compare;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::pipeline::{Announcer, Deriver, Extras};
use slomix_hub::store::archive::{Arrival, Envelope};
use slomix_hub::store::{Store, tables};
use slomix_shared::artifact::{Kind, LocalStamp};
use slomix_shared::sim::{self, Accidents, Plan};

/// A hub without its doors: a database, its archive and its deriver.
pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) archive: Archive,
    pub(crate) deriver: Deriver,
    _directory: Option<tempfile::TempDir>,
}

impl Bench {
    pub(crate) async fn new() -> Self {
        Self::with(Announcer::silent()).await
    }

    /// One that asks for posts of rounds of any age.
    pub(crate) async fn announcing() -> Self {
        Self::announcing_with(Extras::default()).await
    }

    /// The same with other posts beside rounds and sessions.
    pub(crate) async fn announcing_with(extras: Extras) -> Self {
        Self::with(Announcer::new(Arc::new(|_| vec!["7".to_owned()]), i64::MAX).with(extras)).await
    }

    async fn with(announcer: Announcer) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::open(&directory.path().join("hub.db")).await.unwrap();
        Self { _directory: Some(directory), ..Self::over(store, announcer) }
    }

    /// One over a database that is there.
    pub(crate) fn over(store: Store, announcer: Announcer) -> Self {
        let clock: Clock = Arc::new(|| 1_790_000_000_000);
        let (archive, _) = Archive::start(store.clone(), Arc::clone(&clock));
        let rules = Arc::new(|server: &str| Rules::new(server, TimeZone::get("Europe/Berlin").unwrap()));
        let deriver = Deriver::new(store.clone(), rules, announcer, clock);
        Self { store, archive, deriver, _directory: None }
    }

    /// Keeps files as one delivery; whether each is new.
    pub(crate) async fn keep(&self, files: &[(String, Vec<u8>)]) -> Vec<bool> {
        self.try_keep(files).await.unwrap()
    }

    async fn try_keep(&self, files: &[(String, Vec<u8>)]) -> Result<Vec<bool>, ArchiveError> {
        let arrivals = files.iter().map(|(name, content)| Arrival::of_file(name, content.clone(), 0)).collect();
        let envelope = Envelope { agent: "test".to_owned(), ..Envelope::import("test", 1, 0) };
        self.archive.receive(Delivery { server: "main".to_owned(), envelope, arrivals }).await
    }

    pub(crate) async fn derive(&self) {
        while self.deriver.drive().await.unwrap().files > 0 {}
    }

    pub(crate) async fn dump(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in Store::dump_tables() {
            lines.extend(self.store.dump_table(table).await.unwrap());
        }
        lines
    }
}

pub(crate) fn evenings(seed: u64, evenings: u32, accidents: Accidents) -> Vec<(String, Vec<u8>)> {
    let mut plan = Plan::new(seed, date(2026, 3, 2).at(20, 0, 0, 0));
    plan.evenings = evenings;
    plan.maps_per_evening = 3;
    plan.players_per_side = 3;
    plan.accidents = accidents;
    sim::play(&plan)
        .unwrap()
        .flat_map(|evening| evening.files().map(|file| (file.name.clone(), file.bytes.clone())).collect::<Vec<_>>())
        .collect()
}

/// The round events of the same evenings, on a server in the zone of the bench.
pub(crate) fn events(seed: u64, evenings: u32, accidents: Accidents) -> Vec<(String, Vec<u8>)> {
    let zone = TimeZone::get("Europe/Berlin").unwrap();
    let mut plan = Plan::new(seed, date(2026, 3, 2).at(20, 0, 0, 0));
    plan.evenings = evenings;
    plan.maps_per_evening = 3;
    plan.players_per_side = 3;
    plan.accidents = accidents;
    let mut events = Vec::new();
    for evening in sim::play(&plan).unwrap() {
        let start = instant_ms(&zone, evening.start) / 1000;
        events.extend(evening.rounds().map(|round| sim::gametime(&round.truth, start)));
    }
    events.into_iter().map(|file| (file.name, file.bytes)).collect()
}

#[tokio::test]
async fn an_evening_becomes_rounds_maps_and_a_session() {
    let bench = Bench::new().await;
    let files = evenings(7, 1, Accidents::default());
    assert!(bench.keep(&files).await.iter().all(|new| *new));
    assert!(bench.keep(&files).await.iter().all(|new| !*new), "the same again is known");
    bench.derive().await;
    assert_eq!(bench.store.count(tables::ROUND).await.unwrap(), 6);
    assert_eq!(bench.store.count(tables::MAP_PLAY).await.unwrap(), 3);
    assert_eq!(bench.store.count(tables::SESSION).await.unwrap(), 1);
    let verified = verify(&bench.store, |_| {}).await.unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(verified.waiting, 0);
}

#[tokio::test]
async fn what_was_kept_and_not_derived_is_driven_later() {
    let bench = Bench::new().await;
    bench.keep(&evenings(3, 1, Accidents::default())).await;
    assert!(bench.store.pending_count().await.unwrap() > 0);
    bench.derive().await;
    assert_eq!(bench.store.pending_count().await.unwrap(), 0);
}

#[tokio::test]
async fn rebuild_mends_what_was_damaged_and_touches_nothing_else() {
    let bench = Bench::new().await;
    bench.keep(&evenings(11, 2, Accidents::storm())).await;
    bench.derive().await;
    let before = bench.dump().await;
    let untouched = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((untouched.rows, untouched.totals), (0, 0));
    assert_eq!(bench.dump().await, before);

    let mut tx = bench.store.begin(slomix_hub::store::Durability::Relaxed).await.unwrap();
    tx.execute("damage", "delete from leaf", vec![]).await.unwrap();
    tx.execute("damage", "update total set kills = kills + 1", vec![]).await.unwrap();
    tx.execute("damage", "update session set wins_a = 99", vec![]).await.unwrap();
    tx.execute("damage", "update round_player set kills = 999", vec![]).await.unwrap();
    tx.execute("damage", "delete from round_weapon where weapon = 4", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(!verify(&bench.store, |_| {}).await.unwrap().is_sound());
    let mended = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert!(mended.rows > 0 && mended.totals > 0);
    assert_eq!(bench.dump().await, before);
}

#[tokio::test]
async fn a_damaged_content_stops_nothing_and_spoils_nothing() {
    let bench = Bench::new().await;
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.derive().await;
    let before = bench.dump().await;
    let whole = compare(&bench.deriver, |_, _| {}).await.unwrap();
    assert!(whole.blocks > 0 && whole.left_alone == 0, "{whole:?}");
    let mut tx = bench.store.begin(slomix_hub::store::Durability::Full).await.unwrap();
    let sql = "update artifact set content = substr(content, 1, 20) where id = (select min(artifact) from round)";
    tx.execute("damage", sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();

    let verified = verify(&bench.store, |_| {}).await.unwrap();
    assert_eq!(verified.damaged.len(), 1);
    let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.left_alone, rebuilt.rows), (1, 0));
    let compared = compare(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((compared.blocks, compared.left_alone), (whole.blocks - 1, 1), "only what was compared is counted");
    assert_eq!(bench.dump().await, before, "the rows that stand were made of the right content");

    bench.keep(&evenings(6, 2, Accidents::default())).await;
    bench.derive().await;
    assert_eq!(bench.store.pending_count().await.unwrap(), 0, "other files are derived as ever");

    assert!(bench.keep(&evenings(5, 1, Accidents::default())).await.iter().all(|new| !new));
    let verified = verify(&bench.store, |_| {}).await.unwrap();
    assert!(verified.is_sound(), "the same file coming again makes it whole: {verified:?}");
    bench.derive().await;
    assert_eq!(rebuild(&bench.deriver, |_, _| {}).await.unwrap().left_alone, 0);
}

#[tokio::test]
async fn a_database_that_is_gone_takes_nothing() {
    let bench = Bench::new().await;
    std::fs::remove_file(bench.store.path().unwrap()).unwrap();
    let files = evenings(1, 1, Accidents::default());
    assert!(bench.try_keep(&files).await.is_err());
}

#[tokio::test]
async fn papers_wait_for_their_stats_file_and_are_stored_with_it() {
    let bench = Bench::new().await;
    let (papers, stats): (Vec<_>, Vec<_>) =
        evenings(7, 1, Accidents::default()).into_iter().partition(|(name, _)| name.contains("endstats"));
    let events = events(7, 1, Accidents::default());
    bench.keep(&papers).await;
    bench.keep(&events).await;
    bench.derive().await;
    let fates = async |state: &str, code: &str| {
        let sql = "select count(*) from disposition where state = $1 and code = $2";
        bench.store.fetch("count fates", sql, vec![state.into(), code.into()]).await.unwrap()[0].int(0)
    };
    assert_eq!((fates("kept", "waiting").await, papers.len() + events.len()), (12, 12));
    bench.keep(&stats).await;
    bench.derive().await;
    assert_eq!((fates("kept", "waiting").await, fates("stored", "").await), (0, 18));
    let sql = "select count(*) from round where end_reason <> 'unknown' and pauses = 0";
    assert_eq!(bench.store.fetch("count reasons", sql, vec![]).await.unwrap()[0].int(0), 6);
    assert_eq!(bench.store.count(tables::PLAYER_GUID).await.unwrap(), bench.store.count(tables::PLAYER).await.unwrap());
    assert!(verify(&bench.store, |_| {}).await.unwrap().is_sound());
    let before = bench.dump().await;
    let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.rows, bench.dump().await), (0, before));
}

#[tokio::test]
async fn two_full_guids_behind_eight_characters_are_told() {
    let bench = Bench::new().await;
    let files = evenings(7, 1, Accidents::default());
    bench.keep(&files).await;
    bench.derive().await;
    assert_eq!(bench.store.guid_collisions().await.unwrap(), []);
    let (name, content) = files.iter().find(|(name, _)| name.contains("endstats")).unwrap();
    let text = String::from_utf8(content.clone()).unwrap();
    let line = text.lines().find(|line| line.starts_with("VS_HEADER")).unwrap();
    let full = line.rsplit('\t').next().unwrap();
    let other = format!("{}{}", &full[..8], "0".repeat(24));
    let (stamp, rest) = name.split_at(17);
    let second = LocalStamp::from_seconds(LocalStamp::parse(stamp).unwrap().seconds() + 1);
    bench.keep(&[(format!("{second}{rest}"), text.replace(full, &other).into_bytes())]).await;
    bench.derive().await;
    let collisions = bench.store.guid_collisions().await.unwrap();
    assert_eq!((collisions.len(), &*collisions[0].guid, collisions[0].full.len()), (1, &full[..8], 2));
    let player = bench.store.find_players(&full[..8]).await.unwrap()[0].player;
    assert_eq!(bench.store.full_guids(player).await.unwrap(), collisions[0].full);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    /// Whatever the order, the bursts and the repetitions in which files come, the rows are the same.
    #[test]
    fn order_of_arrival_leaves_no_trace(
        seed in 0_u64..1000,
        order in proptest::collection::vec(any::<u32>(), 200),
        burst in 1_usize..9,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut files = evenings(seed, 2, Accidents::storm());
            files.extend(events(seed, 2, Accidents::storm()));
            let together = Bench::new().await;
            together.keep(&files).await;
            together.derive().await;

            let apart = Bench::new().await;
            let mut shuffled: Vec<_> = files.iter().cloned().enumerate().collect();
            shuffled.sort_by_key(|(index, _)| order[index % order.len()]);
            let shuffled: Vec<_> = shuffled.into_iter().map(|(_, file)| file).collect();
            for chunk in shuffled.chunks(burst) {
                apart.keep(chunk).await;
                apart.keep(&chunk[..1]).await;
                apart.derive().await;
            }
            let dump = together.dump().await;
            assert_eq!(dump, apart.dump().await);
            rebuild(&apart.deriver, |_, _| {}).await.unwrap();
            assert_eq!(dump, apart.dump().await);
        });
    }
}

#[tokio::test]
async fn what_is_derived_again_is_told_as_no_news() {
    let bench = Bench::new().await;
    let mut events = bench.deriver.events();
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let first = events.try_recv().unwrap();
    assert!(!first.outcomes.is_empty() && first.outcomes.iter().all(|one| one.new));
    let file = first.outcomes.iter().find(|one| one.state == "stored" && one.kind == Kind::Stats).unwrap();
    let round = RoundKey::of_file("main", &file.name).unwrap();
    bench.deriver.correct(&Correction::Void { round }, "ann", "it was so").await.unwrap();
    let again = events.try_recv().unwrap();
    assert!(again.outcomes.iter().any(|one| one.name == file.name) && again.outcomes.iter().all(|one| !one.new));
}
