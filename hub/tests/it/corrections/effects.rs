//! Rounds, sides, teams, names, contents and zones.

use slomix_hub::domain::decisions::Correction;
use slomix_hub::domain::leaf::Number;
use slomix_hub::store::read::{MapPlayRow, RoundRow};
use slomix_shared::artifact::ContentHash;
use slomix_shared::game::Side;

use super::table::{decide, evening, key, one_of, players, rounds, session, there_and_back};
use crate::pipeline::Bench;

/// A round as it is now.
async fn again(bench: &Bench, round: &RoundRow) -> RoundRow {
    bench.store.round(round.id).await.unwrap().unwrap()
}

/// The map play of a round.
async fn play(bench: &Bench, round: &RoundRow) -> MapPlayRow {
    let plays = bench.store.map_plays(round.session).await.unwrap();
    plays.into_iter().find(|play| Some(play.id) == round.map_play).unwrap()
}

#[tokio::test]
async fn a_voided_round_counts_for_nothing_and_stays_to_be_seen() {
    let bench = evening().await;
    let first = rounds(&bench).await.remove(0);
    let (_, player) = one_of(&bench, &first, Side::Axis).await;
    let before = bench.store.totals("all", player.player).await.unwrap().unwrap();
    let counted = session(&bench).await.uncounted;
    assert!(play(&bench, &first).await.counted);
    there_and_back(&bench, &Correction::Void { round: key(&first) }, async |bench| {
        let now = again(bench, &first).await;
        assert_eq!(
            (now.status, now.valid, now.counts_for, now.flags),
            (first.status.clone(), true, 8, "voided".into())
        );
        assert_eq!(now.axis_team, first.axis_team, "its players' teams are told by the other rounds");
        let play = play(bench, &first).await;
        assert_eq!((play.counted, play.uncounted.as_str()), (false, "voided"));
        assert_eq!(session(bench).await.uncounted, counted + 1);
        let after = bench.store.totals("all", player.player).await.unwrap().unwrap();
        assert_eq!(Number::Rounds.of(&after), Number::Rounds.of(&before) - 1);
        assert_eq!(Number::Kills.of(&after), Number::Kills.of(&before) - player.kills);
        assert_eq!(players(bench, &first).await.len(), 6, "its numbers can be looked at");
    })
    .await;
}

#[tokio::test]
async fn a_player_is_put_on_the_side_where_he_was() {
    let bench = evening().await;
    let first = rounds(&bench).await.remove(0);
    let (player, row) = one_of(&bench, &first, Side::Axis).await;
    let to_allies = Correction::Side { round: key(&first), player: player.clone(), side: Some(Side::Allies) };
    there_and_back(&bench, &to_allies, async |bench| {
        let now = players(bench, &first).await.into_iter().find(|(key, _)| *key == player).unwrap().1;
        assert_eq!((now.side, now.team, now.kills), (Some(2), -row.team, row.kills));
        assert!(now.flags.contains("manual_side"));
        assert_eq!(again(bench, &first).await.flags, "manual_side");
    })
    .await;
    let watched = Correction::Side { round: key(&first), player: player.clone(), side: None };
    there_and_back(&bench, &watched, async |bench| {
        let now = players(bench, &first).await.into_iter().find(|(key, _)| *key == player).unwrap().1;
        assert_eq!((now.side, now.participant, now.counted), (None, false, false));
        assert_eq!(again(bench, &first).await.humans, first.humans - 1);
    })
    .await;
}

#[tokio::test]
async fn a_round_s_winner_turns_the_map() {
    let bench = evening().await;
    // A second half: who wins it decides the map. What it was not before, it becomes.
    let second = rounds(&bench).await.into_iter().find(|round| round.number == 2).unwrap();
    let winner = if second.winner == Some(1) { Side::Allies } else { Side::Axis };
    let completed = second.defender != Some(winner.number().into());
    let before = play(&bench, &second).await;
    there_and_back(&bench, &Correction::Winner { round: key(&second), side: winner }, async |bench| {
        let now = again(bench, &second).await;
        assert_eq!(now.outcome, if completed { "completed" } else { "held" });
        assert!(now.has_flag("manual_winner"), "{}", now.flags);
        let after = play(bench, &second).await;
        assert_ne!(after.result, before.result);
        assert!(after.counted);
    })
    .await;
    let defender = if second.defender == Some(1) { Side::Allies } else { Side::Axis };
    there_and_back(&bench, &Correction::Defender { round: key(&second), side: defender }, async |bench| {
        assert_eq!(again(bench, &second).await.defender, Some(defender.number().into()));
        assert_ne!(play(bench, &second).await.result, before.result);
    })
    .await;
}

#[tokio::test]
async fn a_player_is_put_into_the_team_where_he_belongs() {
    let bench = evening().await;
    let rounds = rounds(&bench).await;
    let (player, row) = one_of(&bench, &rounds[0], Side::Axis).await;
    assert_eq!(row.team, 1, "team A is Axis in the first half");
    let correction = Correction::Team { round: key(&rounds[2]), player, team: -1 };
    there_and_back(&bench, &correction, async |bench| {
        let members = bench.store.members(rounds[0].session).await.unwrap();
        let of = |team: i64| members.iter().filter(|one| one.team == team).map(|one| one.player).collect::<Vec<_>>();
        assert!(of(-1).contains(&row.player) && of(1).len() == 2 && of(-1).len() == 4);
    })
    .await;
}

#[tokio::test]
async fn the_content_that_people_pinned_counts() {
    let bench = evening().await;
    let round = rounds(&bench).await.remove(0);
    let best = bench.store.content(round.artifact).await.unwrap().unwrap();
    // The same file with its last player missing: complete in itself, and by the rule the worse one.
    let text = String::from_utf8_lossy(&best).into_owned();
    let shorter = text.trim_end().rsplit_once('\n').unwrap().0.to_owned() + "\n";
    bench.keep(&[(round.file.clone(), shorter.clone().into_bytes())]).await;
    bench.derive().await;
    assert_eq!(again(&bench, &round).await.artifact, round.artifact);
    let hash = ContentHash::of(shorter.as_bytes());
    let pin = Correction::Pin { server: "main".to_owned(), file: round.file.clone(), hash };
    there_and_back(&bench, &pin, async |bench| {
        let now = again(bench, &round).await;
        assert_ne!(now.artifact, round.artifact);
        assert_eq!((now.humans, now.flags.as_str()), (round.humans - 1, "pinned"));
        assert_eq!(bench.store.fate(round.artifact).await.unwrap().unwrap().0, "superseded");
    })
    .await;
}

#[tokio::test]
async fn a_zone_moves_instants_and_keeps_every_round_s_name() {
    let bench = evening().await;
    let before = rounds(&bench).await;
    let zone = Correction::Zone { server: "main".to_owned(), zone: "America/New_York".to_owned() };
    there_and_back(&bench, &zone, async |bench| {
        let after = rounds(bench).await;
        for (old, new) in before.iter().zip(&after) {
            assert_eq!((new.id, new.end_ms), (old.id, old.end_ms + 6 * 3_600_000));
        }
    })
    .await;
}

#[tokio::test]
async fn a_team_s_name_is_kept_with_who_it_was() {
    let bench = evening().await;
    let round = rounds(&bench).await.remove(0);
    let rows = bench.dump().await;
    let name = Correction::Name {
        round: key(&round),
        team: 1,
        name: "Night Shift".to_owned(),
        roster: vec!["AAAA0001".to_owned()],
    };
    let id = decide(&bench, &name).await;
    assert_eq!(bench.store.decision(id).await.unwrap().unwrap().correction(), Some(name));
    assert_eq!(bench.dump().await, rows, "a name is no number");
}
