//! Which sessions a text names, for commands: a handle, a day with all that was played on it, `last`, `today`,
//! `yesterday`.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use slomix_shared::artifact::LocalStamp;

use crate::store::decisions::ZONE;
use crate::store::read::SessionRow;
use crate::store::{Store, StoreError};

use super::{ReportError, calendar, handle};

/// The date now where the server is that played last; that of UTC where nobody played or no zone was told.
pub(crate) async fn today(store: &Store, now_ms: i64) -> Result<Date, StoreError> {
    let newest = store.newest_sessions(1).await?.pop();
    let mut zones = store.decided(ZONE).await?;
    let zone = newest.and_then(|session| zones.remove(&session.server));
    let zone = zone.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
    Ok(calendar::today(now_ms, &zone))
}

/// The sessions that a text names; never none. Of a day these are all that began on it, then any that lasted into it.
pub(crate) async fn all(store: &Store, text: &str, now_ms: i64) -> Result<Vec<SessionRow>, ReportError> {
    let text = text.trim().to_lowercase();
    let text = if text.is_empty() { "last" } else { text.as_str() };
    let mut found = Vec::new();
    if let Some(day) = calendar::day(text, today(store, now_ms).await?) {
        found = store.sessions_on(&day.to_string()).await?;
        let before = store.sessions_on(&calendar::days_before(day, 1).to_string()).await?;
        found.extend(before.into_iter().filter(|session| ended_on(session) == day));
    } else {
        found.extend(handle::find_session(store, text).await?);
    }
    if found.is_empty() {
        return Err(ReportError::Nothing(nothing(store, text).await?));
    }
    Ok(found)
}

/// The one session that a text names, for what is done to one.
pub(crate) async fn one(store: &Store, text: &str, now_ms: i64) -> Result<SessionRow, ReportError> {
    let mut found = all(store, text, now_ms).await?;
    if found.len() == 1 {
        return Ok(found.remove(0));
    }
    let mut handles = Vec::new();
    for session in &found {
        handles.push(handle::of_session(store, session).await?);
    }
    Err(ReportError::Nothing(format!("Which one? {text} had {}.", handles.join(" and "))))
}

/// The local date on which a session ended.
fn ended_on(session: &SessionRow) -> Date {
    LocalStamp::from_seconds(session.stamp + (session.end_ms - session.start_ms) / 1_000).date()
}

async fn nothing(store: &Store, text: &str) -> Result<String, StoreError> {
    let mut handles = Vec::new();
    for session in &store.newest_sessions(3).await? {
        handles.push(handle::of_session(store, session).await?);
    }
    if handles.is_empty() {
        return Ok("No session has been played yet.".to_owned());
    }
    let what = match text {
        "today" | "yesterday" => format!("Nothing was played {text}."),
        text => format!("There is no session {text}."),
    };
    let how = "Say a day as 2026-11-09, today or yesterday, or one of a day as 2026-11-09a; !rounds lists a month.";
    Ok(format!("{what} The newest are {}. {how}", handles.join(", ")))
}
