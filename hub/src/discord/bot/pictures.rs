//! Draws pictures where blocking harms nobody: drawing keeps a core busy for tens of milliseconds.

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::{JoinError, spawn_blocking};

use crate::charts::{self, ChartError};
use crate::reports::answer::Picture;

/// Pictures that are drawn at once: the hub has other things to do.
const AT_ONCE: usize = 1;

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub(super) enum PictureError {
    #[error(transparent)]
    Chart(#[from] ChartError),
    #[error("drawing broke off")]
    Broken(#[source] JoinError),
}

/// Who draws.
pub(super) struct Pictures {
    turns: Arc<Semaphore>,
}

impl Default for Pictures {
    fn default() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Pictures {
    /// The picture as PNG; drawn once, however many ask.
    pub(super) async fn png(&self, picture: &Arc<Picture>) -> Result<Arc<[u8]>, PictureError> {
        // Nobody ever closes it.
        let turn = Arc::clone(&self.turns).acquire_owned().await.ok();
        let picture = Arc::clone(picture);
        let draw = move || {
            let _turn = turn;
            picture.drawn(|plot| charts::png(&charts::svg(plot)))
        };
        Ok(spawn_blocking(draw).await.map_err(PictureError::Broken)??)
    }
}
