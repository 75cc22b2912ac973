use std::sync::Arc;

use slomix_hub::archive::{Archive, ArchiveError, Delivery};
use slomix_hub::store::agents::{InviteRow, Joined};
use slomix_hub::store::archive::Envelope;

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
    bench.store.enrol([secret; 32], id, &[7; 32], Some(now_ms + 7), now_ms).await.unwrap()
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

/// A day after which an agent that has not asked again is forgotten.
const DAY_MS: i64 = 86_400_000;

pub(in crate::engines) async fn an_agent_that_asks_waits_for_the_operator(bench: Bench) {
    let store = &bench.store;
    for (secret, id, name) in [(1, "a", "vienna"), (2, "b", "linz")] {
        invite(&bench, secret, name).await;
        enrol(&bench, secret, id, NOW_MS).await;
    }
    assert_eq!(store.agent("a").await.unwrap().unwrap().certificate_ends_ms, Some(NOW_MS + 7));
    let ask = async |id: &str, now_ms| store.ask_readmission(id, "192.0.2.7:1", now_ms, now_ms - DAY_MS).await.unwrap();
    let approve = async |name: &str, now_ms| store.approve_readmission(name, now_ms, now_ms - DAY_MS).await.unwrap();
    assert_eq!(ask("c", NOW_MS).await, None, "nobody");
    assert_eq!(approve("vienna", NOW_MS).await, None, "it does not ask");
    let first = ask("a", NOW_MS).await.unwrap();
    assert_eq!((first.since_ms, first.last_ms, first.approved_ms), (NOW_MS, NOW_MS, None));
    let again = ask("a", NOW_MS + DAY_MS).await.unwrap();
    assert_eq!((again.since_ms, again.last_ms, again.address.as_str()), (NOW_MS, NOW_MS + DAY_MS, "192.0.2.7:1"));
    assert_eq!(store.agent("a").await.unwrap().unwrap().readmission, Some(again));

    let now_ms = NOW_MS + DAY_MS + 1;
    assert_eq!(approve("linz", now_ms).await, None);
    assert_eq!(approve("vienna", now_ms + 2 * DAY_MS).await, None, "it has not asked for so long");
    let approved = approve("vienna", now_ms).await.unwrap();
    assert_eq!(approved.readmission.unwrap().approved_ms, Some(now_ms));
    assert_eq!(ask("a", now_ms + DAY_MS - 1).await.unwrap().approved_ms, Some(now_ms), "an answer may have been lost");
    assert_eq!(ask("a", now_ms + DAY_MS + 1).await.unwrap().approved_ms, None, "an approval holds for a day");
    assert_eq!(ask("b", now_ms + 3 * DAY_MS).await.unwrap().since_ms, now_ms + 3 * DAY_MS);
    assert_eq!(store.agent("a").await.unwrap().unwrap().readmission, None, "who asks no more is forgotten");

    store.note_certificate("b", now_ms + 9).await.unwrap();
    let known = store.agent("b").await.unwrap().unwrap();
    assert_eq!((known.certificate_ends_ms, known.readmission), (Some(now_ms + 9), None));
    ask("b", now_ms).await.unwrap();
    let revoked = store.revoke_agent("linz", now_ms).await.unwrap().unwrap();
    assert_eq!((revoked.readmission, approve("linz", now_ms).await), (None, None));
    assert_eq!(ask("b", now_ms).await, None, "a revoked agent cannot ask");
}

/// Batches stand in the archive's queue while their agent is revoked: what is not kept by then never is.
pub(in crate::engines) async fn nothing_of_a_revoked_agent_is_kept(bench: Bench) {
    let store = &bench.store;
    for (secret, id, name) in [(1, "a", "vienna"), (2, "b", "linz")] {
        invite(&bench, secret, name).await;
        enrol(&bench, secret, id, NOW_MS).await;
    }
    let (archive, _writing) = Archive::start(store.clone(), Arc::new(|| NOW_MS));
    let delivery = |agent: &str, sequence: i64| Delivery {
        server: "main".to_owned(),
        envelope: Envelope {
            agent: agent.to_owned(),
            boot: "b".to_owned(),
            sequence,
            created_ms: NOW_MS,
            head: vec![1],
            signature: vec![],
        },
        arrivals: vec![arrival(&format!("2026-03-02-2{sequence:05}-oasis-round-1.txt"), b"1", "none").0],
    };
    archive.receive(delivery("a", 0)).await.unwrap();
    let mut queued = tokio::task::JoinSet::new();
    for sequence in 1..60 {
        let (archive, delivery) = (archive.clone(), delivery("a", sequence));
        queued.spawn(async move { archive.receive(delivery).await });
    }
    queued.join_next().await.unwrap().unwrap().unwrap();
    store.revoke_agent("vienna", NOW_MS).await.unwrap().unwrap();
    let kept = store.newest_batch().await.unwrap();
    archive.receive(delivery("b", 70)).await.unwrap();
    let refused = archive.receive(delivery("a", 71)).await;
    assert!(matches!(refused, Err(ArchiveError::Revoked)), "{refused:?}");
    let mut taken = 2;
    while let Some(answer) = queued.join_next().await {
        match answer.unwrap() {
            Ok(_) => taken += 1,
            Err(ArchiveError::Revoked) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(kept, taken, "what was kept before is acknowledged, and no more");
    assert_eq!(store.newest_batch().await.unwrap(), kept + 1, "the other agent's");
}
