use slomix_hub::store::kept::{KEPT, KeptTable};
use slomix_hub::store::{Durability, Store, Value};
use slomix_hub::values;
use slomix_shared::sim::Accidents;

use super::kept::{arrival, keep};
use crate::pipeline::{Bench, evenings};

/// All rows of a table, a page after another.
async fn all(store: &Store, table: &KeptTable, up_to: i64) -> Vec<Vec<Value>> {
    let mut rows: Vec<Vec<Value>> = Vec::new();
    loop {
        let behind = rows.last().map(|row| table.key_of(row));
        let page = store.kept_rows(table, up_to, behind).await.unwrap();
        if page.is_empty() {
            return rows;
        }
        rows.extend(page);
    }
}

pub(in crate::engines) async fn what_is_kept_is_read_taken_away_and_put_back(bench: Bench) {
    let store = &bench.store;
    assert!(store.is_unused().await.unwrap());
    assert_eq!(store.newest_batch().await.unwrap(), 0);
    bench.keep(&evenings(7, 6, Accidents::default())).await;
    bench.derive().await;
    let first = store.newest_batch().await.unwrap();
    assert_eq!(keep(store, 1, &[arrival("2026-03-02-200500-oasis-round-1.txt", b"late", "none")]).await, [true]);
    assert_eq!(store.newest_batch().await.unwrap(), first + 1);
    assert!(!store.is_unused().await.unwrap());
    assert!(store.has_batch_of("test").await.unwrap() && !store.has_batch_of("import").await.unwrap());
    assert_eq!(store.post_channels().await.unwrap(), ["7"]);

    let mut kept = Vec::new();
    for table in &KEPT {
        let (early, rows) = (all(store, table, first).await, all(store, table, first + 1).await);
        let late = usize::from(["batch", "artifact", "receipt"].contains(&table.name));
        assert_eq!(early.len() + late, rows.len(), "{}", table.name);
        assert!(early.iter().all(|row| rows.contains(row)), "{}", table.name);
        kept.push(rows);
    }
    let count = store.artifact_count().await.unwrap();
    assert_eq!((kept[3].len() as i64, count > 50), (count, true), "more than one page");

    let mut tx = store.begin(Durability::Full).await.unwrap();
    for table in KEPT.iter().rev() {
        tx.unqueue_all().await.unwrap();
        tx.execute("lose what is kept", &format!("delete from {}", table.name), vec![]).await.unwrap();
    }
    for (table, rows) in KEPT.iter().zip(&kept) {
        tx.put_kept(table, table.columns, rows).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.pending_count().await.unwrap(), 0);
    for (table, rows) in KEPT.iter().zip(&kept) {
        assert_eq!(&all(store, table, first + 1).await, rows, "{}", table.name);
    }
}

pub(in crate::engines) async fn half_a_hub_is_marked_and_taken_away(bench: Bench) {
    let store = &bench.store;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.begin_restoring("abc", 7).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.restoring().await.unwrap().as_deref(), Some("abc"));
    assert!(store.is_unused().await.unwrap(), "the mark is nothing that is kept");
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let decisions = KeptTable::named("decision").unwrap();
    assert!(all(store, decisions, 9).await.is_empty(), "and goes into no backup");
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.take_all_away().await.unwrap();
    tx.commit().await.unwrap();
    assert!(bench.dump().await.is_empty() && store.is_unused().await.unwrap());
    assert_eq!((store.restoring().await.unwrap(), store.pending_count().await.unwrap()), (None, 0));

    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.begin_restoring("abc", 7).await.unwrap();
    tx.end_restoring().await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.restoring().await.unwrap(), None);
    if store.path().is_some() {
        assert_eq!(store.move_aside("a").await.unwrap(), None);
        store.bring_back("a").await.unwrap();
    }
}

pub(in crate::engines) async fn batches_are_walked_with_their_files(bench: Bench) {
    let store = &bench.store;
    let names = ["2026-03-02-200500-oasis-round-1.txt", "2026-03-02-201500-oasis-round-2.txt"];
    let files = names.map(|name| arrival(name, name.as_bytes(), "none"));
    keep(store, 1, &files[..1]).await;
    keep(store, 2, &files).await;
    let batches = store.batches_after(0, 10).await.unwrap();
    let told: Vec<_> = batches.iter().map(|one| (one.id, &*one.agent, &*one.head, one.signature.len())).collect();
    assert_eq!(told, [(1, "a", [0, 255, 7].as_slice(), 0), (2, "a", [0, 255, 7].as_slice(), 0)]);
    assert_eq!(store.batches_after(0, 1).await.unwrap()[0].id, 1);
    assert_eq!(store.batches_after(1, 10).await.unwrap()[0].id, 2);

    let [first, second] = [0, 1].map(|at: usize| files[at].0.artifact_id("main"));
    assert_eq!(store.received_files(1, 1).await.unwrap().len(), 1);
    let received = store.received_files(2, 9).await.unwrap();
    assert_eq!(received.len(), 2);
    let file = received.iter().find(|file| file.artifact == second).unwrap();
    assert_eq!((file.name.as_deref(), &*file.hash), (Some(names[1]), &files[1].0.hash.as_bytes()[..]));

    let waiting = store.waiting_among(&[second, 1]).await.unwrap();
    assert_eq!(waiting.iter().map(|head| head.id).collect::<Vec<_>>(), [second]);
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.clear_pending(&[first]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.waiting_among(&[first]).await.unwrap().is_empty());
    assert!(store.waiting_among(&[]).await.unwrap().is_empty());
}

pub(in crate::engines) async fn a_damaged_content_is_healed_by_the_same_file(bench: Bench) {
    let store = &bench.store;
    let (file, packed) = arrival("2026-03-02-200500-oasis-round-1.txt", b"the content", "none");
    let id = file.artifact_id("main");
    let mut tx = store.begin(Durability::Full).await.unwrap();
    assert!(!tx.heal("main", &file, &packed).await.unwrap(), "it is not kept yet");
    tx.commit().await.unwrap();
    keep(store, 1, &[(file.clone(), packed.clone())]).await;

    let mut tx = store.begin(Durability::Full).await.unwrap();
    assert!(!tx.heal("main", &file, &packed).await.unwrap(), "it is whole");
    let sql = "update artifact set content = $2 where id = $1";
    tx.execute("damage", sql, values![id, [1_u8, 2].as_slice()]).await.unwrap();
    tx.clear_pending(&[id]).await.unwrap();
    assert!(tx.heal("main", &file, &packed).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(store.content(id).await.unwrap().unwrap(), b"the content");
    assert_eq!(store.pending_count().await.unwrap(), 1, "it is derived again");
}

pub(in crate::engines) async fn what_a_doctor_asks_is_answered(bench: Bench) {
    let store = &bench.store;
    let names = ["2026-03-02-200500-oasis-round-1.txt", "2026-03-02-201500-oasis-round-2.txt"];
    let files = names.map(|name| arrival(name, name.as_bytes(), "none"));
    keep(store, 1, &files[..1]).await;
    keep(store, 2, &files[1..]).await;
    assert_eq!(store.batch_delays("a", 10).await.unwrap(), [2, 1], "the newest first");
    assert_eq!(store.batch_delays("a", 1).await.unwrap(), [2]);
    assert!(store.batch_delays("import", 10).await.unwrap().is_empty());
    let times = store.stamps_and_times("main", 10).await.unwrap();
    assert_eq!((times.len(), times[0].0 - times[1].0, times[0].1), (2, 600, 5));
    assert_eq!(store.stamps_and_times("main", 1).await.unwrap(), times[..1]);
    assert!(store.stamps_and_times("other", 10).await.unwrap().is_empty());
    assert_eq!(store.quick_check().await.unwrap(), [""; 0]);
    let engine = store.engine().await.unwrap();
    match store.path() {
        Some(_) => assert!(engine.starts_with("SQLite 3."), "{engine}"),
        None => assert!(engine.starts_with("PostgreSQL ") && engine.contains(&store.name()), "{engine}"),
    }
    store.answers().await.unwrap();
    store.try_writing().await.unwrap();
}
