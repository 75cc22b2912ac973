//! Answers about one gaming session, or about all of a day: which are meant, and what of them.

use crate::store::Store;
use crate::store::read::SessionRow;

use super::answer::{Answer, Shown};
use super::post::{Accent, Post, Table};
use super::question::SessionView;
use super::session::SessionReport;
use super::session_numbers::SessionNumbers;
use super::{ReportError, session_post, which_session};

pub(in crate::reports) mod awards;
mod combat;
pub(in crate::reports) mod debug;
mod endstats;
pub(in crate::reports) mod graphs;
pub(in crate::reports) mod maps;
pub(in crate::reports) mod medals;
pub mod named;
mod objectives;
pub(in crate::reports) mod score;
mod sprees;
mod support;
mod teams;
mod time;
mod time_raw;
mod timeline;
mod top;
pub(in crate::reports) mod weapons;

/// The answer to a question about the sessions that a text names.
pub(super) async fn answer(
    store: &Store,
    session: &str,
    view: SessionView,
    now_ms: i64,
) -> Result<Answer, ReportError> {
    let sessions = which_session::all(store, session, now_ms).await?;
    let many = sessions.len();
    let several = many > 1;
    let mut answer = Answer::default();
    for (place, session) in sessions.into_iter().enumerate() {
        let mut one = of_one(store, session, view).await?;
        if several {
            for sheet in &mut one.sheets {
                sheet.post.footer = format!("session {} of {many} · {}", place + 1, sheet.post.footer);
            }
        }
        answer.shown = if several { Shown::BySheet } else { one.shown };
        answer.sheets.extend(one.sheets);
        answer.files.extend(one.files);
    }
    Ok(answer)
}

pub(super) async fn of_one(store: &Store, session: SessionRow, view: SessionView) -> Result<Answer, ReportError> {
    let id = session.id;
    let report = SessionReport::read(store, session).await?;
    let plain = match view {
        SessionView::Overview => Some(overview(&report)),
        SessionView::Debug => Some(debug::post(&report)),
        SessionView::Score => Some(score::post(&report)),
        SessionView::Teams => Some(teams::post(&report)),
        SessionView::Endstats => Some(endstats::post(&report, &store.rounds_with_endstats(id).await?)),
        _ => None,
    };
    if let Some(post) = plain {
        return Ok(post.into());
    }
    if view == SessionView::Medals {
        return Ok(medals::pages(&report, &store.session_awards(id).await?));
    }
    let numbers = SessionNumbers::read(store, report).await?;
    Ok(of_numbers(&numbers, view))
}

/// What somebody may want to know of a session beside its score: everybody's numbers, a page for each kind.
pub(super) fn details(numbers: &SessionNumbers) -> Answer {
    let views =
        [SessionView::Top, SessionView::Combat, SessionView::Support, SessionView::Objectives, SessionView::Sprees];
    let sheets = views.into_iter().flat_map(|view| of_numbers(numbers, view).sheets);
    Answer { sheets: sheets.collect(), shown: Shown::BySheet, files: Vec::new() }
}

/// What is made of everybody's numbers.
fn of_numbers(numbers: &SessionNumbers, view: SessionView) -> Answer {
    match view {
        SessionView::Maps => maps::pages(numbers, false),
        SessionView::MapsFull => maps::pages(numbers, true),
        SessionView::Graphs => graphs::pages(numbers),
        SessionView::Weapons => weapons::pages(numbers),
        SessionView::TimeRaw => time_raw::answer(numbers),
        SessionView::Combat => combat::post(numbers).into(),
        SessionView::Objectives => objectives::post(numbers).into(),
        SessionView::Support => support::post(numbers).into(),
        SessionView::Sprees => sprees::post(numbers).into(),
        SessionView::Time => time::post(numbers).into(),
        SessionView::Awards => awards::post(numbers).into(),
        _ => top::post(numbers).into(),
    }
}

fn overview(report: &SessionReport) -> Post {
    let mut post = session_post::post(report);
    let more: Vec<&str> = named::ALL.iter().skip(1).map(|named| named.name).collect();
    post.notes.push(format!("More: !session {} {}", report.handle, more.join(", ")));
    post
}

/// A post of a view: what is told of everybody in tables, or why there is nothing to tell.
fn of_everybody(numbers: &SessionNumbers, title: Option<String>, what: &str, tables: Vec<Table>) -> Post {
    let report = &numbers.report;
    let nobody = report.nobody_counts();
    Post {
        title: title.unwrap_or_else(|| format!("{what} of {}", report.handle)),
        accent: Accent::Neutral,
        tables: if numbers.everybody().is_empty() { Vec::new() } else { tables },
        lines: nobody.into_iter().collect(),
        notes: Vec::new(),
        footer: format!("{} · {}", report.handle, report.turnout()),
        timestamp_ms: Some(report.session.end_ms),
    }
}

#[cfg(test)]
mod tests;
