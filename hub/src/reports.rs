//! What people ask for, as plain values that every face (Discord, terminal, pages) shows in its own way.

use std::sync::Arc;

use async_trait::async_trait;

pub mod alert;
pub mod answer;
pub mod awards;
pub mod cache;
pub mod calendar;
pub mod columns;
pub mod compare;
pub mod desk;
pub mod digest_post;
mod explain;
pub mod feats;
pub mod grid;
pub mod handle;
#[cfg(test)]
mod large_evening;
pub mod leaderboard;
mod leaderboard_pages;
mod legend;
mod lineups;
pub mod map_post;
pub mod milestones_reached;
pub mod numbers_table;
pub mod player;
mod player_list;
mod player_views;
pub mod plot;
pub mod post;
mod posted;
pub mod question;
pub mod resolver;
pub mod round;
pub mod round_post;
#[cfg(test)]
pub(crate) mod sample;
mod season;
pub mod session;
mod session_list;
pub mod session_numbers;
pub mod session_post;
pub mod session_views;
pub mod suggestions;
mod team_records;
mod top_table;
pub mod uncounted;
mod weapon_rows;
pub(crate) mod which_session;
pub mod words;

use answer::Answer;
use question::Question;
use resolver::{Found, Whom};
pub use suggestions::{Suggest, Suggestion};

/// What the faces can ask for.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The answer to a question.
    async fn answer(&self, question: &Question) -> Result<Arc<Answer>, ReportError>;

    /// Whom somebody means.
    async fn who(&self, whom: &Whom) -> Result<Found, ReportError>;

    /// What a text that was begun may become.
    async fn suggest(&self, what: Suggest, begun: &str) -> Result<Vec<Suggestion>, ReportError>;

    /// Something changed: what was answered before is not known any more. The answer is how much that was.
    fn forget(&self) -> usize {
        0
    }
}

/// Why a report could not be given.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// There is nothing to report; the text tells people so in their words.
    #[error("{0}")]
    Nothing(String),
    /// Reading what the report needs failed; the source is for the log, never for people.
    #[error("the report could not be made")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl From<crate::store::StoreError> for ReportError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Failed(Box::new(error))
    }
}
