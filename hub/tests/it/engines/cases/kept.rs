use slomix_hub::domain::ids::artifact_id;
use slomix_hub::store::archive::{Arrival, Envelope, pack};
use slomix_hub::store::decisions::Decision;
use slomix_hub::store::{Durability, Store, Value};
use slomix_hub::values;
use slomix_shared::artifact::{ContentHash, FileName};

use crate::pipeline::Bench;

const NOW_MS: i64 = 1_790_000_000_000;
const FIRST: &str = "2026-03-02-200500-oasis-round-1.txt";
const SECOND: &str = "2026-03-02-201500-oasis-round-2.txt";
const ENDSTATS: &str = "2026-03-02-200500-oasis-round-1-endstats.txt";

pub(super) fn arrival(name: &str, content: &[u8], verdict: &'static str) -> (Arrival, Vec<u8>) {
    let arrival = Arrival {
        kind: FileName::kind_of(name),
        name: name.to_owned(),
        content: content.to_owned(),
        hash: ContentHash::of(content),
        modified_ms: 5,
        closed_us: (verdict == "none").then_some(7_000),
        verdict,
        rules: if verdict == "none" { String::new() } else { "fields,time".to_owned() },
    };
    let packed = pack(content);
    (arrival, packed)
}

pub(super) async fn keep(store: &Store, sequence: i64, arrivals: &[(Arrival, Vec<u8>)]) -> Vec<bool> {
    keep_of("a", store, sequence, arrivals).await
}

pub(super) async fn keep_of(agent: &str, store: &Store, sequence: i64, arrivals: &[(Arrival, Vec<u8>)]) -> Vec<bool> {
    let envelope = Envelope {
        agent: agent.to_owned(),
        boot: "b".to_owned(),
        sequence,
        created_ms: NOW_MS,
        head: vec![0, 255, 7],
        signature: vec![],
    };
    let mut tx = store.begin(Durability::Full).await.unwrap();
    let new = tx.keep("main", &envelope, arrivals, NOW_MS + sequence).await.unwrap();
    tx.commit().await.unwrap();
    new
}

pub(in crate::engines) async fn what_arrives_is_kept_once_with_a_receipt_for_each_time(bench: Bench) {
    let store = &bench.store;
    let (first, second) = (arrival(FIRST, b"first", "none"), arrival(SECOND, b"second", "none"));
    let id = first.0.artifact_id("main");
    assert_eq!(keep(store, 1, &[first.clone(), second.clone(), first.clone()]).await, [true, true, false]);
    assert_eq!(keep(store, 2, &[arrival(FIRST, b"other", "none"), first.clone()]).await, [true, false]);
    assert_eq!(keep(store, 3, &[]).await, [false; 0]);

    assert_eq!(store.artifact_count().await.unwrap(), 3);
    assert_eq!(store.content(id).await.unwrap().unwrap(), b"first");
    assert_eq!(store.content(id + 1).await.unwrap(), None);
    let receipts = store.receipts(id).await.unwrap();
    let told: Vec<_> = receipts.iter().map(|one| (one.batch, one.sequence, one.received_ms, one.closed_us)).collect();
    assert_eq!(told, [(1, 1, NOW_MS + 1, Some(7_000)), (2, 2, NOW_MS + 2, Some(7_000))]);
    assert_eq!((receipts[0].head.as_slice(), receipts[0].signature.len()), ([0, 255, 7].as_slice(), 0));
    assert_eq!(store.closed_us(id).await.unwrap(), Some(7_000));
    assert_eq!(store.arrived_ms(id).await.unwrap(), Some(NOW_MS + 1));
    let brought = arrival(ENDSTATS, b"brought", "none");
    keep_of("import", store, 4, std::slice::from_ref(&brought)).await;
    assert_eq!(store.arrived_ms(brought.0.artifact_id("main")).await.unwrap(), None, "no agent brought it");
    assert_eq!(store.last_sequence("a", "b").await.unwrap(), Some(3));
    assert_eq!(store.last_sequence("a", "c").await.unwrap(), None);
    let since = async |mark, boot, most| store.batches_since("a", mark, boot, most).await.unwrap();
    assert_eq!(since(("b", 1), "c", 10).await, Some(2));
    assert_eq!(since(("b", 1), "c", 1).await, Some(1), "no further than it was asked");
    assert_eq!(since(("b", 1), "b", 10).await, Some(0), "all of this start");
    assert_eq!(since(("b", 3), "c", 10).await, Some(0));
    assert_eq!(since(("b", 9), "c", 10).await, None);
    assert_eq!(store.servers().await.unwrap(), ["main"]);
    let walked = store.artifacts_after(0, 2).await.unwrap();
    assert_eq!(walked.len(), 2);
    let rest = store.artifacts_after(walked[1].id, 10).await.unwrap();
    assert_eq!(rest.len(), 2);
    assert!(walked[0].id < walked[1].id && walked[1].id < rest[0].id);
    let counts = store.artifact_counts().await.unwrap();
    assert_eq!(counts[&("main".to_owned(), "stats".to_owned())], 3);
}

pub(in crate::engines) async fn what_waits_comes_newest_first_until_it_is_finished(bench: Bench) {
    let store = &bench.store;
    let files = [arrival(ENDSTATS, b"e", "none"), arrival(FIRST, b"1", "none"), arrival(SECOND, b"2", "none")];
    keep(store, 1, &files).await;
    let names = |heads: Vec<slomix_hub::store::archive::ArtifactHead>| -> Vec<String> {
        heads.into_iter().map(|head| head.name).collect()
    };
    // The other two are of one second, in no order that means anything.
    let mut all = names(store.pending(10).await.unwrap());
    all[1..].sort_unstable();
    assert_eq!(all, [SECOND, ENDSTATS, FIRST]);
    assert_eq!(names(store.pending(1).await.unwrap()), [SECOND]);
    assert_eq!(store.forgotten().await.unwrap(), [""; 0]);

    let ids: Vec<i64> = files.iter().map(|(arrival, _)| arrival.artifact_id("main")).collect();
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    tx.clear_pending(&ids[1..]).await.unwrap();
    tx.clear_pending(&[]).await.unwrap();
    tx.set_pending(ids[1]).await.unwrap();
    tx.queue(&[ids[1], ids[0]]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.pending_count().await.unwrap(), 2);
    assert_eq!(store.forgotten().await.unwrap(), [SECOND], "neither derived nor waiting");
}

/// Nulls, empty and long values, the widest integers, and text that is none of the plain.
pub(in crate::engines) async fn odd_values_come_back_as_they_were(bench: Bench) {
    let store = &bench.store;
    let long = "x".repeat(255);
    let names = ["", "zo\u{eb} \u{1f600} '\"\\ $1 ?", "a\nb\tc\\N", long.as_str()];
    let mut tx = store.begin(Durability::Full).await.unwrap();
    for (name, id) in names.iter().zip(["1", "2", "3", "4"]) {
        let sql = "insert into agent (id, name, server, signing_key, enrolled_ms, revoked_ms) \
                   values ($1, $2, 'main', $3, $4, $5)";
        let values = values![id, *name, [9_u8; 32].as_slice(), i64::MIN, i64::MAX];
        assert_eq!(tx.execute("write", sql, values).await.unwrap(), 1);
    }
    let sql = "update agent set revoked_ms = $2, name = coalesce($3, name) where id = $1";
    tx.execute("forget", sql, values!["2", Option::<i64>::None, Option::<String>::None]).await.unwrap();
    tx.execute("forget", sql, values!["3", 7, "c"]).await.unwrap();
    tx.commit().await.unwrap();
    let agents = store.agents().await.unwrap();
    let told: Vec<_> = agents.iter().map(|agent| (agent.id.as_str(), agent.name.as_str(), agent.revoked_ms)).collect();
    let max = Some(i64::MAX);
    assert_eq!(told, [("1", "", max), ("3", "c", Some(7)), ("4", long.as_str(), max), ("2", names[1], None)]);
    assert!(agents.iter().all(|agent| agent.enrolled_ms == i64::MIN && agent.signing_key == [9; 32]));

    let sql = "select 1, count(*), $1, cast($2 as text), min(enrolled_ms) is null, max(length(name)) from agent";
    let row = store.fetch("read", sql, values!["a\0b", 12]).await.unwrap().remove(0);
    let wanted = values![1, 4, "a\u{FFFD}b", "12", false, 255];
    assert_eq!(row.0, wanted, "a byte 0 in a text is the same on both engines");
    let sql = "select id from agent where revoked_ms is not null and enrolled_ms = any($1) order by id";
    let found = store.fetch("read", sql, vec![Value::Ints(vec![0, i64::MIN])]).await.unwrap();
    assert_eq!(found.iter().map(|row| row.text(0)).collect::<Vec<_>>(), ["1", "3", "4"]);
    assert!(store.bytes().await.unwrap() > 0 && !store.name().is_empty());
    store.answers().await.unwrap();
    store.check_in_place().unwrap();
}

pub(in crate::engines) async fn a_refusal_holds_until_a_milder_receipt_or_a_decision(bench: Bench) {
    let store = &bench.store;
    let refused = [arrival(FIRST, b"1", "reject"), arrival(SECOND, b"2", "reject")];
    keep(store, 1, &refused).await;
    let [first, second] = refused.map(|(arrival, _)| arrival.artifact_id("main"));
    assert_eq!(store.refusal(first).await.unwrap().as_deref(), Some("fields,time"));
    keep(store, 2, &[arrival(FIRST, b"1", "suspect")]).await;
    assert_eq!(store.refusal(first).await.unwrap(), None);

    let decision = Decision {
        kind: "accept",
        target: second.to_string(),
        value: String::new(),
        author: "me".to_owned(),
        reason: "I looked".to_owned(),
    };
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.decide(&decision, NOW_MS).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.refusal(second).await.unwrap(), None);
    assert_eq!(
        store
            .refusal(artifact_id("main", slomix_shared::artifact::Kind::Stats, "x", &ContentHash::of(b""), 0))
            .await
            .unwrap(),
        None
    );
}

pub(in crate::engines) async fn an_import_of_what_is_there_leaves_nothing(bench: Bench) {
    let store = &bench.store;
    let [first, second, endstats] = [(FIRST, "none"), (SECOND, "reject"), (ENDSTATS, "none")]
        .map(|(name, verdict)| arrival(name, name.as_bytes(), verdict));
    let import = async |files: &[(Arrival, Vec<u8>)]| keep_of("import", store, 1, files).await;
    let receipts = async |file: &(Arrival, Vec<u8>)| {
        store.receipts(file.0.artifact_id("main")).await.unwrap().iter().map(|one| one.batch).collect::<Vec<_>>()
    };
    assert_eq!(import(&[]).await, [false; 0]);
    assert_eq!(store.newest_batch().await.unwrap(), 0, "nothing came");
    assert_eq!(import(std::slice::from_ref(&first)).await, [true]);
    assert_eq!(import(&[first.clone(), first.clone()]).await, [false, false]);
    assert_eq!((store.newest_batch().await.unwrap(), receipts(&first).await), (1, vec![1]));

    // Beside a new file, what is there is told of no second time.
    assert_eq!(import(&[first.clone(), endstats.clone()]).await, [false, true]);
    assert_eq!((receipts(&first).await, receipts(&endstats).await), (vec![1], vec![2]));

    // What every agent's rules refuse, an import vouches for, once; an agent's receipts are all kept.
    assert_eq!(keep(store, 3, std::slice::from_ref(&second)).await, [true]);
    let second = arrival(SECOND, SECOND.as_bytes(), "none");
    assert_eq!(import(std::slice::from_ref(&second)).await, [false]);
    assert_eq!(import(std::slice::from_ref(&second)).await, [false]);
    assert_eq!(receipts(&second).await, [3, 4]);
    assert_eq!(keep(store, 4, std::slice::from_ref(&first)).await, [false]);
    assert_eq!(receipts(&first).await, [1, 5]);

    // It heals all the same.
    let mut tx = store.begin(Durability::Full).await.unwrap();
    let sql = "update artifact set hash = $2, stamp = 7 where id = $1";
    let other = ContentHash::of(b"other");
    tx.execute("damage", sql, values![first.0.artifact_id("main"), &other.as_bytes()[..]]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(import(std::slice::from_ref(&first)).await, [false]);
    assert_eq!(store.damage_of(first.0.artifact_id("main")).await.unwrap(), None);
    assert_eq!(receipts(&first).await, [1, 5]);
}
