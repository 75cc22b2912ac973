use super::*;
use crate::discord::id::ChannelId;
use crate::store::archive::{Arrival, Envelope, pack};
use crate::store::posts::Wanted;

const FILE: &str = "2026-03-06-201500-supply-round-1.txt";

struct Fixture {
    _dir: tempfile::TempDir,
    outbox: StoreOutbox,
}

impl Fixture {
    /// A database with one file for posts to be anchored to.
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let arrival = Arrival::of_file(FILE, vec![1], 0);
        let envelope = Envelope::import("", 1, 0);
        let mut tx = store.begin(Durability::Full).await.unwrap();
        let packed = pack(&arrival.content);
        tx.keep("main", &envelope, &[(arrival, packed)], 0).await.unwrap();
        tx.commit().await.unwrap();
        Self { _dir: dir, outbox: StoreOutbox(store) }
    }

    async fn want(&self, channel: &str, kind: &str, version: &[u8]) {
        let hash = *ContentHash::of(version).as_bytes();
        let wanted = Wanted { server: "main", files: &[FILE], kind, hash, may_be_new: true, not_before_ms: 0 };
        let mut tx = self.outbox.0.begin(Durability::Relaxed).await.unwrap();
        let standing = tx.posts_between("main", 0, i64::MAX).await.unwrap();
        tx.want_post(channel, &wanted, &standing).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// The one head there is.
    async fn head(&self) -> OutboxRow {
        let mut heads = self.outbox.heads().await.unwrap();
        assert!(heads.len() == 1 && heads[0].is_open(), "{heads:?}");
        heads.remove(0)
    }

    /// Channel and kind of every head.
    async fn heads(&self) -> Vec<(u64, String)> {
        let heads = self.outbox.heads().await.unwrap();
        heads.into_iter().map(|row| (row.channel.get(), row.kind)).collect()
    }
}

#[tokio::test]
async fn a_row_goes_its_way_as_the_runner_marks_it() {
    let fixture = Fixture::new().await;
    let outbox = &fixture.outbox;
    let [first, second] = [b"1", b"2"].map(|version| ContentHash::of(version));
    fixture.want("7", "round", b"1").await;
    let row = fixture.head().await;
    assert_eq!((row.channel, row.wanted, row.state), (ChannelId::new(7).unwrap(), first, RowState::Pending));
    assert!(row.anchor.parse::<i64>().is_ok_and(|anchor| anchor > 0), "the artifact: {}", row.anchor);

    outbox.mark_sending(row.id, 100).await.unwrap();
    outbox.mark_failed(row.id, 150, true, "no answer").await.unwrap();
    outbox.mark_sending(row.id, 200).await.unwrap();
    let sending = fixture.head().await;
    assert_eq!(sending.state, RowState::Sending { since_ms: 100 }, "asked first at 100");
    assert_eq!((sending.attempts, sending.retry_at_ms), (2, 150));
    outbox.mark_failed(row.id, 300, false, "refused for now").await.unwrap();
    assert_eq!(fixture.head().await.state, RowState::Pending);

    let message = MessageId::new(9).unwrap();
    outbox.mark_sent(row.id, message, None).await.unwrap();
    let unsure = fixture.head().await;
    assert_eq!((unsure.state, unsure.message, unsure.sent), (RowState::Sent, Some(message), None));
    assert_eq!((unsure.attempts, unsure.retry_at_ms), (0, 0));
    outbox.mark_sent(row.id, message, Some(first)).await.unwrap();
    assert!(outbox.heads().await.unwrap().is_empty());

    fixture.want("7", "round", b"2").await;
    let edit = fixture.head().await;
    assert_eq!((edit.id, edit.sent, edit.wanted), (row.id, Some(first), second));
    outbox.mark_sending(row.id, 400).await.unwrap();
    outbox.mark_failed(row.id, 500, false, "refused for now").await.unwrap();
    assert_eq!(fixture.head().await.state, RowState::Sent, "it has a message");
    outbox.mark_skipped(row.id, second).await.unwrap();
    assert!(outbox.heads().await.unwrap().is_empty());
    assert_eq!(outbox.0.post_counts().await.unwrap(), (0, 1, 0));
}

#[tokio::test]
async fn each_channel_has_its_own_head() {
    let fixture = Fixture::new().await;
    for (channel, kind) in [("7", "round"), ("7", "session"), ("8", "round")] {
        fixture.want(channel, kind, b"1").await;
    }
    assert_eq!(fixture.heads().await, [(7, "round".to_owned()), (8, "round".to_owned())]);
    let first = fixture.outbox.heads().await.unwrap()[0].id;
    fixture.outbox.mark_dead(first, "too long").await.unwrap();
    assert_eq!(fixture.heads().await, [(7, "session".to_owned()), (8, "round".to_owned())]);
    assert_eq!(fixture.outbox.0.post_counts().await.unwrap(), (2, 0, 1));
}
