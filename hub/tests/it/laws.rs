//! Law: derived = f(artifacts, decisions). Whatever part of some evenings came, in whatever order, how often and in what
//! bursts: the rows are those of an import at one go, and `rebuild` makes the same ones anew, byte for byte.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use jiff::civil::date;
use proptest::prelude::*;
use proptest::sample::Index;
use slomix_hub::pipeline::rebuild::{Rebuilt, rebuild};
use slomix_hub::pipeline::verify::{deep::compare, verify};
use slomix_hub::store::Durability;
use slomix_hub::values;
use slomix_shared::sim::{self, Accidents, Plan, Rhythm};

use crate::pipeline::{Bench, evenings};

type Files = Vec<(String, Vec<u8>)>;

/// Two evenings, or two days without a pause, with every accident there is; every content that a file ever had.
fn played(seed: u64) -> Files {
    let mut plan = Plan::new(seed, date(2026, 3, 2).at(20, 0, 0, 0));
    plan.evenings = 2;
    plan.maps_per_evening = 3;
    plan.players_per_side = 3;
    plan.accidents = Accidents::storm();
    if seed.is_multiple_of(4) {
        plan.rhythm = Rhythm::Pauseless;
    }
    let mut files = Files::new();
    for evening in sim::play(&plan).unwrap() {
        files.extend(evening.files().map(|file| (file.name.clone(), file.bytes.clone())));
        let writes = evening.delivery();
        files.extend(
            writes.iter().filter(|write| !write.append).map(|write| (write.name.to_owned(), write.bytes.to_vec())),
        );
    }
    files.sort();
    files.dedup();
    files
}

async fn at_one_go(files: &Files) -> Bench {
    let bench = Bench::new().await;
    bench.keep(files).await;
    bench.derive().await;
    bench
}

/// Takes files in this order, so many at a time, some of them again, and derives whenever it is time to.
async fn piecemeal(files: &Files, arrivals: &[(Index, u8)]) -> Bench {
    let bench = Bench::new().await;
    let mut rest: Vec<_> = files.clone();
    let mut known = Files::new();
    for (at, what) in arrivals {
        if rest.is_empty() {
            break;
        }
        let mut burst = Files::new();
        for step in 0..(1 + what % 5).into() {
            if !rest.is_empty() {
                let place = (at.index(rest.len()) + step) % rest.len();
                burst.push(rest.swap_remove(place));
            }
        }
        known.extend(burst.clone());
        bench.keep(&burst).await;
        if what & 0x10 != 0 {
            bench.keep(std::slice::from_ref(at.get(&known))).await;
        }
        if what & 0x60 != 0 {
            bench.derive().await;
        }
    }
    bench.keep(&rest).await;
    bench.derive().await;
    bench
}

/// Things that happen to derived rows when somebody else writes to the database.
const DAMAGE: [&str; 18] = [
    "delete from leaf",
    "update leaf set rounds = rounds + 1",
    "delete from weapon_leaf",
    "update round set valid = 0, counts_for = 0",
    "delete from total",
    "update total set kills = kills + 1",
    "update session set wins_a = 99",
    "update epoch set ties = ties + 1",
    "update session_member set team = 1",
    "update map_play set result = 'tie', counted = 1",
    "update round set outcome = 'unknown', flags = 'spoilt'",
    "update round_player set kills = 999",
    "update round_player set name = 'nobody', damage_given = null",
    "delete from round_weapon where weapon = 4",
    "delete from session_name",
    "update player set bot = 1 - bot, guid = 'DEADBEEF'",
    "update disposition set state = 'superseded', reason = 'spoilt'",
    "update session_member set steadiness = 0, core = 0",
];

async fn damage(bench: &Bench, chosen: &[Index]) {
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    for index in chosen {
        tx.execute("damage", DAMAGE[index.index(DAMAGE.len())], vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn rebuilt(bench: &Bench) -> Rebuilt {
    rebuild(&bench.deriver, |_, _| {}).await.unwrap()
}

/// Fails with the lines that differ.
async fn assert_same(what: &str, left: &Bench, right: &[String]) {
    let left = left.dump().await;
    let only = |one: &[String], other: &[String]| {
        one.iter().filter(|line| !other.contains(line)).take(5).cloned().collect::<Vec<_>>()
    };
    assert!(left == right, "{what}: {:#?} and not {:#?}", only(&left, right), only(right, &left));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_follow_from_what_came_and_from_nothing_else(
        seed in 0_u64..1000,
        part in prop::collection::vec(prop::bool::weighted(0.8), 160),
        arrivals in prop::collection::vec((any::<Index>(), any::<u8>()), 60),
        chosen in prop::collection::vec(any::<Index>(), 1..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let files: Files =
                played(seed).into_iter().zip(part.iter().cycle()).filter(|(_, taken)| **taken).map(|(file, _)| file).collect();
            let together = at_one_go(&files).await.dump().await;
            let apart = piecemeal(&files, &arrivals).await;
            assert_same("in pieces", &apart, &together).await;
            assert!(verify(&apart.store, |_| {}).await.unwrap().is_sound());

            let untouched = rebuilt(&apart).await;
            assert_eq!((untouched.rows, untouched.totals), (0, 0), "nothing is to be mended");
            assert_same("rebuilt", &apart, &together).await;

            damage(&apart, &chosen).await;
            rebuilt(&apart).await;
            assert_same("mended", &apart, &together).await;
            assert!(verify(&apart.store, |_| {}).await.unwrap().is_sound());
        });
    }
}

#[tokio::test]
async fn rebuild_mends_every_kind_of_damage() {
    let files = played(11);
    let bench = at_one_go(&files).await;
    let before = bench.dump().await;
    for sql in DAMAGE {
        let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
        assert!(tx.execute("damage", sql, vec![]).await.unwrap() > 0, "{sql}");
        tx.commit().await.unwrap();
        assert!(bench.dump().await != before, "{sql}");
        let differing = compare(&bench.deriver, |_, _| {}).await.unwrap().differing;
        // Totals are no block's rows: every check counts them.
        let is_seen = !differing.is_empty() || !verify(&bench.store, |_| {}).await.unwrap().is_sound();
        assert!(is_seen, "no check sees {sql}");
        rebuilt(&bench).await;
        assert_same(sql, &bench, &before).await;
        assert_eq!(compare(&bench.deriver, |_, _| {}).await.unwrap().differing, [], "{sql}");
    }
}

/// The rosters that stand in the database are never an input: two equal ones are made right again.
#[tokio::test]
async fn t14_stored_rosters_are_not_trusted() {
    let files = played(7);
    let bench = at_one_go(&files).await;
    let before = bench.dump().await;
    let (name, content) = files.iter().find(|(name, _)| name.ends_with("-round-2.txt")).unwrap().clone();
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    let sql = "update session_member set team = 1 where session = (select session from round where file = $1)";
    assert!(tx.execute("make both rosters one", sql, values![name.as_str()]).await.unwrap() >= 6);
    tx.commit().await.unwrap();
    assert!(bench.dump().await != before);
    // The evening's next file is enough.
    let more = [content.as_slice(), b"A0000001\\late\\0\\1\\16 1 2 0 0 0 \t1\n"].concat();
    bench.keep(&[(name.clone(), more.clone())]).await;
    bench.derive().await;
    let with_more = [files, vec![(name.clone(), more)]].concat();
    assert_same("after one more file", &bench, &at_one_go(&with_more).await.dump().await).await;
}

/// What other tools can do to a file, since foreign keys are each connection's own choice.
#[tokio::test]
async fn rows_that_something_removed_come_back_and_stop_nobody() {
    use sqlx::ConnectOptions as _;

    let bench = Bench::new().await;
    bench.keep(&evenings(4, 2, Accidents::default())).await;
    bench.derive().await;
    let before = bench.dump().await;
    for damage in [
        "delete from round where id = (select max(id) from round)",
        "delete from round",
        "delete from block",
        "update round set block = (select max(id) from block)",
        "delete from session; delete from map_play",
    ] {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(bench.store.path().unwrap());
        let mut other = options.foreign_keys(false).connect().await.unwrap();
        sqlx::raw_sql(damage).execute(&mut other).await.unwrap();
        sqlx::Connection::close(other).await.unwrap();
        rebuilt(&bench).await;
        assert_same(damage, &bench, &before).await;
    }
}
