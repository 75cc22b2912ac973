use std::collections::BTreeSet;

use slomix_hub::domain::leaf::Number;
use slomix_hub::store::tables;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

pub(in crate::engines) async fn leaderboards_have_what_each_player_has(bench: Bench) {
    let store = &bench.store;
    assert!(store.scopes().await.unwrap().is_empty());
    bench.keep(&evenings(7, 2, Accidents::default())).await;
    bench.derive().await;
    let scopes = store.scopes().await.unwrap();
    assert_eq!(scopes.iter().collect::<BTreeSet<_>>().len(), scopes.len(), "each once: {scopes:?}");
    assert!(scopes.is_sorted() && scopes.iter().any(|scope| scope == "all"), "{scopes:?}");

    let board = store.totals_of_scope("all").await.unwrap();
    assert_eq!(board.len() as i64, store.count(tables::PLAYER).await.unwrap(), "nobody here is a bot");
    for (player, sums) in &board {
        assert_eq!(store.totals("all", *player).await.unwrap().as_ref(), Some(sums));
        for (weapon, totals) in store.weapon_totals("all", *player).await.unwrap() {
            let board = store.weapon_totals_of_scope("all", weapon).await.unwrap();
            assert!(board.contains(&(*player, totals)), "{player} with {weapon}");
            assert!(board.is_sorted_by_key(|(player, _)| *player));
        }
    }
    assert!(board.iter().any(|(_, sums)| Number::Kills.of(sums) > 0));
    assert!(store.totals_of_scope("month:1999-01").await.unwrap().is_empty());
    assert!(store.weapon_totals_of_scope("all", 999).await.unwrap().is_empty());
}

pub(in crate::engines) async fn a_half_without_the_other_is_told(bench: Bench) {
    let store = &bench.store;
    let files = evenings(7, 1, Accidents::default());
    let half = |number: &str| files.iter().find(|(name, _)| name.ends_with(number)).unwrap();
    bench.keep(&files).await;
    bench.derive().await;
    let all: Vec<i64> = store.artifacts_after(0, 100).await.unwrap().iter().map(|head| head.id).collect();
    assert_eq!(store.unpaired(&all).await.unwrap(), []);

    let first = half("round-1.txt");
    let mut tx = store.begin(slomix_hub::store::Durability::Relaxed).await.unwrap();
    let sql = "update round set status = 'orphan', flags = 'a,limit_mismatch' where file = $1";
    assert_eq!(tx.execute("write", sql, vec![first.0.as_str().into()]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let unpaired = store.unpaired(&all).await.unwrap();
    let told: Vec<_> = unpaired.iter().map(|one| (&*one.file, &*one.status, &*one.code)).collect();
    assert_eq!(told, [(&*first.0, "orphan", "limit_mismatch")]);
    assert!(store.unpaired(&[]).await.unwrap().is_empty());
}
