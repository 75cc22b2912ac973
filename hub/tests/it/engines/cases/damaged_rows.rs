use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::deep::compare;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::{Store, Value};
use slomix_shared::artifact::ContentHash;
use slomix_shared::sim::Accidents;

use super::damaged::alter;
use crate::pipeline::{Bench, evenings, events};

/// Rounds with endstats and events, derived; the artifacts of one of each.
async fn played(bench: &Bench) -> [i64; 3] {
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.keep(&events(5, 1, Accidents::default())).await;
    bench.derive().await;
    let one = async |sql: &str| bench.store.fetch("look for a file", sql, vec![]).await.unwrap()[2].int(0);
    [
        one("select artifact from round order by stamp").await,
        one("select id from artifact where kind = 'endstats' order by stamp").await,
        one("select id from artifact where kind = 'gametime' order by stamp").await,
    ]
}

async fn damaged(store: &Store) -> usize {
    verify(store, |_| {}).await.unwrap().damaged_rows.len()
}

pub(in crate::engines) async fn a_row_is_healed_by_what_is_left_of_it(bench: Bench) {
    let store = &bench.store;
    let [stats, endstats, event] = played(&bench).await;
    let before = bench.dump().await;
    let other = Value::from(ContentHash::of(b"other").as_bytes().as_slice());
    for (artifact, column, value) in [
        (event, "stamp", Value::Null),
        (event, "stamp", Value::Int(5)),
        (event, "round_number", Value::Null),
        (event, "kind", Value::from("stats")),
        (endstats, "stamp", Value::Null),
        (endstats, "kind", Value::from("nothing")),
        (endstats, "server", Value::from("mbin")),
        (stats, "stamp", Value::Null),
        (stats, "stamp", Value::Int(1 << 60)),
        (stats, "stamp", Value::Int(i64::MAX)),
        (stats, "stamp", Value::Int(i64::MIN)),
        (stats, "round_number", Value::Int(9)),
        (stats, "kind", Value::from("gametime")),
        (stats, "kind", Value::from("proximity")),
        (stats, "server", Value::from("other")),
        (stats, "hash", other),
        (stats, "size", Value::Int(1)),
    ] {
        for derive in [false, true] {
            let case = format!("{column} = {value:?}, {derive}");
            alter(store, artifact, column, value.clone(), derive).await;
            assert_eq!(damaged(store).await, 1, "{case}");
            if derive {
                bench.derive().await;
                assert_eq!(store.pending_count().await.unwrap(), 0, "{case}: it stops nothing");
            }
            let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
            assert_eq!((rebuilt.healed, rebuilt.left_alone), (1, 0), "{case}");
            let verified = verify(store, |_| {}).await.unwrap();
            assert!(verified.is_sound(), "{case}: {verified:?}");
            assert!(bench.dump().await == before, "{case}");
        }
    }
}

/// What names the file cannot be found out, so nothing is told anew of what stands.
pub(in crate::engines) async fn what_a_row_that_is_lost_made_stands_untouched(bench: Bench) {
    let store = &bench.store;
    let files = [evenings(5, 1, Accidents::default()), events(5, 1, Accidents::default())].concat();
    let all = played(&bench).await;
    let before = bench.dump().await;
    for artifact in all {
        let sql = "select name from artifact where id = $1";
        let name = store.fetch("read a name", sql, vec![artifact.into()]).await.unwrap()[0].text(0).to_owned();
        for renamed in ["no name that there is".to_owned(), name.replace("2026-", "2025-").replace("-R", "-X-R")] {
            alter(store, artifact, "name", Value::from(&*renamed), false).await;
            // Where it would be sought it is no more.
            alter(store, artifact, "stamp", Value::Null, false).await;
            for _ in 0..2 {
                let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
                assert_eq!((rebuilt.healed, rebuilt.left_alone, rebuilt.rows), (0, 1, 0), "{name} as {renamed}");
                assert!(bench.dump().await == before, "{name} as {renamed}");
            }
            assert_eq!(compare(&bench.deriver, |_, _| {}).await.unwrap().left_alone, 1, "{name}");
            assert_eq!(damaged(store).await, 1, "{name}");
            assert!(bench.keep(&files).await.iter().all(|new| !new), "{name}");
            bench.derive().await;
            assert_eq!(rebuild(&bench.deriver, |_, _| {}).await.unwrap().left_alone, 0, "{name}");
            assert!(verify(store, |_| {}).await.unwrap().is_sound(), "{name}");
            assert!(bench.dump().await == before, "{name}");
        }
    }
}
