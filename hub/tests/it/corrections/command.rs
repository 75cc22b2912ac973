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

    let text = says(&place, &["correct", "list"]).await;
    assert!(text.contains("   1  round 2026-03-02a.1 (") && text.contains(" R1 of 2026-03-02 20:"), "{text}");
    let list = json(&place, &["correct", "list"]).await;
    assert_eq!((&list[0]["kind"], &list[0]["author"], &list[0]["id"]), (&"void".into(), &"ann".into(), &1.into()));
    for view in ["round", "session"] {
        let handle = if view == "round" { "2026-03-02a.1" } else { "2026-03-02a" };
        let shown = json(&place, &["show", view, handle]).await;
        assert!(shown["decided"][0].as_str().unwrap().contains("counts for nothing (ann: the server crashed)"));
        let text = says(&place, &["show", view, handle]).await;
        assert!(text.contains("decision 1: round 2026-03-02a.1 ("), "{text}");
    }

    let round = &list[0]["round"];
    assert!(round["key"] == list[0]["target"] && round["key_now"] == round["key"], "{round}");
    assert_eq!((&round["handle"], &round["date"]), (&"2026-03-02a.1".into(), &"2026-03-02".into()));
    assert_eq!((round["half"].as_i64(), &list[0]["players"]), (Some(1), &Value::Array(Vec::new())));

    let undone = says(&place, &["correct", "undo", "1", "--reason", "it did not"]).await;
    assert!(undone.contains("It no longer holds that round 2026-03-02a.1 ("), "{undone}");
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
    let key = json(&place, &["correct", "list"]).await[1]["players"][0]["key"].as_str().unwrap().to_owned();
    let list = says(&place, &["correct", "list"]).await;
    for sentence in [" only watched round 2026-03-02a.1 (", " is in team B in the session of round 2026-03-02a.1 ("] {
        assert!(list.contains(&format!("{name} ({key}){sentence}")), "{list}");
    }
    let undone = json(&place, &[&["correct", "undo", "1", "--dry-run"][..], &why].concat()).await;
    assert_eq!((undone["dry_run"].as_bool(), &undone["players"][0]["name"]), (Some(true), &name.clone().into()));
    says(&place, &[&["correct", "name", "last", "a", " Night\nShift"][..], &why].concat()).await;
    let session = says(&place, &["show", "session"]).await;
    assert!(session.contains("Night Shift") && !session.contains("Team A"), "{session}");

    let alike = complains(&place, &[&["correct", "name", "last", "b", "^3night shift"][..], &why].concat()).await;
    assert!(alike.contains("is what Team A of that session is called already"), "{alike}");
    let nobody = complains(&place, &[&["correct", "team", "last", "nobody-here", "b"][..], &why].concat()).await;
    assert!(nobody.contains("nobody-here is not in that session; there are "), "{nobody}");
    let no_reason = complains(&place, &["correct", "void", "last"]).await;
    assert!(no_reason.contains("--reason <REASON>"), "{no_reason}");
    let empty = complains(&place, &["correct", "void", "last", "--reason", " "]).await;
    assert!(empty.contains("a decision needs a reason"), "{empty}");
}

#[tokio::test]
async fn two_who_played_together_are_merged_only_by_who_insists() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    place.imported("hub", &[]).await;
    let players = json(&place, &["show", "round", "2026-03-02a.1"]).await["players"].clone();
    let [one, other] = [0, 1].map(|index| players[index]["name"].as_str().unwrap().to_owned());
    let merge = ["correct", "merge", &one, &other, "--reason", "brothers at one table"];
    for words in [&merge[..], &[&merge[..], &["--dry-run"]].concat()] {
        let refused = complains(&place, words).await;
        assert!(refused.contains(" both stand in ") && refused.contains("--even-though-together"), "{refused}");
    }
    let kept = says(&place, &[&merge[..], &["--even-though-together"]].concat()).await;
    assert!(kept.contains("there they stay two, flagged merge_conflict"), "{kept}");
}

#[tokio::test]
async fn a_pin_says_what_there_is_before_it_asks_why() {
    let mut files = evenings(7, 1, Accidents::default());
    files.retain(|(name, _)| name.contains("-round-1.txt"));
    let place = Place::with(&files);
    place.imported("hub", &[]).await;
    let (file, content) = files.first().unwrap();
    let hash = slomix_shared::artifact::ContentHash::of(content).short();
    for named in [file.as_str(), "2026-03-02a.1"] {
        let asked = complains(&place, &["correct", "pin", named]).await;
        assert!(asked.contains(&format!("say which content of {file} counts")) && asked.contains(&hash), "{asked}");
    }
    let listed = json(&place, &["correct", "pin", file]).await;
    assert_eq!((&listed["server"], &listed["file"]), (&"main".into(), &file.as_str().into()));
    let one = &listed["contents"][0];
    assert!(one["hash"].as_str().unwrap().starts_with(&hash) && one["state"] == "stored", "{listed}");
    assert_eq!(one["bytes"].as_u64(), Some(content.len() as u64));
    let wrong = complains(&place, &["correct", "pin", file, "zzzzz"]).await;
    assert!(wrong.contains("has no content whose hash begins with zzzzz; it has") && wrong.contains(&hash), "{wrong}");
    let short = complains(&place, &["correct", "pin", file, &hash[..3]]).await;
    assert!(short.contains("give at least four digits") && short.contains(&hash), "{short}");
    let why = complains(&place, &["correct", "pin", file, &hash]).await;
    assert!(why.contains("a decision needs a reason: --reason WHY"), "{why}");
    let pinned = says(&place, &["correct", "pin", file, &hash, "--reason", "the whole one"]).await;
    assert!(pinned.contains(&format!("of main/{file} (2026-03-02a.1, ")), "{pinned}");
}

#[tokio::test]
async fn a_zone_that_is_decided_says_what_it_stands_over() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    let config = place.file("hub.toml", "[[server]]\nkey = \"main\"\nzone = \"Europe/Berlin\"\n");
    let config = ["--config", &config];
    place.imported("hub", &config).await;
    let zone = |zone: &'static str| ["correct", "zone", "main", zone, "--reason", "they moved"];
    let overridden = "the configuration's zone Europe/Berlin is overridden while this decision stands";
    let first = says(&place, &zone("America/New_York")).await;
    assert!(first.contains(overridden), "{first}");
    let moved = place.dump("hub").await;
    let second = says(&place, &[&config[..], &zone("Asia/Tokyo")].concat()).await;
    assert!(second.contains(overridden), "{second}");
    assert!(second.contains("decision 2 (America/New_York) is replaced"), "{second}");
    // A start with the configuration leaves what people decided.
    let list = json(&place, &["correct", "list"]).await;
    let replaced: Vec<Option<i64>> = list.as_array().unwrap().iter().map(|one| one["replaced_by"].as_i64()).collect();
    assert_eq!(replaced, [Some(3), Some(3), None]);
    let text = says(&place, &["correct", "list"]).await;
    assert!(text.contains("overridden by decision 3") && text.contains("replaced by decision 3"), "{text}");
    says(&place, &["correct", "undo", "3", "--reason", "they did not"]).await;
    assert!(place.dump("hub").await == moved, "the one before holds again");
    let back = complains(&place, &zone("America/New_York")).await;
    assert!(back.contains("decision 2 of ") && back.contains("says so already"), "{back}");
}

#[tokio::test]
async fn every_name_that_a_report_shows_is_taken() {
    let mut files = evenings(7, 1, Accidents::default());
    let place = Place::with(&files);
    place.imported("before", &[]).await;
    let round: Value =
        serde_json::from_str(&output(place.hub("before").args(["--json", "show", "round", "2026-03-02a.1"])).await)
            .unwrap();
    let is_plain = |name: &str| {
        let line = format!("{name}\\");
        let mut rounds = files.iter().filter(|(file, _)| file.contains("-round-") && !file.contains("endstats"));
        rounds.all(|(_, content)| String::from_utf8_lossy(content).contains(&line))
    };
    let names = round["players"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
    let old = names.into_iter().find(|name| is_plain(name)).expect("a name of one colour").to_owned();
    // From the second half of the evening on he is called otherwise.
    let middle = files.len() / 2;
    for (name, content) in files.iter_mut().skip(middle).filter(|(name, _)| name.contains("-round-")) {
        let text = String::from_utf8_lossy(content).replace(&format!("{old}\\"), "Zugvogel\\");
        assert!(name.contains("endstats") || text.contains("Zugvogel"), "{name}");
        *content = text.into_bytes();
    }
    let place = Place::with(&files);
    place.imported("hub", &[]).await;
    let first = json(&place, &["show", "round", "2026-03-02a.1"]).await;
    assert!(first["players"].as_array().unwrap().iter().any(|one| one["name"] == old.as_str()), "in a round as he was");
    let session = json(&place, &["show", "session"]).await;
    let names = |session: &Value| {
        let teams = ["team_a", "team_b"].map(|team| session["epochs"][0][team].as_array().unwrap().clone());
        teams.concat()
    };
    let him = names(&session).into_iter().find(|one| one["name"] == "Zugvogel").unwrap();
    assert!(!names(&session).iter().any(|one| one["name"] == old.as_str()), "one name, the last one");
    assert_eq!(him["key"].as_str().unwrap().len(), 8);
    assert!(first["players"].as_array().unwrap().iter().any(|one| one["id"] == him["id"]), "{him}");
    assert_eq!(session["rounds"][1]["handle"], "2026-03-02a.2");
    let highlights = session["highlights"].as_array().unwrap();
    assert!(
        !highlights.is_empty() && highlights.iter().all(|one| one["what"].is_string() && one["name"] != old.as_str())
    );

    let why = ["--reason", "so it was"];
    let side = says(&place, &[&["correct", "side", "2026-03-02a.1", "Zugvogel", "spectator"][..], &why].concat()).await;
    assert!(side.contains("only watched round 2026-03-02a.1"), "{side}");
    let team = says(&place, &[&["correct", "team", "2026-03-02a", &old, "b"][..], &why].concat()).await;
    assert!(team.contains("is in team B in the session"), "{team}");
}

#[tokio::test]
async fn halves_that_contradict_each_other_take_an_insisting_admin() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    place.imported("hub", &[]).await;
    let session = json(&place, &["show", "session"]).await;
    let was = session["rounds"][0]["defender"].as_i64().unwrap();
    let other = if was == 1 { "allies" } else { "axis" };
    let words = ["correct", "defender", "2026-03-02a.1", other, "--reason", "the script says so"];
    for words in [&words[..], &[&words[..], &["--dry-run"]].concat()] {
        let refused = complains(&place, words).await;
        assert!(refused.contains("in both halves and team "), "{refused}");
        assert!(refused.contains("--even-though-contradicted"), "{refused}");
    }
    let kept = says(&place, &[&words[..], &["--even-though-contradicted"]].concat()).await;
    assert!(kept.contains(" defended in round 2026-03-02a.1"), "{kept}");
}

#[tokio::test]
async fn a_merge_says_who_stands_under_whom() {
    let place = Place::with(&evenings(7, 1, Accidents::default()));
    place.imported("hub", &[]).await;
    let players = json(&place, &["show", "session"]).await["epochs"][0]["team_a"].clone();
    let [gone, stays] = [0, 1].map(|index| players[index]["key"].as_str().unwrap().to_owned());
    let name = players[1]["name"].as_str().unwrap();
    says(&place, &["correct", "merge", &gone, &stays, "--reason", "new PC", "--even-though-together"]).await;
    let list = says(&place, &["correct", "list"]).await;
    let told = format!("({gone}) is merged into {name} ({stays}): all rounds of the first stand under the second");
    assert!(list.contains(&told), "{list}");
    assert!(list.contains("as in: slomix-hub correct undo 1 --reason WHY"), "{list}");
}
