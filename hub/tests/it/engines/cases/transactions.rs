use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slomix_hub::store::{Durability, Store, StoreError, WriteTx};
use slomix_hub::values;

use crate::pipeline::Bench;

async fn add(tx: &mut WriteTx, name: &str) -> Result<u64, StoreError> {
    let sql = "insert into agent (id, name, server, signing_key, enrolled_ms) values ($1, $1, 'main', $2, 0)";
    tx.execute("add an agent", sql, values![name, [0; 32].as_slice()]).await
}

async fn names(store: &Store) -> Vec<String> {
    store.agents().await.unwrap().into_iter().map(|agent| agent.name).collect()
}

pub(in crate::engines) async fn what_is_not_committed_is_as_if_it_never_was(bench: Bench) {
    let store = &bench.store;
    for durability in [Durability::Full, Durability::Relaxed] {
        let mut tx = store.begin(durability).await.unwrap();
        add(&mut tx, "lost").await.unwrap();
        drop(tx);
        assert_eq!(names(store).await, [""; 0]);
        let mut tx = store.begin(durability).await.unwrap();
        add(&mut tx, "lost").await.unwrap();
        tx.execute("err", "insert into agent (id) values ('x')", vec![]).await.unwrap_err();
        drop(tx);
    }
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    add(&mut tx, "kept").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(store).await, ["kept"]);

    // One that is given up in the middle of a statement.
    let mut tx = store.begin(Durability::Full).await.unwrap();
    let cut = tokio::time::timeout(std::time::Duration::ZERO, add(&mut tx, "cut")).await;
    drop(tx);
    let mut tx = store.begin(Durability::Full).await.unwrap();
    add(&mut tx, "after").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(names(store).await, ["after", "kept"], "{cut:?}");
}

pub(in crate::engines) async fn a_transaction_sees_itself_and_nobody_else_sees_it(bench: Bench) {
    let store = &bench.store;
    let mut tx = store.begin(Durability::Full).await.unwrap();
    add(&mut tx, "new").await.unwrap();
    assert_eq!(tx.fetch("look", "select name from agent", vec![]).await.unwrap().len(), 1);
    assert_eq!(names(store).await, [""; 0]);
    tx.commit().await.unwrap();
    assert_eq!(names(store).await, ["new"]);
}

pub(in crate::engines) async fn one_writes_at_a_time_and_each_gets_its_turn(bench: Bench) {
    let busy = Arc::new(AtomicBool::new(false));
    let writers = (0..8).map(|number: i32| {
        let (store, busy) = (bench.store.clone(), Arc::clone(&busy));
        tokio::spawn(async move {
            let durability = if number % 2 == 0 { Durability::Full } else { Durability::Relaxed };
            let mut tx = store.begin(durability).await.unwrap();
            assert!(!busy.swap(true, Ordering::SeqCst), "two write");
            add(&mut tx, &number.to_string()).await.unwrap();
            tokio::task::yield_now().await;
            busy.store(false, Ordering::SeqCst);
            tx.commit().await.unwrap();
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.unwrap();
    }
    assert_eq!(names(&bench.store).await.len(), 8);
}

/// Checks and references of both schemas, at the statement or at the latest at the commit.
pub(in crate::engines) async fn what_must_not_be_is_refused(bench: Bench) {
    for sql in [
        "insert into agent (id, name, server, signing_key, enrolled_ms) values ('a', 'a', 's', $1, 0)",
        "insert into receipt (batch, artifact, modified_ms, verdict, rules) values (1, 1, 0, 'none', '')",
        "insert into pending (artifact) values (1)",
        "insert into post (id, channel, anchor, kind, wanted, state) values (1, 'c', 1, 'round', $1, 'sent')",
        "insert into block (id, server, first_stamp, last_stamp) values (1, 's', 2, 1)",
        "insert into epoch (session, number, block, wins_a, wins_b, ties, uncounted, agreement, confidence) \
         values (1, 0, 1, 0, 0, 0, 0, 0, 'high')",
    ] {
        let values = if sql.contains("$1") { values![[1_u8; 5].as_slice()] } else { vec![] };
        let mut tx = bench.store.begin(Durability::Full).await.unwrap();
        if tx.execute("write what must not be", sql, values).await.is_ok() {
            let refused = tx.commit().await.unwrap_err();
            assert!(!refused.is_disk_full(), "{sql}: {refused}");
        }
    }
    let names = names(&bench.store).await;
    assert!(names.is_empty());
}
