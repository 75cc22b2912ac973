//! Totals against a count that knows nothing of how they came about: straight from the rows of rounds.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod counted;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use counted::Numbers;
use proptest::prelude::*;
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::store::{Durability, Store};
use slomix_hub::values;
use slomix_shared::sim::Accidents;

use super::pipeline::{Bench, evenings};

/// A stats file as an older writer, or a broken one, would have left it: lines keep `fields` of their 38 fields.
fn older(content: &[u8], fields: Writer) -> Vec<u8> {
    let mut text = Vec::with_capacity(content.len());
    for line in content.split_inclusive(|&b| b == b'\n') {
        let body = line.strip_suffix(b"\n").unwrap_or(line);
        let mut parts: Vec<&[u8]> = body.split(|&b| b == b'\t').collect();
        if parts.len() == 39 {
            match fields {
                Writer::Now => {}
                Writer::Keeps(count) => parts.truncate(count + 1),
                // 2024: no denied play before the multikills, nothing after them.
                Writer::Of2024 => {
                    parts.remove(29);
                    parts.truncate(34);
                }
                Writer::Broken(field) => parts[field + 1] = b"x",
            }
        }
        text.extend(parts.join(&b'\t'));
        text.extend(&line[body.len()..]);
    }
    text
}

/// Who wrote a file.
#[derive(Debug, Clone, Copy)]
enum Writer {
    Now,
    Keeps(usize),
    Of2024,
    Broken(usize),
}

fn writer() -> impl Strategy<Value = Writer> {
    prop_oneof![
        5 => Just(Writer::Now),
        1 => Just(Writer::Keeps(37)),
        1 => Just(Writer::Keeps(36)),
        1 => Just(Writer::Of2024),
        1 => Just(Writer::Keeps(30)),
        1 => (0_usize..38).prop_map(Writer::Broken),
    ]
}

/// Fails with the first total that differs, and with the numbers that do.
fn assert_same<K: Ord + Debug>(stored: &BTreeMap<K, Numbers>, counted: &BTreeMap<K, Numbers>) {
    let keys: BTreeSet<&K> = stored.keys().chain(counted.keys()).collect();
    for key in keys {
        let (Some(stored), Some(counted)) = (stored.get(key), counted.get(key)) else {
            panic!("{key:?}: stored {:?}, counted {:?}", stored.get(key), counted.get(key));
        };
        let differing: Vec<_> = stored.iter().zip(counted).filter(|(one, other)| one != other).collect();
        assert!(differing.is_empty(), "{key:?}: (stored, counted) {differing:?}");
    }
}

async fn assert_counted(store: &Store) {
    assert_same(&counted::stored_totals(store).await, &counted::totals(store).await);
    assert_same(&counted::stored_weapon_totals(store).await, &counted::weapon_totals(store).await);
    assert_eq!(store.wrong_totals().await.unwrap(), 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    /// Some files of some evenings, of writers old and new, in any order and bursts: after each burst that is derived, every
    /// total is what a count of the rounds says.
    #[test]
    fn every_total_is_a_count_of_its_rounds(
        seed in 0_u64..1000,
        order in prop::collection::vec(any::<u32>(), 120),
        writers in prop::collection::vec(writer(), 40),
        missing in 0_u32..30,
        bursts in 2_usize..5,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut files: Vec<(u32, (String, Vec<u8>))> = Vec::new();
            for (index, (name, content)) in evenings(seed, 3, Accidents::storm()).into_iter().enumerate() {
                let content = older(&content, writers[index % writers.len()]);
                files.push((order[index % order.len()], (name, content)));
            }
            files.retain(|(rank, _)| rank % 100 >= missing);
            files.sort();
            let files: Vec<_> = files.into_iter().map(|(_, file)| file).collect();
            let bench = Bench::new().await;
            for burst in files.chunks(files.len().div_ceil(bursts).max(1)) {
                bench.keep(burst).await;
                bench.derive().await;
                assert_counted(&bench.store).await;
            }
        });
    }
}

#[tokio::test]
async fn wrong_totals_are_counted_and_mended() {
    let bench = Bench::new().await;
    bench.keep(&evenings(11, 2, Accidents::default())).await;
    bench.derive().await;
    assert_counted(&bench.store).await;
    let right = bench.dump().await;
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    for sql in [
        "update total set kills = kills + 1 where scope = 'all' and player = (select min(player) from total)",
        "delete from total where scope like 'map:%' and player = (select max(player) from total)",
        "update weapon_total set scope = 'month:1999-12' where scope = 'all' and weapon = 11",
    ] {
        assert!(tx.execute("do damage", sql, values![]).await.unwrap() > 0, "{sql}");
    }
    tx.commit().await.unwrap();
    let wrong = bench.store.wrong_totals().await.unwrap();
    assert!(wrong > 3, "{wrong}");
    assert_eq!(rebuild(&bench.deriver, |_, _| {}).await.unwrap().totals, wrong);
    assert_eq!(bench.dump().await, right);
}

#[tokio::test]
async fn a_player_whose_rounds_are_gone_leaves_no_total() {
    let bench = Bench::new().await;
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files).await;
    bench.derive().await;
    assert!(!counted::stored_totals(&bench.store).await.is_empty());
    // A bot in every round makes the evening unfair: no round counts any more.
    let with_bot: Vec<(String, Vec<u8>)> = files
        .iter()
        .map(|(name, content)| {
            let mut content = content.clone();
            content.extend(b"OMNIBOT0\\[BOT]Pawn\\0\\1\\16 1 2 0 0 0 \t");
            content.extend(vec!["0"; 38].join("\t").into_bytes());
            content.push(b'\n');
            (name.clone(), content)
        })
        .collect();
    bench.keep(&with_bot).await;
    bench.derive().await;
    assert_counted(&bench.store).await;
    assert!(counted::stored_totals(&bench.store).await.is_empty());
    assert!(counted::stored_weapon_totals(&bench.store).await.is_empty());
}
