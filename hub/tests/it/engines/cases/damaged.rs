use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::verify;
use slomix_hub::store::damage::Damage;
use slomix_hub::store::{Durability, Store, Value};
use slomix_shared::artifact::ContentHash;
use slomix_shared::sim::Accidents;

use super::kept::{arrival, keep};
use crate::pipeline::{Bench, evenings};

/// Changes a column of an artifact as only a fault of the disk could, and has everything derived anew.
async fn damage(store: &Store, artifact: i64, column: &str, value: Value) {
    alter(store, artifact, column, value, true).await;
}

/// Changes a column of an artifact; whether everything is derived anew.
pub(super) async fn alter(store: &Store, artifact: i64, column: &str, value: Value, derive: bool) {
    let mut tx = store.begin(Durability::Full).await.unwrap();
    let lift = if store.path().is_some() {
        "pragma ignore_check_constraints = on"
    } else {
        "alter table artifact drop constraint if exists artifact_hash_check, \
         drop constraint if exists artifact_size_check"
    };
    tx.execute("lift constraints", lift, vec![]).await.unwrap();
    let sql = format!("update artifact set {column} = $2 where id = $1");
    assert_eq!(tx.execute("damage", &sql, vec![artifact.into(), value]).await.unwrap(), 1);
    if derive {
        tx.queue_all().await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn stored(store: &Store) -> i64 {
    store.dispositions().await.unwrap().get(&("stored".to_owned(), String::new())).copied().unwrap_or(0)
}

pub(in crate::engines) async fn a_damaged_row_is_set_aside_and_the_same_file_heals_it(bench: Bench) {
    let store = &bench.store;
    let files = evenings(5, 1, Accidents::default());
    bench.keep(&files).await;
    bench.derive().await;
    let (before, all) = (bench.dump().await, stored(store).await);
    let sql = "select a.id, a.name from round r join artifact a on a.id = r.artifact order by r.stamp";
    let round = store.fetch("look for a round", sql, vec![]).await.unwrap().swap_remove(2);
    let (artifact, name) = (round.int(0), round.text(1));
    let sql = "select id from artifact where kind = 'endstats' order by stamp";
    let paper = store.fetch("look for a paper", sql, vec![]).await.unwrap()[2].int(0);

    let other = Value::from(ContentHash::of(b"other").as_bytes().as_slice());
    let stamp = Value::Int((artifact >> 32) + 86_400);
    for (artifact, column, value, expected) in [
        (artifact, "hash", other.clone(), Damage::Hash),
        (artifact, "hash", Value::Bytes(vec![1, 2, 3]), Damage::Hash),
        (artifact, "name", Value::from("no name that there is"), Damage::Name),
        (artifact, "name", Value::from(name.replace("round", "rounf")), Damage::Name),
        (artifact, "name", Value::from(name.replace("-2026", "-2025").replace("2026-", "2025-")), Damage::Name),
        (artifact, "kind", Value::from("stbts"), Damage::Name),
        (artifact, "server", Value::from("mbin"), Damage::Name),
        (artifact, "stamp", stamp, Damage::Stamp),
        (artifact, "stamp", Value::Null, Damage::Stamp),
        (artifact, "round_number", Value::Int(9), Damage::Stamp),
        (artifact, "content", Value::Bytes(vec![1, 2]), Damage::Content),
        (artifact, "size", Value::Int(1 << 60), Damage::Size),
        (artifact, "size", Value::Int(-7), Damage::Size),
        (paper, "hash", other, Damage::Hash),
        (paper, "hash", Value::Bytes(vec![]), Damage::Hash),
        (paper, "name", Value::from("nothing"), Damage::Name),
    ] {
        let case = format!("{column} = {value:?}");
        damage(store, artifact, column, value).await;
        assert_eq!(store.damage_of(artifact).await.unwrap(), Some(expected), "{case}");
        bench.derive().await;
        assert_eq!(store.pending_count().await.unwrap(), 0, "{case}: it stops nothing");

        let (state, code, _) = store.fate(artifact).await.unwrap().unwrap();
        let verified = verify(store, |_| {}).await.unwrap();
        let quick = store.damaged_rows().await.unwrap();
        match expected {
            Damage::Size => assert_eq!((&*state, stored(store).await), ("stored", all), "{case}: its content is sound"),
            _ => assert_eq!((&*state, &*code), ("quarantined", "damaged"), "{case}"),
        }
        assert!(stored(store).await + 3 >= all, "{case}: at most its own round goes, with the papers of that");
        if expected == Damage::Content {
            assert_eq!((verified.damaged.len(), verified.damaged_rows.len(), quick.len()), (1, 0, 0), "{case}");
        } else {
            let named = verified.damaged_rows[0].ends_with(&format!(": {expected}"));
            assert_eq!((verified.damaged.len(), verified.damaged_rows.len(), named), (0, 1, true), "{case}");
            assert_eq!(quick.len(), 1, "{case}");
        }

        assert!(bench.keep(&files).await.iter().all(|new| !new), "{case}: all are known, and all come through");
        assert_eq!(store.damage_of(artifact).await.unwrap(), None, "{case}");
        bench.derive().await;
        rebuild(&bench.deriver, |_, _| {}).await.unwrap();
        assert!(verify(store, |_| {}).await.unwrap().is_sound(), "{case}");
        assert_eq!(bench.dump().await, before, "{case}");
    }
}

pub(in crate::engines) async fn a_damaged_id_is_given_back(bench: Bench) {
    let store = &bench.store;
    let file = arrival("2026-03-02-200500-oasis-round-1.txt", b"the content", "none");
    let id = file.0.artifact_id("main");
    keep(store, 1, std::slice::from_ref(&file)).await;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    // What speaks of it would have to be damaged too before an engine let this happen.
    tx.execute("damage", "delete from receipt", vec![]).await.unwrap();
    tx.unqueue_all().await.unwrap();
    tx.execute("damage", "update artifact set id = id + 1", vec![]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.damage_of(id + 1).await.unwrap(), Some(Damage::Name));
    assert_eq!(keep(store, 2, &[file]).await, [false]);
    assert_eq!((store.damage_of(id).await.unwrap(), store.content(id + 1).await.unwrap()), (None, None));
    assert_eq!(store.content(id).await.unwrap().unwrap(), b"the content");
    assert_eq!((store.receipts(id).await.unwrap().len(), store.pending_count().await.unwrap()), (1, 1));
}

pub(in crate::engines) async fn odd_names_are_not_taken_for_damage(bench: Bench) {
    let store = &bench.store;
    let names =
        ["a\0b", "\u{FFFD}", "gametime-oasis-R1-1772481900.json", "", "no name", "2026-03-02-200500-a-round-1.txt"];
    let files: Vec<_> = names.iter().map(|name| arrival(name, name.as_bytes(), "none")).collect();
    keep(store, 1, &files).await;
    for (file, _) in &files {
        assert_eq!(store.damage_of(file.artifact_id("main")).await.unwrap(), None, "{:?}", file.name);
    }
    assert_eq!(store.damaged_rows().await.unwrap(), []);
    assert_eq!(store.damage_of(7).await.unwrap(), None, "there is none");
}
