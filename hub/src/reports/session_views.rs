//! Answers about one gaming session: which one is meant, and what of it.

use crate::store::Store;

use super::answer::Answer;
use super::question::SessionView;
use super::session::SessionReport;
use super::{ReportError, handle, session_post};

/// The answer to a question about a session.
pub(super) async fn answer(store: &Store, session: &str, view: SessionView) -> Result<Answer, ReportError> {
    let report = read(store, session).await?;
    Ok(match view {
        SessionView::Overview => Answer::from(session_post::post(&report)),
    })
}

/// The session that a text names.
async fn read(store: &Store, text: &str) -> Result<SessionReport, ReportError> {
    let Some(session) = handle::find_session(store, text).await? else {
        let newest = store.newest_sessions(3).await?;
        let mut handles = Vec::new();
        for session in &newest {
            handles.push(handle::of_session(store, session).await?);
        }
        return Err(ReportError::Nothing(match handles.as_slice() {
            [] => "No session has been played yet.".to_owned(),
            handles => format!("There is no session {text}. The newest are {}.", handles.join(", ")),
        }));
    };
    Ok(SessionReport::read(store, session).await?)
}
