//! Answers about one player.

use crate::store::Store;

use super::ReportError;
use super::answer::Answer;
use super::player::PlayerReport;
use super::question::PlayerView;

mod stats;

/// The answer to a question about a player.
pub(super) async fn answer(store: &Store, player: i64, view: PlayerView) -> Result<Answer, ReportError> {
    let Some(player) = store.player(player).await? else {
        return Err(ReportError::Nothing("That player has no rounds any more.".to_owned()));
    };
    Ok(match view {
        PlayerView::Stats => Answer::from(stats::post(&PlayerReport::read(store, player).await?)),
    })
}
