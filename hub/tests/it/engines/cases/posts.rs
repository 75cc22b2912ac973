use slomix_hub::store::posts::PostRow;
use slomix_hub::store::{Durability, Store, WriteTx};
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

async fn write(store: &Store, write: impl AsyncFnOnce(&mut WriteTx)) {
    let mut tx = store.begin(Durability::Full).await.unwrap();
    write(&mut tx).await;
    tx.commit().await.unwrap();
}

async fn head(store: &Store) -> PostRow {
    store.post_heads().await.unwrap().remove(0)
}

fn told(row: &PostRow) -> (&str, i64, i64, i64, Option<&str>) {
    (&row.state, row.sending_since_ms, row.attempts, row.retry_at_ms, row.message.as_deref())
}

pub(in crate::engines) async fn a_post_goes_its_way(bench: Bench) {
    let store = &bench.store;
    assert_eq!(store.post_counts().await.unwrap(), (0, 0, 0));
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.derive().await;
    let (open, sent, dead) = store.post_counts().await.unwrap();
    assert_eq!((open, sent, dead), (10, 0, 0), "six rounds, three maps and their session");

    let row = head(store).await;
    assert_eq!((told(&row), row.channel.as_str()), (("pending", 0, 0, 0, None), "7"));
    write(store, async |tx| tx.post_sending(row.id, 10).await.unwrap()).await;
    write(store, async |tx| tx.post_failed(row.id, 50, true, "timed out").await.unwrap()).await;
    write(store, async |tx| tx.post_sending(row.id, 60).await.unwrap()).await;
    assert_eq!(told(&head(store).await), ("sending", 10, 2, 50, None), "the first time counts");
    write(store, async |tx| tx.post_failed(row.id, 70, false, "refused").await.unwrap()).await;
    assert_eq!(told(&head(store).await).0, "pending");
    write(store, async |tx| tx.post_sent(row.id, "99", Some(&row.wanted)).await.unwrap()).await;
    let next = head(store).await;
    assert!(next.id > row.id);
    write(store, async |tx| tx.post_dead(next.id, "no such channel").await.unwrap()).await;
    let third = head(store).await;
    write(store, async |tx| tx.post_skipped(third.id, &third.wanted).await.unwrap()).await;
    let fourth = head(store).await;
    write(store, async |tx| tx.post_sent(fourth.id, "100", None).await.unwrap()).await;
    assert_eq!(head(store).await.id, fourth.id, "what it shows is not known, so it is sent again");
    assert_eq!(store.post_counts().await.unwrap(), (6, 3, 1));
}

pub(in crate::engines) async fn a_round_that_is_gone_is_withdrawn(bench: Bench) {
    let store = &bench.store;
    let files = evenings(5, 1, Accidents::default());
    let stats: Vec<_> = files.into_iter().filter(|(name, _)| !name.contains("endstats")).collect();
    bench.keep(&stats[1..]).await;
    bench.derive().await;
    let hashes = async || {
        let sql = "select id, wanted from post order by id";
        let rows = store.fetch("read posts", sql, vec![]).await.unwrap();
        rows.iter().map(|row| row.bytes(1).to_owned()).collect::<Vec<_>>()
    };
    let before = hashes().await;
    bench.keep(&stats[..1]).await;
    bench.derive().await;
    let after = hashes().await;
    assert_eq!(after.len(), before.len() + 1);
    assert_ne!(after[0], before[0], "the orphan's post is edited");

    write(store, async |tx| {
        tx.execute("send all", "update post set state = 'sent', sent = wanted", vec![]).await.unwrap();
        for table in ["round_weapon", "round_player", "round"] {
            tx.execute("lose the rounds", &format!("delete from {table}"), vec![]).await.unwrap();
        }
        tx.want_notice_of_gone("main", i64::MIN, i64::MAX).await.unwrap();
    })
    .await;
    let (open, sent, _) = store.post_counts().await.unwrap();
    assert_eq!((open, sent), (0, 10), "a post that shows something else than is wanted is still a sent one");
    assert_eq!(store.post_heads().await.unwrap().len(), 1);
    let gone = hashes().await.iter().filter(|hash| **hash == *blake3::hash(b"gone").as_bytes()).count();
    assert_eq!(gone, 9, "the rounds and their maps");
}
