//! Which posts are asked for when files come in an order that a channel must not show.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use slomix_hub::store::Value;

use crate::pipeline::{Bench, evenings};
use slomix_shared::artifact::LocalStamp;
use slomix_shared::sim::Accidents;

/// Kind, name of the file at which it is anchored and state of every post.
async fn posts(bench: &Bench) -> Vec<(String, String)> {
    let sql = "select p.kind, a.name from post p join artifact a on a.id = p.anchor order by p.id";
    let rows = bench.store.fetch("list posts", sql, Vec::<Value>::new()).await.unwrap();
    rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect()
}

fn stats_of_an_evening() -> Vec<(String, Vec<u8>)> {
    evenings(5, 1, Accidents::default()).into_iter().filter(|(name, _)| !name.contains("endstats")).collect()
}

#[tokio::test]
async fn a_first_half_that_comes_late_makes_no_second_session_message() {
    let bench = Bench::announcing().await;
    let files = stats_of_an_evening();
    for number in [1, 2, 0, 3] {
        bench.keep(&files[number..=number]).await;
        bench.derive().await;
    }
    let posts = posts(&bench).await;
    let of = |kind: &str| posts.iter().filter(|(one, _)| one == kind).map(|(_, file)| file).collect::<Vec<_>>();
    assert_eq!(of("session"), [&files[1].0]);
    assert_eq!(of("round"), [&files[1].0, &files[2].0, &files[0].0, &files[3].0]);
}

#[tokio::test]
async fn a_copy_that_comes_before_its_original_is_posted_once() {
    let bench = Bench::announcing().await;
    let files = stats_of_an_evening();
    let (name, content) = &files[0];
    let (stamp, rest) = name.split_at(17);
    let later = LocalStamp::from_seconds(LocalStamp::parse(stamp).unwrap().seconds() + 90);
    let copy = (format!("{later}{rest}"), content.clone());
    for file in [&copy, &files[0], &files[1]] {
        bench.keep(std::slice::from_ref(file)).await;
        bench.derive().await;
    }
    let wanted = [("round", &copy.0), ("session", &copy.0), ("round", &files[1].0), ("map", &files[1].0)];
    assert_eq!(posts(&bench).await, wanted.map(|(kind, file)| (kind.to_owned(), file.clone())));
    let sql = "select id from artifact where name = $1";
    let anchor = bench.store.fetch("find a file", sql, vec![copy.0.as_str().into()]).await.unwrap()[0].int(0);
    let round = bench.store.round_of_artifact(anchor).await.unwrap().unwrap();
    assert_eq!(round.file, *name, "the post at the copy shows the original's round");
}

/// The wanted hashes of posts by kind.
async fn wishes(bench: &Bench, kind: &str) -> Vec<Vec<u8>> {
    let sql = "select wanted from post where kind = $1 order by id";
    let rows = bench.store.fetch("list wishes", sql, vec![Value::from(kind)]).await.unwrap();
    rows.iter().map(|row| row.bytes(0).to_vec()).collect()
}

#[tokio::test]
async fn endstats_that_come_late_amend_the_posts_that_show_them() {
    let bench = Bench::announcing().await;
    let files = evenings(5, 1, Accidents::default());
    let (papers, stats): (Vec<_>, Vec<_>) = files.into_iter().partition(|(name, _)| name.contains("endstats"));
    bench.keep(&stats).await;
    bench.derive().await;
    let (rounds, session) = (wishes(&bench, "round").await, wishes(&bench, "session").await);
    let maps = wishes(&bench, "map").await;
    bench.keep(&papers[1..=1]).await;
    bench.derive().await;
    let amended = wishes(&bench, "round").await;
    let differ: Vec<usize> = (0..rounds.len()).filter(|&at| rounds[at] != amended[at]).collect();
    assert_eq!((differ, rounds.len()), (vec![1], 6));
    let amended = wishes(&bench, "map").await;
    let differ: Vec<usize> = (0..maps.len()).filter(|&at| maps[at] != amended[at]).collect();
    assert_eq!((differ, maps.len()), (vec![0], 3));
    assert_eq!(wishes(&bench, "session").await, session, "a session's message shows no awards");
    let row = bench.store.round_of_file(&stats[1].0).await.unwrap().unwrap();
    assert!(!bench.store.round_awards(row.id).await.unwrap().is_empty());
    assert!(!bench.store.round_duels(row.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_map_is_posted_once_after_its_second_half_whichever_half_comes_first() {
    let bench = Bench::announcing().await;
    let files = stats_of_an_evening();
    let mut seen = Vec::new();
    // A first half alone is no map yet, a second half alone is one, and what comes late amends it.
    for number in [0, 3, 2, 1, 5] {
        bench.keep(&files[number..=number]).await;
        bench.derive().await;
        seen.push(wishes(&bench, "map").await);
    }
    assert_eq!(seen.iter().map(Vec::len).collect::<Vec<_>>(), [0, 1, 1, 2, 3]);
    assert_ne!(seen[1][0], seen[2][0], "the first half came");
    assert_ne!(seen[2][0], seen[3][0], "the map before came, and the score is another one");
    let maps: Vec<String> =
        posts(&bench).await.into_iter().filter(|(kind, _)| kind == "map").map(|(_, file)| file).collect();
    assert_eq!(maps, [&files[3].0, &files[1].0, &files[5].0].map(Clone::clone));
}

/// The only session there is.
async fn session(bench: &Bench) -> slomix_hub::store::read::SessionRow {
    bench.store.newest_sessions(1).await.unwrap().remove(0)
}

#[tokio::test]
async fn a_session_that_is_over_gets_one_digest_which_late_rounds_amend() {
    let bench = Bench::announcing().await;
    let files = stats_of_an_evening();
    bench.keep(&files[1..5]).await;
    bench.derive().await;
    assert!(wishes(&bench, "digest").await.is_empty(), "nobody said that it is over");
    let mut digests = Vec::new();
    for late in [None, Some(5), Some(0)] {
        if let Some(late) = late {
            bench.keep(&files[late..=late]).await;
            bench.derive().await;
        }
        // Over and over again, as after every start.
        bench.deriver.close_session(&session(&bench).await).await.unwrap();
        digests.extend(wishes(&bench, "digest").await);
    }
    assert_eq!(digests.len(), 3, "one at each look");
    assert!(digests[0] != digests[1] && digests[1] != digests[2], "each shows more than the one before");
    bench.keep(&evenings(5, 1, Accidents::default())).await;
    bench.derive().await;
    let with_endstats = wishes(&bench, "digest").await;
    assert!(with_endstats.len() == 1 && with_endstats[0] != digests[2], "its awards came");
}

#[tokio::test]
async fn a_session_that_was_stored_in_silence_gets_no_digest() {
    let bench = Bench::announcing().await;
    bench.keep(&stats_of_an_evening()).await;
    bench.derive().await;
    let silent = "delete from post where kind = 'session'";
    let mut tx = bench.store.begin(slomix_hub::store::Durability::Full).await.unwrap();
    tx.execute("forget the session's message", silent, Vec::new()).await.unwrap();
    tx.commit().await.unwrap();
    bench.deriver.close_session(&session(&bench).await).await.unwrap();
    assert!(wishes(&bench, "digest").await.is_empty());
}

#[tokio::test]
async fn what_is_switched_off_is_not_posted() {
    let off = slomix_hub::pipeline::Extras { maps: false, digests: false };
    let bench = Bench::announcing_with(off).await;
    bench.keep(&stats_of_an_evening()).await;
    bench.derive().await;
    bench.deriver.close_session(&session(&bench).await).await.unwrap();
    let kinds: std::collections::BTreeSet<String> = posts(&bench).await.into_iter().map(|(kind, _)| kind).collect();
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), ["round", "session"]);
}
