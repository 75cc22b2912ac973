//! What only SQLite takes: a text, or bytes, where the schema has a number.

use std::time::Duration;

use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::signatures::check_signatures;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::damage::Damage;
use slomix_shared::sim::Accidents;

use super::altered::{alter, derive_again, is_mended, played};
use crate::pipeline::{Bench, evenings, events};

/// Far longer than anything here takes that ends at all.
const PATIENCE: Duration = Duration::from_mins(1);

pub(in crate::engines) async fn an_id_that_is_no_number_is_named_and_given_back(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.keep(&events(5, 1, Accidents::default())).await;
    bench.derive().await;
    assert_eq!(store.unnumbered().await.unwrap(), []);
    if store.path().is_none() {
        return;
    }
    let before = bench.dump().await;
    for (kind, id) in
        [("stats", "'x'"), ("stats", "x'ff00fe'"), ("stats", "1.5"), ("endstats", "'x'"), ("gametime", "''")]
    {
        let damage =
            format!("update artifact set id = {id} where id = (select max(id) from artifact where kind = '{kind}')");
        for derive in [false, true] {
            let case = format!("{damage}, {derive}");
            alter(store, &damage).await;
            let verified = tokio::time::timeout(PATIENCE, verify(store, |_| {})).await.expect(&case).unwrap();
            let named = store.damaged_rows().await.unwrap();
            assert!(matches!(&named[..], [one] if one.damage == Damage::Name), "{case}: {named:?}");
            assert_eq!(verified.damaged_rows, [format!("{}: {}", named[0].name, Damage::Name)], "{case}");
            if derive {
                derive_again(&bench).await;
                assert_eq!(store.pending_count().await.unwrap(), 0, "{case}: it stops nothing");
            }
            let rebuilt =
                tokio::time::timeout(PATIENCE, rebuild(&bench.deriver, |_, _| {})).await.expect(&case).unwrap();
            assert_eq!((rebuilt.healed, rebuilt.left_alone), (1, 0), "{case}");
            assert!(bench.dump().await == before, "{case}");
            let verified = verify(store, |_| {}).await.unwrap();
            assert!(verified.is_sound(), "{case}: {verified:?}");
        }
    }
}

pub(in crate::engines) async fn a_batch_whose_number_is_none_ends_no_walk(bench: Bench) {
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files[..4]).await;
    bench.keep(&files[4..]).await;
    if bench.store.path().is_some() {
        alter(&bench.store, "update batch set id = 'x' where id = 2").await;
    }
    let signed = tokio::time::timeout(PATIENCE, check_signatures(&bench.store, None, |_| {})).await;
    let batches = signed.expect("it ends").unwrap().batches;
    let vanished = verify(&bench.store, |_| {}).await.unwrap().vanished;
    match bench.store.path() {
        Some(_) => assert_eq!((batches, &vanished[..]), (1, &["2, of which a receipt's batch speaks".to_owned()][..])),
        None => assert_eq!((batches, vanished.len()), (2, 0)),
    }
}

pub(in crate::engines) async fn texts_in_totals_are_seen_and_mended(bench: Bench) {
    let before = played(&bench).await;
    if bench.store.path().is_none() {
        return;
    }
    for damage in [
        "update weapon_total set headshots = 'x' where headshots = 0",
        "update total set revives_given = '' where revives_given = 0",
        "update total set gibs = x'00' where scope = 'all'",
        // What cannot be read as it lies there.
        "update total set scope = cast(x'fffe' as text) where scope = 'all' and player = (select max(player) from total)",
    ] {
        alter(&bench.store, damage).await;
        let wrong = tokio::time::timeout(PATIENCE, bench.store.wrong_totals()).await.expect(damage).unwrap();
        assert!(wrong > 0, "{damage}");
        if damage.contains("scope = cast") {
            alter(&bench.store, "delete from total").await;
        }
        rebuild(&bench.deriver, |_, _| {}).await.unwrap();
        assert!(bench.dump().await == before, "{damage}");
        assert!(verify(&bench.store, |_| {}).await.unwrap().is_sound(), "{damage}");
    }
}

pub(in crate::engines) async fn keys_that_are_no_numbers_stop_nothing(bench: Bench) {
    let before = played(&bench).await;
    if bench.store.path().is_none() {
        return;
    }
    for damage in [
        "update player set id = x'ff00fe' where key = (select min(key) from player)",
        "update player set id = 'x' where key = (select max(key) from player)",
        "update block set id = 'x' where id = (select max(id) from block)",
        "update session set id = x'' where id = (select max(id) from session)",
        "update map_play set id = 0.5 where id = (select max(id) from map_play)",
        "update round set id = 'x' where id = (select max(id) from round)",
        "update epoch set number = 'x'",
    ] {
        for derive in [false, true] {
            is_mended(&bench, &before, damage, derive).await;
        }
    }
}
