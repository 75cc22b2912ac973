use slomix_hub::domain::decisions::{Correction, RoundKey};
use slomix_hub::store::Durability;
use slomix_hub::store::decisions::{Decision, OWNER, ZONE};
use slomix_shared::artifact::ContentHash;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

pub(in crate::engines) async fn the_newest_decision_holds(bench: Bench) {
    let decide = |kind: &'static str, target: &str, value: &str| Decision {
        kind,
        target: target.to_owned(),
        value: value.to_owned(),
        author: "configuration".to_owned(),
        reason: String::new(),
    };
    let mut tx = bench.store.begin(Durability::Full).await.unwrap();
    for (kind, target, value) in
        [(ZONE, "b", "UTC"), (ZONE, "a", "Europe/Paris"), (ZONE, "b", "Europe/Berlin"), ("accept", "b", "")]
    {
        tx.decide(&decide(kind, target, value), 1).await.unwrap();
    }
    tx.commit().await.unwrap();
    let zones = bench.store.decided(ZONE).await.unwrap();
    let zones: Vec<_> = zones.iter().map(|(target, value)| (target.as_str(), value.as_str())).collect();
    assert_eq!(zones, [("a", "Europe/Paris"), ("b", "Europe/Berlin")]);
    assert!(bench.store.decided("other").await.unwrap().is_empty());
    assert_eq!(bench.store.decided_about(ZONE, "b").await.unwrap().as_deref(), Some("Europe/Berlin"));
    assert_eq!(bench.store.decided_about(ZONE, "c").await.unwrap(), None);
}

pub(in crate::engines) async fn a_decision_that_is_undone_stays_and_holds_no_more(bench: Bench) {
    let store = &bench.store;
    let target = "main/2026-03-02-200500-oasis-round-1 a";
    let name = |value: &str| Decision {
        kind: "name",
        target: target.to_owned(),
        value: value.to_owned(),
        author: "me".to_owned(),
        reason: "they say so".to_owned(),
    };
    let mut tx = store.begin(Durability::Full).await.unwrap();
    let first = tx.decide(&name("Reds\nAAAA0001"), 5).await.unwrap();
    let second = tx.decide(&name("Blues\nAAAA0001"), 6).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.decided_names().await.unwrap().len(), 2);
    for reason in ["a slip", "again"] {
        let mut tx = store.begin(Durability::Full).await.unwrap();
        tx.undo(second, "you", reason, 7).await.unwrap();
        tx.commit().await.unwrap();
    }
    let all = store.decisions().await.unwrap();
    assert_eq!(all.iter().map(|one| one.id).collect::<Vec<_>>(), [first, second]);
    let undone = store.decision(second).await.unwrap().unwrap();
    assert_eq!((undone.undone_ms, &*undone.undone_by, &*undone.undone_because), (Some(7), "you", "a slip"));
    assert_eq!((&undone, all[0].undone_ms), (&all[1], None));
    assert_eq!(store.decision(second + 1).await.unwrap(), None);
    let names = store.decided_names().await.unwrap();
    assert_eq!(names, [all[0].correction().unwrap()]);
}

pub(in crate::engines) async fn what_a_decision_is_about_is_found_and_queued(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 2, Accidents::default())).await;
    bench.derive().await;
    let session = store.newest_sessions(1).await.unwrap().remove(0);
    let round = store.rounds_of_session(session.id).await.unwrap().remove(0);
    let player = store.players_of_session(session.id).await.unwrap().remove(0);

    assert_eq!(store.servers_of_file(&round.file).await.unwrap(), ["main"]);
    assert!(store.servers_of_file("nothing").await.unwrap().is_empty());
    assert_eq!(store.file_of(round.artifact).await.unwrap(), Some(round.file.clone()));
    assert_eq!(store.file_of(1).await.unwrap(), None);
    let contents = store.contents_of("main", &round.file).await.unwrap();
    assert!(matches!(&contents[..], [one] if one.artifact == round.artifact && one.state == "stored"), "{contents:?}");
    assert!(store.is_known(&player.key).await.unwrap() && !store.is_known("nobody").await.unwrap());
    assert!(store.bore_name(&player.key, &player.name).await.unwrap());
    assert!(!store.bore_name(&player.key, "nobody").await.unwrap());

    let with = store.players_of_session(session.id).await.unwrap().pop().unwrap();
    let together = store.rounds_with_both(&player.key, &with.key).await.unwrap();
    assert!(together.iter().any(|(id, server, file)| (*id, server.as_str(), file) == (round.id, "main", &round.file)));
    assert!(store.rounds_with_both(&player.key, "nobody").await.unwrap().is_empty());
    let derived = store.derived_among(&[round.artifact, 1]).await.unwrap();
    assert_eq!(derived, [round.artifact].into());

    let rounds = [round.id, 1].into();
    assert_eq!(store.kept_apart(&rounds).await.unwrap(), 0);
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    let sql = "update round_player set flags = 'merge_conflict' where round = $1";
    tx.execute("write", sql, vec![round.id.into()]).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.kept_apart(&rounds).await.unwrap(), 1, "rounds are counted, not their players");

    let key = RoundKey::of_file("main", &round.file).unwrap();
    let mut queued = Vec::new();
    for what in 0..4 {
        let mut tx = store.begin(Durability::Relaxed).await.unwrap();
        for _ in 0..2 {
            match what {
                0 => tx.queue_round(&key).await.unwrap(),
                1 => tx.queue_file("main", &round.file).await.unwrap(),
                2 => tx.queue_player(&player.key).await.unwrap(),
                _ => tx.queue_server("main").await.unwrap(),
            }
        }
        tx.commit().await.unwrap();
        queued.push(store.pending(10).await.unwrap().into_iter().map(|head| head.id).collect::<Vec<_>>());
        let mut tx = store.begin(Durability::Relaxed).await.unwrap();
        tx.unqueue_all().await.unwrap();
        tx.commit().await.unwrap();
    }
    assert_eq!(queued[..2], [[round.artifact], [round.artifact]]);
    assert_eq!(queued[3].len(), 2, "a file of each block");
    assert!(!queued[2].is_empty() && queued[2].len() <= 2, "a file of each block that he played in");
}

pub(in crate::engines) async fn what_was_decided_about_a_copy_is_said_of_the_first_file(bench: Bench) {
    let store = &bench.store;
    let files = evenings(7, 1, Accidents::default());
    let (late, content) = files.iter().find(|(name, _)| name.ends_with("-round-1.txt")).unwrap();
    let early = format!("2026-03-01{}", &late[10..]);
    let [late, early] = [late, &early].map(|file| RoundKey::of_file("main", file).unwrap());
    bench.keep(&files).await;
    bench.derive().await;
    let pin = Correction::Pin {
        server: "main".to_owned(),
        file: format!("{late}.txt")["main/".len()..].to_owned(),
        hash: ContentHash::of(content),
    };
    for correction in [Correction::Void { round: late.clone() }, pin] {
        bench.deriver.correct(&correction, "me", "so it was").await.unwrap();
    }
    let now = store.decisions_for("main").await.unwrap();
    assert!(now.of_round(&late).is_some() && now.of_round(&early).is_none() && now.pins().count() == 1);

    bench.keep(&[(format!("{early}.txt")["main/".len()..].to_owned(), content.clone())]).await;
    bench.derive().await;
    let now = store.decisions_for("main").await.unwrap();
    assert!(now.of_round(&late).is_none() && now.of_round(&early).is_some() && now.pins().count() == 2);
    let round = store.round_of_key(&late).await.unwrap().unwrap();
    assert_eq!(Some(round.id), early.id());
    let void = Correction::Void { round: late };
    assert_eq!(store.as_it_stands(&void).await.unwrap(), void.at(&early));
    let nowhere = RoundKey { map: "nowhere".to_owned(), ..early };
    assert_eq!(store.round_of_key(&nowhere).await.unwrap(), None);
}

pub(in crate::engines) async fn the_newest_owner_is_told_first(bench: Bench) {
    let store = &bench.store;
    assert!(store.owners().await.unwrap().is_empty());
    let owner = |value: &str| Decision {
        kind: OWNER,
        target: "database".to_owned(),
        value: value.to_owned(),
        author: "hub".to_owned(),
        reason: "the first to work on it".to_owned(),
    };
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.decide(&owner("aa"), 1).await.unwrap();
    tx.decide(&owner("bb"), 2).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(store.owners().await.unwrap(), ["bb", "aa"]);
    assert!(store.is_unused().await.unwrap(), "a hub that was only started keeps nothing");
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.disown().await.unwrap();
    tx.commit().await.unwrap();
    assert!(store.owners().await.unwrap().is_empty());

    assert!(store.newest_batch_of("test").await.unwrap().is_none());
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    let newest = store.newest_batch_of("test").await.unwrap().unwrap();
    assert_eq!((newest.id, &*newest.agent), (store.newest_batch().await.unwrap(), "test"));
    assert!(!store.is_unused().await.unwrap());
}
