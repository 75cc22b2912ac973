//! Posts that show what a decision changed are edited, like any other amendment.

use slomix_hub::domain::decisions::Correction;
use slomix_hub::store::Value;
use slomix_shared::sim::Accidents;

use super::table::{decide, key, rounds, undo};
use crate::pipeline::{Bench, evenings};

/// What every post should show, by kind and file.
async fn wanted(bench: &Bench) -> Vec<(String, String, Vec<u8>)> {
    let sql = "select p.kind, a.name, p.wanted from post p join artifact a on a.id = p.anchor order by p.id";
    let rows = bench.store.fetch("list posts", sql, Vec::<Value>::new()).await.unwrap();
    rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned(), row.bytes(2).to_owned())).collect()
}

#[tokio::test]
async fn a_voided_round_is_edited_where_it_was_posted_and_so_is_what_follows_from_it() {
    let bench = Bench::announcing().await;
    bench.keep(&evenings(7, 2, Accidents::default())).await;
    bench.derive().await;
    let before = wanted(&bench).await;
    let rounds = rounds(&bench).await;
    let id = decide(&bench, &Correction::Void { round: key(&rounds[0]) }).await;
    let after = wanted(&bench).await;
    assert_eq!(after.len(), before.len(), "no new posts");
    let edited: Vec<&(String, String, Vec<u8>)> =
        before.iter().zip(&after).filter(|(old, new)| old != new).map(|(old, _)| old).collect();
    assert!(edited.iter().any(|(kind, file, _)| kind == "round" && *file == rounds[0].file));
    assert_eq!(edited.iter().filter(|(kind, ..)| kind == "session").count(), 1, "the other evening's stays");
    assert!(edited.iter().any(|(kind, file, _)| kind == "map" && *file == rounds[1].file), "the map that it was of");
    assert!(edited.iter().all(|(_, file, _)| file[..10] == rounds[0].file[..10]));
    undo(&bench, id).await;
    assert_eq!(wanted(&bench).await, before);
}

#[tokio::test]
async fn a_named_team_edits_every_post_of_the_session() {
    let bench = Bench::announcing().await;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let before = wanted(&bench).await;
    let round = rounds(&bench).await.remove(0);
    let name = Correction::Name { round: key(&round), team: -1, name: "Night Shift".to_owned(), roster: Vec::new() };
    let id = decide(&bench, &name).await;
    let edited: Vec<String> = before
        .iter()
        .zip(wanted(&bench).await)
        .filter(|(old, new)| *old != new)
        .map(|(old, _)| old.0.clone())
        .collect();
    assert_eq!(edited.len(), before.len(), "{edited:?}");
    let kinds: std::collections::BTreeSet<&str> = edited.iter().map(String::as_str).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["map", "round", "session"]);
    undo(&bench, id).await;
    assert_eq!(wanted(&bench).await, before);
}
