//! The command as a real program: what people type, what it says, and what views mark.

use serde_json::Value;
use slomix_shared::sim::Accidents;

use crate::e2e::program::output;
use crate::importing::Place;
use crate::pipeline::evenings;

/// What `slomix-hub` prints for these words.
async fn says(place: &Place, words: &[&str]) -> String {
    output(place.hub("hub").args(words)).await
}

/// What it complains of.
async fn complains(place: &Place, words: &[&str]) -> String {
    let done = place.hub("hub").args(words).env("RUST_LOG", "error").output().await.unwrap();
    assert!(!done.status.success(), "{words:?}");
    String::from_utf8_lossy(&done.stderr).into_owned()
}

async fn json(place: &Place, words: &[&str]) -> Value {
    serde_json::from_str(&output(place.hub("hub").arg("--json").args(words)).await).unwrap()
}

#[tokio::test]
async fn a_void_is_told_listed_marked_and_undone() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    place.imported("hub", &[]).await;
    let before = place.dump("hub").await;
    let why = ["--reason", "the server crashed", "--author", "ann"];
    let void = [&["correct", "void", "2026-03-02a.1"][..], &why].concat();

    let asked = says(&place, &[&void[..], &["--dry-run"]].concat()).await;
    assert!(asked.contains("nothing stands against it"), "{asked}");
    assert!(place.dump("hub").await == before);

    let told = says(&place, &void).await;
    assert!(told.contains("Decided: round 2026-03-02a.1 (") && told.contains("no longer counts"), "{told}");
    assert!(told.contains(": voided, was ") && told.contains("correct undo 1"), "{told}");
    let again = complains(&place, &void).await;
    assert!(again.contains("decision 1 of ann says so already: the server crashed"), "{again}");

    let list = json(&place, &["correct", "list"]).await;
    assert_eq!((&list[0]["kind"], &list[0]["author"], &list[0]["id"]), (&"void".into(), &"ann".into(), &1.into()));
    for view in ["round", "session"] {
        let handle = if view == "round" { "2026-03-02a.1" } else { "2026-03-02a" };
        let shown = json(&place, &["show", view, handle]).await;
        assert!(shown["decided"][0].as_str().unwrap().contains("counts for nothing (ann: the server crashed)"));
        let text = says(&place, &["show", view, handle]).await;
        assert!(text.contains("decision 1: round main/2026-03-02-"), "{text}");
    }

    let undone = says(&place, &["correct", "undo", "1", "--reason", "it did not"]).await;
    assert!(undone.contains("Undone: decision 1"), "{undone}");
    assert!(place.dump("hub").await == before);
    assert!(json(&place, &["correct", "list"]).await.as_array().unwrap().is_empty());
    let all = json(&place, &["correct", "list", "--all"]).await;
    assert_eq!(all[0]["undone_because"], "it did not");
}

#[tokio::test]
async fn people_are_named_as_people_name_them() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    place.imported("hub", &[]).await;
    let round = json(&place, &["show", "round", "2026-03-02a.1"]).await;
    let name = round["players"][0]["name"].as_str().unwrap().to_owned();
    let why = ["--reason", "so it was"];
    let side = says(&place, &[&["correct", "side", "2026-03-02a.1", &name, "spectator"][..], &why].concat()).await;
    assert!(side.contains(&name) && side.contains("only watched round 2026-03-02a.1"), "{side}");
    let team = says(&place, &[&["correct", "team", "2026-03-02a", &name, "b"][..], &why].concat()).await;
    assert!(team.contains("is in team B in the session of round 2026-03-02a.1"), "{team}");
    says(&place, &[&["correct", "name", "last", "a", "Night Shift"][..], &why].concat()).await;
    let session = says(&place, &["show", "session"]).await;
    assert!(session.contains("Night Shift") && !session.contains("Team A"), "{session}");

    let nobody = complains(&place, &[&["correct", "team", "last", "nobody-here", "b"][..], &why].concat()).await;
    assert!(nobody.contains("nobody-here is not in that session; there are "), "{nobody}");
    let no_reason = complains(&place, &["correct", "void", "last"]).await;
    assert!(no_reason.contains("--reason <REASON>"), "{no_reason}");
    let empty = complains(&place, &["correct", "void", "last", "--reason", " "]).await;
    assert!(empty.contains("a decision needs a reason"), "{empty}");
}
