//! Layer 5, the transaction: a block is written whole or not at all.

use slomix_hub::store::Durability;
use slomix_hub::values;

use super::healthy::{derived, file, pair};
use crate::pipeline::Bench;

/// Has a row refused that is written after half of its block.
async fn stand_in_the_way(bench: &Bench) {
    let mut tx = bench.store.begin(Durability::Full).await.unwrap();
    let sql = "create trigger in_the_way before insert on round_weapon when new.weapon > 3 \
               begin select raise(abort, 'in the way'); end";
    tx.execute("stand in the way", sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn step_aside(bench: &Bench) {
    let mut tx = bench.store.begin(Durability::Full).await.unwrap();
    tx.execute("step aside", "drop trigger in_the_way", vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_failure_in_the_middle_of_a_block_leaves_nothing_of_it() {
    let bench = Bench::new().await;
    bench.keep(&pair()).await;
    stand_in_the_way(&bench).await;
    let before = bench.dump().await;
    for _ in 0..2 {
        bench.deriver.drive().await.unwrap_err();
        assert_eq!(bench.dump().await, before, "nothing of it is there");
        assert_eq!(bench.store.pending_count().await.unwrap(), 2, "both files still wait");
    }
    step_aside(&bench).await;
    bench.derive().await;
    assert_eq!(bench.dump().await, derived(&pair()).await.dump().await, "and are derived once nothing is in the way");
}

#[tokio::test]
async fn a_failure_leaves_a_block_that_stood_as_it_was() {
    // A first evening of five, to which the sixth player's second half comes.
    let without = |text: &[u8]| {
        let text = String::from_utf8(text.to_vec()).unwrap();
        text.split_inclusive('\n').filter(|line| !line.starts_with("A0000006")).collect::<String>()
    };
    let [(first_name, first), second] = <[_; 2]>::try_from(pair()).unwrap();
    let bench = derived(&[file(&first_name, without(&first))]).await;
    stand_in_the_way(&bench).await;
    let before = bench.dump().await;
    bench.keep(std::slice::from_ref(&second)).await;
    bench.deriver.drive().await.unwrap_err();
    assert_eq!(bench.dump().await, before);
    step_aside(&bench).await;
    bench.derive().await;
    let clean = derived(&[file(&first_name, without(&first)), second]).await;
    assert_eq!(bench.dump().await, clean.dump().await);
}

#[tokio::test]
async fn what_is_begun_and_not_committed_is_not_there() {
    let bench = derived(&pair()).await;
    let before = bench.dump().await;
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    tx.execute("change", "update round_player set kills = $1", values![99]).await.unwrap();
    drop(tx);
    assert_eq!(bench.dump().await, before);
}
