//! What people ask for, as plain values that every face (Discord, terminal, pages) shows in its own way.

use async_trait::async_trait;

pub mod awards;
pub mod columns;
pub mod desk;
pub mod feats;
pub mod handle;
pub mod leaderboard;
pub mod numbers_table;
pub mod player;
pub mod plot;
pub mod post;
pub mod round;
pub mod round_post;
#[cfg(test)]
pub(crate) mod sample;
pub mod session;
pub mod session_post;
pub mod uncounted;
pub mod words;

use post::Post;

/// What the faces can ask for.
#[async_trait]
pub trait Reports: Send + Sync {
    /// The latest gaming session, one post per thing to read, in reading order.
    async fn last_session(&self) -> Result<Vec<Post>, ReportError>;
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
