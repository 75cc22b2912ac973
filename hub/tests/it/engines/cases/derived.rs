use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::{BlockRows, Durability, Store, tables};
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

pub(in crate::engines) async fn an_evening_is_derived_and_sound(bench: Bench) {
    let files = evenings(7, 1, Accidents::default());
    assert!(bench.keep(&files).await.iter().all(|new| *new));
    bench.derive().await;
    assert_eq!(bench.store.count(tables::ROUND).await.unwrap(), 6);
    assert_eq!(bench.store.count(tables::MAP_PLAY).await.unwrap(), 3);
    assert_eq!(bench.store.count(tables::SESSION).await.unwrap(), 1);
    let verified = verify(&bench.store, |_| {}).await.unwrap();
    assert!(verified.is_sound(), "{verified:?}");
    assert_eq!(bench.store.wrong_totals().await.unwrap(), 0);
    assert!(bench.store.stale_blocks().await.unwrap().is_empty());
}

pub(in crate::engines) async fn a_late_file_changes_its_block_alone(bench: Bench) {
    let files = evenings(3, 2, Accidents::default());
    let stats: Vec<_> = files.into_iter().filter(|(name, _)| !name.contains("endstats")).collect();
    bench.keep(&stats[1..]).await;
    bench.derive().await;
    let before = bench.dump().await;
    let blocks = bench.store.block_ids().await.unwrap();
    bench.keep(&stats[..1]).await;
    let driven = bench.deriver.drive().await.unwrap();
    assert!(driven.changes.rounds.len() >= 2 && driven.changes.rows > 0, "{:?}", driven.changes);
    assert_ne!(bench.dump().await, before);
    let kept = bench.store.block_ids().await.unwrap();
    assert_eq!(kept.len(), blocks.len());
    assert_eq!(kept.iter().filter(|block| blocks.contains(block)).count(), blocks.len() - 1, "one begins earlier");
    assert!(verify(&bench.store, |_| {}).await.unwrap().is_sound());
}

pub(in crate::engines) async fn what_was_damaged_is_found_and_mended(bench: Bench) {
    bench.keep(&evenings(11, 1, Accidents::storm())).await;
    bench.derive().await;
    let before = bench.dump().await;
    let untouched = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((untouched.rows, untouched.totals), (0, 0));
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    for sql in [
        "delete from leaf",
        "update total set kills = kills + 1",
        "update session set wins_a = 99",
        "update round_player set kills = 999",
        "delete from round_weapon where weapon = 4",
    ] {
        tx.execute("damage", sql, vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert!(!verify(&bench.store, |_| {}).await.unwrap().is_sound());
    let mended = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert!(mended.rows > 0 && mended.totals > 0);
    assert_eq!(bench.dump().await, before);
}

pub(in crate::engines) async fn another_derivation_queues_everything(bench: Bench) {
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files).await;
    bench.derive().await;
    assert!(!bench.store.expect_derivation(2).await.unwrap());
    assert!(bench.store.expect_derivation(3).await.unwrap());
    assert_eq!(bench.store.pending_count().await.unwrap(), bench.store.artifact_count().await.unwrap());
    assert!(!bench.store.expect_derivation(3).await.unwrap());
    let before = bench.dump().await;
    bench.derive().await;
    assert_eq!((bench.store.pending_count().await.unwrap(), bench.dump().await), (0, before));
}

pub(in crate::engines) async fn lists_of_none_touch_nothing(bench: Bench) {
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.derive().await;
    let before = bench.dump().await;
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    let changes = tx.write_blocks(&[], BlockRows::default()).await.unwrap();
    tx.queue(&[]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(changes.rows, 0);
    assert_eq!(bench.dump().await, before);
}

pub(in crate::engines) async fn a_block_that_is_gone_takes_everything_along(bench: Bench) {
    bench.keep(&evenings(5, 2, Accidents::default())).await;
    bench.derive().await;
    let marks = bench.store.artifacts_after(0, 100).await.unwrap();
    let stamps: Vec<_> = marks.iter().filter_map(|head| head.stamp).map(|stamp| stamp..=stamp).collect();
    let affected = bench.store.affected("main", &stamps).await.unwrap();
    let old: Vec<_> = affected.iter().flat_map(|stretch| stretch.old.iter().copied()).collect();
    let new: Vec<_> = affected.iter().flat_map(|stretch| stretch.new.iter().copied()).collect();
    let known: Vec<i64> = old.iter().map(|block| block.id).collect();
    assert_eq!((known.len(), known), (2, bench.store.block_ids().await.unwrap()));
    assert_eq!(new, bench.store.all_spans("main").await.unwrap());
    for block in old {
        let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
        let changes = tx.write_blocks(&[block], BlockRows::default()).await.unwrap();
        assert_eq!((changes.gone.len(), changes.rounds.len()), (6, 0));
        tx.commit().await.unwrap();
    }
    for table in Store::dump_tables().filter(|table| table.name != "disposition") {
        assert_eq!(bench.store.count(table).await.unwrap(), 0, "{}", table.name);
    }
}
