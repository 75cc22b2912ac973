//! Short names of sessions and rounds for people: `2026-11-09b` is the second session that began on that day,
//! `2026-11-09b.3` its third round. The first session of a day may be called by the date alone.

use crate::store::read::{RoundRow, SessionRow};
use crate::store::{Store, StoreError};

/// The handle of a session.
pub async fn of_session(store: &Store, session: &SessionRow) -> Result<String, StoreError> {
    let same_day = store.sessions_on(&session.date).await?;
    let position = same_day.iter().position(|other| other.id == session.id).unwrap_or(0);
    Ok(format!("{}{}", session.date, letter(position)))
}

/// The handle of a round.
pub async fn of_round(store: &Store, round: &RoundRow) -> Result<String, StoreError> {
    let Some(session) = store.session(round.session).await? else { return Ok(round.file.clone()) };
    let rounds = store.rounds_of_session(session.id).await?;
    let position = rounds.iter().position(|other| other.id == round.id).unwrap_or(0) + 1;
    Ok(format!("{}.{position}", of_session(store, &session).await?))
}

/// The session that `text` names: a handle, a date with one session, an id, or `last`.
pub async fn find_session(store: &Store, text: &str) -> Result<Option<SessionRow>, StoreError> {
    let text = text.to_ascii_lowercase();
    let text = text.as_str();
    if matches!(text, "last" | "latest") {
        return Ok(store.newest_sessions(1).await?.pop());
    }
    if let Ok(id) = text.parse::<i64>() {
        return store.session(id).await;
    }
    let (date, position) = match text.char_indices().nth(10) {
        Some((at, _)) => (&text[..at], position(&text[at..])),
        None => (text, Some(0)),
    };
    let sessions = store.sessions_on(date).await?;
    Ok(position.and_then(|position| sessions.into_iter().nth(position)))
}

/// The round that `text` names: a handle, an id, a file name, or `last`.
pub async fn find_round(store: &Store, text: &str) -> Result<Option<RoundRow>, StoreError> {
    if let Ok(id) = text.parse::<i64>() {
        return store.round(id).await;
    }
    if matches!(text, "last" | "latest") {
        let Some(session) = store.newest_sessions(1).await?.pop() else { return Ok(None) };
        return Ok(store.rounds_of_session(session.id).await?.pop());
    }
    if text.contains("-round-") {
        return store.round_of_file(text).await;
    }
    let Some((session, number)) = text.rsplit_once('.') else { return Ok(None) };
    let (Some(session), Ok(number)) = (find_session(store, session).await?, number.parse::<usize>()) else {
        return Ok(None);
    };
    let rounds = store.rounds_of_session(session.id).await?;
    Ok(number.checked_sub(1).and_then(|index| rounds.into_iter().nth(index)))
}

/// a to z, then aa, ab and so on.
fn letter(position: usize) -> String {
    let own = char::from(b'a' + (position % 26) as u8);
    match position / 26 {
        0 => own.to_string(),
        more => format!("{}{own}", letter(more - 1)),
    }
}

fn position(letters: &str) -> Option<usize> {
    let mut value: usize = 0;
    for byte in letters.bytes() {
        if !byte.is_ascii_lowercase() || value > 100_000 {
            return None;
        }
        value = value * 26 + usize::from(byte - b'a') + 1;
    }
    value.checked_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_count_on() {
        for index in [0, 1, 25, 26, 27, 700, 703] {
            assert_eq!(position(&letter(index)), Some(index));
        }
        assert_eq!(letter(26), "aa");
        assert_eq!(position("B"), None);
        assert_eq!(position(""), None);
    }
}
