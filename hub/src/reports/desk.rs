//! Reports and posts out of the store.

use std::sync::Arc;

use async_trait::async_trait;

use crate::store::Store;

use super::post::{Accent, Post};
use super::round::RoundReport;
use super::session::SessionReport;
use super::{ReportError, Reports, round_post, session_post};

/// Reads reports from a store.
#[derive(Clone)]
pub struct Desk {
    store: Store,
}

impl Desk {
    /// A desk over a store.
    pub fn new(store: Store) -> Arc<Self> {
        Arc::new(Self { store })
    }

    /// What the post about an artifact should show now; none where there is nothing to post.
    pub async fn post_about(&self, artifact: i64, kind: &str) -> Result<Option<Post>, crate::store::StoreError> {
        let Some(round) = self.store.round_of_artifact(artifact).await? else {
            return Ok((kind == "round").then(gone));
        };
        if kind == "round" {
            return Ok(Some(round_post::post(&RoundReport::read(&self.store, round).await?)));
        }
        let Some(session) = self.store.session(round.session).await? else { return Ok(None) };
        Ok(Some(session_post::post(&SessionReport::read(&self.store, session).await?)))
    }
}

/// What stands in place of a round that turned out to be none.
fn gone() -> Post {
    Post {
        title: "This round is no more".to_owned(),
        accent: Accent::Trouble,
        lines: vec!["Its file was replaced by a better one or set aside; the numbers above were withdrawn.".to_owned()],
        tables: Vec::new(),
        notes: Vec::new(),
        footer: String::new(),
        timestamp_ms: None,
    }
}

#[async_trait]
impl crate::discord::outbox::Renderer for Desk {
    async fn render(
        &self,
        row: &crate::discord::outbox::OutboxRow,
    ) -> Result<Option<Post>, crate::discord::outbox::RenderError> {
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| crate::discord::outbox::RenderError(error);
        let artifact = row.anchor.parse().map_err(|error| failed(Box::new(error)))?;
        self.post_about(artifact, &row.kind).await.map_err(|error| failed(Box::new(error)))
    }
}

#[async_trait]
impl Reports for Desk {
    async fn last_session(&self) -> Result<Vec<Post>, ReportError> {
        let failed = |error| ReportError::Failed(Box::new(error));
        let Some(session) = self.store.newest_sessions(1).await.map_err(failed)?.pop() else {
            return Err(ReportError::Nothing("No session has been played yet.".to_owned()));
        };
        let report = SessionReport::read(&self.store, session).await.map_err(failed)?;
        Ok(vec![session_post::post(&report)])
    }
}
