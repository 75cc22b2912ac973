//! What cannot be decided, in words that say why.

use slomix_hub::domain::decisions::{Bound, Correction, RoundKey};
use slomix_hub::pipeline::DecideError;
use slomix_hub::store::Durability;
use slomix_shared::artifact::ContentHash;
use slomix_shared::game::Side;

use super::table::{decide, evening, key, one_of, rounds, undo};
use crate::pipeline::Bench;

async fn refusal(bench: &Bench, correction: &Correction) -> String {
    let before = bench.store.decisions().await.unwrap();
    let error = bench.deriver.correct(correction, "ann", "because").await.unwrap_err();
    assert_eq!(bench.store.decisions().await.unwrap(), before, "nothing is kept");
    error.to_string()
}

#[tokio::test]
async fn what_is_not_there_cannot_be_decided_about() {
    let bench = evening().await;
    let round = key(&rounds(&bench).await[0]);
    let nowhere = RoundKey { map: "nowhere".to_owned(), ..round.clone() };
    let nobody = "0BADF00D".to_owned();
    let server = "main".to_owned();
    for (correction, words) in [
        (Correction::Void { round: nowhere.clone() }, format!("there is no round {nowhere}")),
        (
            Correction::Side { round: round.clone(), player: nobody.clone(), side: Some(Side::Axis) },
            format!("there is no line of 0BADF00D in {round}"),
        ),
        (
            Correction::Team { round: round.clone(), player: nobody.clone(), team: 1 },
            format!("there is no 0BADF00D in the session of {round}"),
        ),
        (Correction::Merge { player: nobody.clone(), into: nobody.clone() }, "there is no round of 0BADF00D".into()),
        (
            Correction::Split { guid: "OMNIBOT0".to_owned(), bound: Bound::Name("x".to_owned()) },
            "OMNIBOT0 is not a player's GUID: eight hexadecimal digits, as show player prints them".into(),
        ),
        (
            Correction::Pin { server: server.clone(), file: "x.txt".to_owned(), hash: ContentHash::of(b"x") },
            format!("x.txt has no content {}; no file of that name has come", ContentHash::of(b"x").short()),
        ),
        (
            Correction::Zone { server, zone: "Europe/Atlantis".to_owned() },
            "`Europe/Atlantis` is not a zone that is known here: Europe/Berlin is one".into(),
        ),
    ] {
        assert_eq!(refusal(&bench, &correction).await, words);
    }
}

#[tokio::test]
async fn deciding_and_undoing_twice_is_told() {
    let bench = evening().await;
    let rounds = rounds(&bench).await;
    let void = Correction::Void { round: key(&rounds[0]) };
    let id = decide(&bench, &void).await;
    assert_eq!(refusal(&bench, &void).await, format!("decision {id} of ann says so already: it was so"));
    undo(&bench, id).await;
    let error = bench.deriver.undo(id, "cid", "again").await.unwrap_err();
    assert_eq!(error.to_string(), format!("decision {id} was undone already, by bob: it was not"));
    assert!(matches!(bench.deriver.undo(99, "cid", "x").await, Err(DecideError::NoDecision(99))));
    assert!(matches!(bench.deriver.undo(id, "cid", " ").await, Err(DecideError::NoReason)));
    decide(&bench, &void).await;

    let row = bench.store.decision(id).await.unwrap().unwrap();
    assert_eq!((row.author.as_str(), row.reason.as_str(), row.undone_by.as_str()), ("ann", "it was so", "bob"));
    assert_eq!((row.undone_because.as_str(), row.undone_ms.is_some()), ("it was not", true));
}

#[tokio::test]
async fn two_words_about_the_same_do_not_stand_side_by_side() {
    let bench = evening().await;
    let rounds = rounds(&bench).await;
    let (player, _) = one_of(&bench, &rounds[0], Side::Axis).await;
    let (other, _) = one_of(&bench, &rounds[0], Side::Allies).await;
    let team = |round: usize, team| Correction::Team { round: key(&rounds[round]), player: player.clone(), team };
    let id = decide(&bench, &team(0, -1)).await;
    let words = format!("decision {id} of ann says otherwise (it was so): undo it first");
    assert_eq!(refusal(&bench, &team(3, 1)).await, words, "another round of the same session");

    let merge = |player: &str, into: &str| Correction::Merge { player: player.to_owned(), into: into.to_owned() };
    bench.deriver.correct_even_though_together(&merge(&player, &other), "ann", "it was so").await.unwrap();
    let words = format!("{player} is {other} already, so {other} cannot be {player}");
    assert_eq!(refusal(&bench, &merge(&other, &player)).await, words);
    let words = format!("both are the same player, {other}: there is nothing to merge");
    assert_eq!(refusal(&bench, &merge(&other, &other)).await, words);
}

#[tokio::test]
async fn a_content_that_cannot_be_read_is_not_pinned() {
    let bench = evening().await;
    let round = rounds(&bench).await.remove(0);
    let broken = b"not a stats file\n".to_vec();
    bench.keep(&[(round.file.clone(), broken.clone())]).await;
    bench.derive().await;
    let pin = Correction::Pin { server: "main".to_owned(), file: round.file.clone(), hash: ContentHash::of(&broken) };
    assert!(refusal(&bench, &pin).await.starts_with(&format!("that content of {} cannot count (", round.file)));
}

#[tokio::test]
async fn a_content_that_is_not_there_is_told_with_those_that_are() {
    let bench = evening().await;
    let round = rounds(&bench).await.remove(0);
    let there = ContentHash::of(&bench.store.content(round.artifact).await.unwrap().unwrap()).short();
    let hash = ContentHash::of(b"another");
    let pin = Correction::Pin { server: "main".to_owned(), file: round.file.clone(), hash };
    let words = format!("{} has no content {}; it has {there}", round.file, hash.short());
    assert_eq!(refusal(&bench, &pin).await, words);
}

#[tokio::test]
async fn two_who_played_together_are_not_one() {
    let bench = evening().await;
    let rounds = rounds(&bench).await;
    let (player, _) = one_of(&bench, &rounds[0], Side::Axis).await;
    let (other, _) = one_of(&bench, &rounds[0], Side::Allies).await;
    let merge = Correction::Merge { player: player.clone(), into: other.clone() };
    let words = refusal(&bench, &merge).await;
    let first = format!("{player} and {other} both stand in {}, ", key(&rounds[0]).words());
    assert!(words.starts_with(&first), "{words}");
    assert!(words.contains(" and 1 more round: two clients at once are two people."), "{words}");
    assert!(bench.deriver.check(&merge).await.is_ok() && bench.deriver.never_together(&merge).await.is_err());
}

#[tokio::test]
async fn the_teams_of_a_session_have_two_names() {
    let bench = evening().await;
    let round = key(&rounds(&bench).await[0]);
    let name = |team, name: &str| {
        let members = ["AAAA0001"].map(str::to_owned).to_vec();
        Correction::Name { round: round.clone(), team, name: name.to_owned(), roster: members }
    };
    let words = |name: &str, other: &str| {
        format!("`{name}` is what {other} of that session is called already: give the two teams different names")
    };
    assert_eq!(refusal(&bench, &name(1, "team b")).await, words("team b", "Team B"), "it has no other name");
    decide(&bench, &name(1, "Night Shift")).await;
    for same in ["Night Shift", "^1night ^7SHIFT"] {
        assert_eq!(refusal(&bench, &name(-1, same)).await, words(same, "Team A"));
    }
    decide(&bench, &name(-1, "Day Shift")).await;
    for odd in ["two\nlines", "a\u{1b}[31mb", "\u{202e}abc", " "] {
        let refused = refusal(&bench, &name(-1, odd)).await;
        assert!(refused.contains("cannot be a team's name") && !refused.contains(char::is_control), "{refused}");
    }
}

#[tokio::test]
async fn reasons_have_an_end() {
    let bench = evening().await;
    let void = Correction::Void { round: key(&rounds(&bench).await[0]) };
    let (longest, longer) = ("\u{e4}".repeat(500), "\u{e4}".repeat(501));
    let long = bench.deriver.correct(&void, "ann", &longer).await.unwrap_err().to_string();
    assert_eq!(long, "a reason has at most 500 characters, and this one has 501: say it shorter");
    let id = bench.deriver.correct(&void, "ann", &longest).await.unwrap().id;
    assert!(matches!(bench.deriver.undo(id, "ann", &longer).await, Err(DecideError::LongReason(501))));
}

#[tokio::test]
async fn reasons_are_kept_as_one_line() {
    let bench = evening().await;
    let void = Correction::Void { round: key(&rounds(&bench).await[0]) };
    let none = bench.deriver.correct(&void, "ann", "\u{1b}\n\u{7}").await.unwrap_err();
    assert!(matches!(none, DecideError::NoReason), "{none}");
    let nobody = bench.deriver.correct(&void, "\n", "so").await.unwrap_err();
    assert!(matches!(nobody, DecideError::NoAuthor), "{nobody}");
    let id = bench.deriver.correct(&void, "an\tn", "the server\r\ncrashed\u{1b}[2J").await.unwrap().id;
    bench.deriver.undo(id, "b\u{9b}ob", "it\ndid not").await.unwrap();
    let row = bench.store.decision(id).await.unwrap().unwrap();
    assert_eq!((row.author.as_str(), row.reason.as_str()), ("an n", "the server crashed[2J"));
    assert_eq!((row.undone_by.as_str(), row.undone_because.as_str()), ("bob", "it did not"));
}

/// The disk is full, the database server goes away: what was decided is kept by then, and says so.
#[tokio::test]
async fn what_is_kept_and_cannot_be_derived_yet_is_no_refusal() {
    let bench = evening().await;
    let round = rounds(&bench).await.remove(0);
    let run = async |sql: &str| {
        let mut tx = bench.store.begin(Durability::Full).await.unwrap();
        tx.execute("stand in the way or aside", sql, vec![]).await.unwrap();
        tx.commit().await.unwrap();
    };
    run("create trigger in_the_way before update on round begin select raise(abort, 'in the way'); end").await;
    let error = bench.deriver.correct(&Correction::Void { round: key(&round) }, "ann", "because").await.unwrap_err();
    let DecideError::Kept { id, .. } = error else { panic!("{error}") };
    assert!(error.to_string().starts_with(&format!("decision {id} is as you said; its numbers")), "{error}");
    assert!(bench.store.decisions().await.unwrap().iter().any(|row| row.id == id));
    run("drop trigger in_the_way").await;
    bench.derive().await;
    assert!(rounds(&bench).await.iter().any(|one| one.file == round.file && one.has_flag("voided")));
}
