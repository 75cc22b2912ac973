//! Who is who.

use slomix_hub::domain::decisions::{Bound, Correction};
use slomix_hub::domain::leaf::Number;
use slomix_hub::store::read::NamedPlayer;
use slomix_shared::artifact::{FileName, Kind};
use slomix_shared::game::Side;

use super::table::{decide, key, one_of, players, rounds, session, there_and_back, undo};
use crate::pipeline::{Bench, evenings};
use slomix_shared::sim::Accidents;

fn merge(player: &str, into: &str) -> Correction {
    Correction::Merge { player: player.to_owned(), into: into.to_owned() }
}

async fn by_key(bench: &Bench, key: &str) -> Option<NamedPlayer> {
    bench.store.find_players(key).await.unwrap().into_iter().find(|one| one.key == key)
}

/// Two evenings, in the second of which somebody plays with a new GUID.
async fn moved_house() -> (Bench, String, String) {
    let files = evenings(7, 2, Accidents::default());
    let bench = Bench::new().await;
    bench.keep(&files).await;
    bench.derive().await;
    let sessions = bench.store.newest_sessions(9).await.unwrap();
    let [last, first] = sessions.as_slice() else { panic!("two evenings: {sessions:?}") };
    let last_round = rounds(&bench).await.remove(0);
    let later = key(&last_round).stamp.to_string();
    let before = bench.store.players_of_session(first.id).await.unwrap();
    let after = players(&bench, &last_round).await;
    let both = |player: &&NamedPlayer| after.iter().any(|(key, row)| *key == player.key && row.participant);
    let old = before.iter().find(both).unwrap().key.clone();
    assert_eq!(last_round.session, last.id);
    let new = "5EE10001".to_owned();

    let moved: Vec<(String, Vec<u8>)> = files
        .iter()
        .filter(|(name, _)| FileName::kind_of(name) == Kind::Stats)
        .map(|(name, bytes)| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            (name.clone(), if name[..17] >= later[..] { text.replace(&old, &new) } else { text }.into_bytes())
        })
        .collect();
    let bench = Bench::new().await;
    bench.keep(&moved).await;
    bench.derive().await;
    assert!(by_key(&bench, &old).await.is_some() && by_key(&bench, &new).await.is_some());
    (bench, old, new)
}

#[tokio::test]
async fn a_merged_guid_s_rounds_are_the_other_s() {
    let (bench, old, new) = moved_house().await;
    let sums = async |bench: &Bench, key: &str| {
        let player = by_key(bench, key).await.unwrap().player;
        Number::Kills.of(&bench.store.totals("all", player).await.unwrap().unwrap())
    };
    let (before, more) = (sums(&bench, &old).await, sums(&bench, &new).await);
    there_and_back(&bench, &merge(&new, &old), async |bench| {
        assert!(by_key(bench, &new).await.is_none(), "nobody is left under the merged GUID");
        assert_eq!(sums(bench, &old).await, before + more);
        let round = rounds(bench).await.remove(0);
        let row = players(bench, &round).await.into_iter().find(|(key, _)| *key == old).unwrap().1;
        assert!(row.flags.contains("merged"));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_comes_later_is_merged_too() {
    let (bench, old, new) = moved_house().await;
    let late = evenings(7, 1, Accidents::default());
    let name = "2026-03-20-200000-supply-round-1.txt".to_owned();
    let (_, content) = late.iter().find(|(name, _)| name.contains("-round-1.txt")).unwrap();
    let late = (name, String::from_utf8_lossy(content).replace(&old, &new).into_bytes());

    let id = decide(&bench, &merge(&new, &old)).await;
    bench.keep(std::slice::from_ref(&late)).await;
    bench.derive().await;
    let round = bench.store.round_of_file(&late.0).await.unwrap().unwrap();
    let keys: Vec<String> = players(&bench, &round).await.into_iter().map(|(key, _)| key).collect();
    assert!(keys.contains(&old) && !keys.contains(&new), "{keys:?}");

    undo(&bench, id).await;
    let keys: Vec<String> = players(&bench, &round).await.into_iter().map(|(key, _)| key).collect();
    assert!(keys.contains(&new) && !keys.contains(&old), "what came after the decision is undone with it");
}

#[tokio::test]
async fn chains_of_guids_are_one_player_and_come_apart_link_by_link() {
    let (bench, old, new) = moved_house().await;
    let round = rounds(&bench).await.remove(0);
    let (third, _) = one_of(&bench, &round, Side::Allies).await;
    let third = if third == new { one_of(&bench, &round, Side::Axis).await.0 } else { third };
    let start = bench.dump().await;
    let first = decide(&bench, &merge(&new, &old)).await;
    let refused = bench.deriver.correct(&merge(&old, &third), "ann", "it was so").await.unwrap_err().to_string();
    assert!(refused.starts_with(&format!("{old} and {third} both stand in ")), "{refused}");
    let kept = bench.deriver.correct_even_though_together(&merge(&old, &third), "ann", "it was so").await;
    let second = kept.unwrap().id;
    // In the last evening both played, so there they are two.
    let now = players(&bench, &round).await;
    assert!(now.iter().any(|(key, row)| *key == new && row.flags.contains("merge_conflict")));
    assert!(now.iter().any(|(key, row)| *key == third && row.flags.contains("merge_conflict")));
    undo(&bench, first).await;
    undo(&bench, second).await;
    assert!(bench.dump().await == start);
}

#[tokio::test]
async fn a_guid_that_two_people_use_is_two_players() {
    let (bench, old, _) = moved_house().await;
    let day = bench.store.newest_sessions(9).await.unwrap().pop().unwrap();
    let rounds = bench.store.rounds_of_session(day.id).await.unwrap();
    let who = players(&bench, &rounds[0]).await.into_iter().find(|(key, _)| *key == old).unwrap().1;
    let by_name = Correction::Split { guid: old.clone(), bound: Bound::Name(who.name.clone()) };
    there_and_back(&bench, &by_name, async |bench| {
        let row = players(bench, &rounds[0]).await.into_iter().find(|(key, _)| key.starts_with(&format!("{old}@")));
        let (_, row) = row.unwrap();
        assert_eq!((row.kills, row.flags.contains("split")), (who.kills, true));
    })
    .await;

    let from = Correction::Split { guid: old.clone(), bound: Bound::From(key(&rounds[2]).stamp) };
    there_and_back(&bench, &from, async |bench| {
        for (index, round) in rounds.iter().enumerate() {
            let keys: Vec<String> = players(bench, round).await.into_iter().map(|(key, _)| key).collect();
            assert_eq!(keys.contains(&old), index < 2, "{}", round.file);
        }
    })
    .await;
    assert_ne!(session(&bench).await.id, day.id);
}
