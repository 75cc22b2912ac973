//! The sessions of a month, or the newest: when, how the score stood, how much was played.

use slomix_shared::artifact::LocalStamp;

use crate::store::Store;
use crate::store::read::{SessionRow, SessionSize};

use super::answer::Answer;
use super::columns::{left, right};
use super::post::{Accent, Post, Table};
use super::words::plural;
use super::{ReportError, calendar, handle, which_session};

/// So many are told without a month.
const NEWEST: i64 = 20;
/// So many stand on a page.
const ON_A_PAGE: usize = 10;

/// A session as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed {
    handle: String,
    session: SessionRow,
    size: SessionSize,
}

/// The sessions of the month that a text names, all of them, or the newest.
pub(super) async fn answer(store: &Store, month: Option<&str>, now_ms: i64) -> Result<Answer, ReportError> {
    let month = month.map(str::trim).filter(|month| !month.is_empty());
    let (title, sessions) = match month {
        None => ("The newest sessions".to_owned(), store.newest_sessions(NEWEST).await?),
        Some(text) => {
            let today = which_session::today(store, now_ms).await?;
            let Some((first, last)) = calendar::month(text, today) else {
                return Err(ReportError::Nothing(format!(
                    "{text} is no month: say one as in 11, november or 2026-11; without one the newest are told."
                )));
            };
            let month = first.strftime("%Y-%m").to_string();
            let sessions = store.sessions_between(&first.to_string(), &last.to_string()).await?;
            (format!("Sessions of {month}"), sessions)
        }
    };
    if sessions.is_empty() {
        return Err(ReportError::Nothing(match month {
            None => "No session has been played yet.".to_owned(),
            Some(_) => format!("{title}: none."),
        }));
    }
    let ids: Vec<i64> = sessions.iter().map(|session| session.id).collect();
    let sizes = store.session_sizes(&ids).await?;
    let mut listed = Vec::with_capacity(sessions.len());
    for session in sessions {
        let size = sizes.get(&session.id).copied().unwrap_or_default();
        listed.push(Listed { handle: handle::of_session(store, &session).await?, session, size });
    }
    Ok(Answer::pages(pages(&title, &listed)))
}

fn pages(title: &str, listed: &[Listed]) -> Vec<Post> {
    let count = listed.chunks(ON_A_PAGE).len();
    let total = plural(listed.len() as i64, "session", "sessions");
    let page = |(place, sessions): (usize, &[Listed])| {
        let mut rows = vec![format!(
            "{}{}{}{}{}",
            left("", 11),
            right("FROM", 6),
            right("SCORE", 7),
            right("MAPS", 5),
            right("PL", 4)
        )];
        rows.extend(sessions.iter().map(row));
        let page = if count > 1 { format!(" · page {} of {count}", place + 1) } else { String::new() };
        Post {
            title: title.to_owned(),
            accent: Accent::Neutral,
            lines: sessions.iter().filter_map(odd).collect(),
            tables: vec![Table { heading: "Local times".to_owned(), rows }],
            notes: vec![format!("!session {} shows one", sessions[0].handle)],
            footer: format!("{total}{page}"),
            timestamp_ms: None,
        }
    };
    listed.chunks(ON_A_PAGE).enumerate().map(page).collect()
}

fn row(listed: &Listed) -> String {
    let Listed { handle, session, size } = listed;
    let from = LocalStamp::from_seconds(session.stamp).civil().strftime("%H:%M").to_string();
    let (a, b) = session.score();
    format!(
        "{}{}{}{}{}",
        left(handle, 11),
        right(&from, 6),
        right(&format!("{a}-{b}"), 7),
        right(&size.maps.to_string(), 5),
        right(&size.players.to_string(), 4)
    )
}

/// What is worth a line: an evening with nothing that counts.
fn odd(listed: &Listed) -> Option<String> {
    let session = &listed.session;
    let nothing = session.wins_a + session.wins_b + session.ties == 0;
    let rounds = plural(listed.size.rounds, "round", "rounds");
    nothing.then(|| format!("{}: {rounds}, no map that counts", listed.handle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reports::sample::{session, shown};

    #[test]
    fn ten_a_page_with_score_and_size() {
        let listed: Vec<Listed> = (0..12)
            .map(|place| Listed {
                handle: format!("2026-11-{:02}a", 30 - place),
                session: SessionRow { stamp: 847_828_000 + place * 60, wins_a: place, ties: 1, wins_b: 2, ..session() },
                size: SessionSize { rounds: 2 * place, maps: place + 3, players: 12 },
            })
            .collect();
        let mut listed = listed;
        listed[11].session = SessionRow { stamp: 847_828_000, ..session() };
        let pages = pages("The newest sessions", &listed);
        assert_eq!(pages.len(), 2);
        insta::assert_snapshot!(pages.iter().map(shown).collect::<Vec<_>>().join("\n----\n"));
    }
}
