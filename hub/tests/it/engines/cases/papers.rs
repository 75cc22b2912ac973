use slomix_hub::domain::decisions::Correction;
use slomix_hub::pipeline::verify::verify;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings, events};

pub(in crate::engines) async fn what_endstats_tell_stands_with_its_round(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    let session = store.newest_sessions(1).await.unwrap().remove(0);
    let (mut awards, mut duels) = (0, 0);
    let of_session = store.session_awards(session.id).await.unwrap();
    for round in store.rounds_of_session(session.id).await.unwrap() {
        let players = store.round_players(round.id).await.unwrap();
        let known = |id: Option<i64>| id.is_none_or(|id| players.iter().any(|player| player.player == id));
        let named = |id: Option<i64>, written: &str| {
            let player = players.iter().find(|player| Some(player.player) == id);
            player.map_or(written, |player| &player.name).to_owned()
        };
        let of_round = store.round_awards(round.id).await.unwrap();
        assert!(of_round.iter().all(|one| one.name == named(one.player, &one.holder)));
        assert!(of_round.iter().all(|one| !one.award.is_empty() && !one.value.is_empty() && known(one.player)));
        assert_eq!(of_session.get(&round.id).cloned().unwrap_or_default(), of_round);
        awards += of_round.len();
        let of_round = store.round_duels(round.id).await.unwrap();
        assert!(of_round.iter().all(|one| one.kills >= 0 && one.deaths >= 0 && known(one.opponent_player)));
        for one in &of_round {
            assert_eq!(one.opponent_name, named(one.opponent_player, &one.opponent));
            let subject = one.subject.as_ref().map(|written| named(one.subject_player, written));
            assert_eq!(one.subject_name, subject);
        }
        duels += of_round.len();
    }
    assert!(awards > 0 && duels > 0, "{awards} awards and {duels} duels");
    assert!(store.round_awards(1).await.unwrap().is_empty() && store.round_duels(1).await.unwrap().is_empty());
}

pub(in crate::engines) async fn full_guids_that_share_their_beginning_are_told(bench: Bench) {
    let store = &bench.store;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    assert_eq!(store.guid_collisions().await.unwrap(), []);
    let session = store.newest_sessions(1).await.unwrap().remove(0);
    let player = store.players_of_session(session.id).await.unwrap().remove(0);
    let mut full = store.full_guids(player.player).await.unwrap();
    assert_eq!(full.len(), 1);
    full.push(format!("{}{}", &full[0][..8], "F".repeat(24)));
    full.sort();
    let mut tx = store.begin(slomix_hub::store::Durability::Relaxed).await.unwrap();
    let sql = "insert into player_guid (session, player, guid, block) \
               select session, player, substr(guid, 1, 8) || 'FFFFFFFFFFFFFFFFFFFFFFFF', block \
               from player_guid where player = $1";
    assert_eq!(tx.execute("write", sql, vec![player.player.into()]).await.unwrap(), 1);
    tx.commit().await.unwrap();
    let collisions = store.guid_collisions().await.unwrap();
    assert_eq!((collisions.len(), &collisions[0].guid, &collisions[0].full), (1, &player.key, &full));
}

/// A round event fits its round by the zone: with another one no block holds it, and it waits again.
pub(in crate::engines) async fn round_events_follow_the_zone_and_come_back(bench: Bench) {
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.keep(&events(7, 1, Accidents::default())).await;
    bench.derive().await;
    let waiting = async || {
        let sql = "select count(*) from disposition where state = 'kept' and code = 'waiting' and block is null";
        bench.store.fetch("count what waits for a round", sql, vec![]).await.unwrap()[0].int(0)
    };
    let before = (waiting().await, bench.dump().await);
    let zone = Correction::Zone { server: "main".to_owned(), zone: "America/New_York".to_owned() };
    let id = bench.deriver.correct(&zone, "me", "it moved").await.unwrap().id;
    assert_eq!(waiting().await, before.0 + 6);
    let aside = bench.store.kept_aside(100).await.unwrap();
    assert!(aside.len() as i64 == waiting().await && aside.iter().all(|file| !file.reason.is_empty()), "{aside:?}");
    assert_eq!(bench.store.kept_aside(1).await.unwrap()[0].artifact, aside[0].artifact);
    assert!(verify(&bench.store, |_| {}).await.unwrap().is_sound());
    bench.deriver.undo(id, "me", "it did not").await.unwrap();
    assert_eq!((waiting().await, bench.dump().await), before);
}
