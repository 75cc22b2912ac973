use slomix_hub::store::agents::{InviteRow, Joined};

use super::kept::{arrival, keep};
use crate::pipeline::Bench;

const NOW_MS: i64 = 1_790_000_000_000;

async fn invite(bench: &Bench, secret: u8, name: &str) {
    let invite = InviteRow {
        secret_hash: [secret; 32],
        name: name.to_owned(),
        server: "main".to_owned(),
        created_ms: NOW_MS,
        expires_ms: NOW_MS + 1_000,
    };
    bench.store.add_invite(&invite).await.unwrap();
}

async fn enrol(bench: &Bench, secret: u8, id: &str, now_ms: i64) -> Joined {
    bench.store.enrol([secret; 32], id, &[7; 32], now_ms).await.unwrap()
}

pub(in crate::engines) async fn an_invite_is_good_once(bench: Bench) {
    invite(&bench, 1, "vienna").await;
    assert_eq!(enrol(&bench, 2, "a", NOW_MS).await, Joined::Unknown);
    assert_eq!(enrol(&bench, 1, "a", NOW_MS + 1_001).await, Joined::Expired);
    let (one, other) = tokio::join!(enrol(&bench, 1, "a", NOW_MS), enrol(&bench, 1, "b", NOW_MS));
    let enrolled = |joined: &Joined| matches!(joined, Joined::Enrolled { replaced: None, .. });
    assert!(enrolled(&one) != enrolled(&other), "{one:?} {other:?}");
    assert_eq!(bench.store.agents().await.unwrap().len(), 1);
    let again =
        InviteRow { secret_hash: [1; 32], name: String::new(), server: String::new(), created_ms: 0, expires_ms: 0 };
    bench.store.add_invite(&again).await.unwrap_err();
}

pub(in crate::engines) async fn a_name_is_one_machine_and_revoked_agents_stay(bench: Bench) {
    for (secret, id) in [(1, "a"), (2, "b")] {
        invite(&bench, secret, "vienna").await;
        enrol(&bench, secret, id, NOW_MS + i64::from(secret)).await;
    }
    let agents = bench.store.agents().await.unwrap();
    let revoked: Vec<_> = agents.iter().map(|agent| (agent.id.as_str(), agent.revoked_ms)).collect();
    assert_eq!(revoked, [("a", Some(NOW_MS + 2)), ("b", None)]);
    let gone = bench.store.revoke_agent("vienna", NOW_MS + 3).await.unwrap().unwrap();
    assert_eq!((gone.id.as_str(), gone.revoked_ms), ("b", Some(NOW_MS + 3)));
    assert_eq!(bench.store.revoke_agent("vienna", NOW_MS + 4).await.unwrap(), None);
    assert_eq!(bench.store.agent("b").await.unwrap(), Some(gone));
    assert_eq!(bench.store.agent("c").await.unwrap(), None);

    keep(&bench.store, 1, &[arrival("2026-03-02-200500-oasis-round-1.txt", b"1", "none")]).await;
    let last = bench.store.last_batches().await.unwrap();
    assert_eq!(last.into_iter().collect::<Vec<_>>(), [("a".to_owned(), NOW_MS + 1)]);
}
