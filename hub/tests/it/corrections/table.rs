//! A bench with an evening on it, and what tests ask of it.

use slomix_hub::domain::decisions::{Correction, RoundKey};
use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::store::read::{RoundPlayerRow, RoundRow, SessionRow};
use slomix_shared::game::Side;
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

/// One evening of three maps, three against three.
pub(super) async fn evening() -> Bench {
    let bench = Bench::new().await;
    bench.keep(&evenings(7, 1, Accidents::default())).await;
    bench.derive().await;
    bench
}

/// The only session.
pub(super) async fn session(bench: &Bench) -> SessionRow {
    bench.store.newest_sessions(1).await.unwrap().pop().unwrap()
}

/// Its rounds, in order of play.
pub(super) async fn rounds(bench: &Bench) -> Vec<RoundRow> {
    bench.store.rounds_of_session(session(bench).await.id).await.unwrap()
}

pub(super) fn key(round: &RoundRow) -> RoundKey {
    RoundKey::of_file(&round.server, &round.file).unwrap()
}

/// Everybody in a round, with his key.
pub(super) async fn players(bench: &Bench, round: &RoundRow) -> Vec<(String, RoundPlayerRow)> {
    let mut players = Vec::new();
    for row in bench.store.round_players(round.id).await.unwrap() {
        players.push((bench.store.player(row.player).await.unwrap().unwrap().key, row));
    }
    players
}

/// The key and row of somebody who was in this army, and was in it in every such round of the evening.
pub(super) async fn one_of(bench: &Bench, round: &RoundRow, side: Side) -> (String, RoundPlayerRow) {
    let players = players(bench, round).await;
    players.into_iter().find(|(_, row)| row.side == Some(side.number().into())).unwrap()
}

pub(super) async fn decide(bench: &Bench, correction: &Correction) -> i64 {
    bench.deriver.correct(correction, "ann", "it was so").await.unwrap().id
}

pub(super) async fn undo(bench: &Bench, id: i64) {
    bench.deriver.undo(id, "bob", "it was not").await.unwrap();
}

/// Decides, lets `look` see what came of it, rebuilds (which must change nothing), undoes, and everything must be as
/// before, byte for byte.
pub(super) async fn there_and_back(bench: &Bench, correction: &Correction, look: impl AsyncFnOnce(&Bench)) {
    let before = bench.dump().await;
    let id = decide(bench, correction).await;
    let decided = bench.dump().await;
    assert_ne!(decided, before, "{correction:?} changes nothing");
    look(bench).await;
    assert_eq!(bench.store.wrong_totals().await.unwrap(), 0);
    let rebuilt = rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!((rebuilt.rows, rebuilt.totals), (0, 0), "a rebuild heeds the decision too");
    undo(bench, id).await;
    let after = bench.dump().await;
    let odd: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
    assert!(after == before, "undoing {correction:?} leaves {odd:#?}");
    assert_eq!(bench.store.wrong_totals().await.unwrap(), 0);
}
