//! Answers about one player.

use crate::store::Store;

use super::ReportError;
use super::answer::Answer;
use super::player::PlayerReport;
use super::question::PlayerView;

mod achievements;
mod aliases;
mod form;
mod habits;
mod stats;
mod weapons;

/// The answer to a question about a player.
pub(super) async fn answer(store: &Store, player: i64, view: PlayerView) -> Result<Answer, ReportError> {
    let Some(player) = store.player(player).await? else {
        return Err(ReportError::Nothing("That player has no rounds any more.".to_owned()));
    };
    Ok(match view {
        PlayerView::Aliases => Answer::pages(aliases::posts(&player, &store.aliases(player.player).await?)),
        PlayerView::Achievements => {
            Answer::from(achievements::post(&player, &store.done_by_session(player.player).await?))
        }
        PlayerView::Form => form::answer(store, &player).await?,
        PlayerView::Weapons => weapons::answer(store, &player).await?,
        PlayerView::Consistency | PlayerView::Maps | PlayerView::Sides | PlayerView::Fatigue => {
            habits::answer(store, &player, view).await?
        }
        PlayerView::Stats => Answer::from(stats::post(&PlayerReport::read(store, player).await?)),
    })
}
