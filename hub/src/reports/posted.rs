//! Answers to what is asked with the buttons under posts. A post is anchored to an artifact, so that its buttons work
//! whatever became of the round since, and however often the hub was started anew.

use crate::domain::leaf::Number;
use crate::store::Store;
use crate::store::read::RoundRow;

use super::answer::Answer;
use super::grid::grid;
use super::post::{Post, Table};
use super::question::{PostKind, PostView, SessionView};
use super::session::SessionReport;
use super::session_numbers::{SessionNumbers, Somebody};
use super::session_views::{self, awards, graphs, maps, medals, weapons};
use super::words::{count, thousands};
use super::{ReportError, explain};

/// The answer to a question about the post of a kind that is anchored to an artifact.
pub(super) async fn answer(
    store: &Store,
    artifact: i64,
    about: PostKind,
    view: PostView,
) -> Result<Answer, ReportError> {
    let Some(round) = store.round_of_artifact(artifact).await? else { return Err(gone()) };
    let Some(session) = store.session(round.session).await? else { return Err(gone()) };
    let is_of_session = matches!(about, PostKind::Session | PostKind::Digest);
    let of_session = match view {
        PostView::Weapons => Some(SessionView::Weapons),
        PostView::Explain => Some(SessionView::Debug),
        PostView::Graphs => Some(SessionView::Graphs),
        PostView::Details | PostView::Awards => None,
    };
    if let Some(view) = of_session.filter(|_| is_of_session) {
        return session_views::of_one(store, session, view).await;
    }
    let report = SessionReport::read(store, session).await?;
    if view == PostView::Awards && !is_of_session {
        return Ok(medals::page(&round, &store.round_awards(round.id).await?, &handle(&report, &round)).into());
    }
    let numbers = SessionNumbers::read(store, report).await?;
    Ok(match about {
        PostKind::Session | PostKind::Digest if view == PostView::Awards => {
            // What the evening gave, then what each round's endstats say.
            let rounds = medals::pages(&numbers.report, &store.session_awards(numbers.report.session.id).await?);
            let sheets = std::iter::once(awards::post(&numbers).into()).chain(rounds.sheets);
            Answer { sheets: sheets.collect(), ..rounds }
        }
        PostKind::Session | PostKind::Digest => session_views::details(&numbers),
        _ if view == PostView::Graphs => graphs::pages(&of_post_alone(numbers, &round, about)),
        PostKind::Round => of_round(&numbers, &round, view),
        PostKind::Map => of_map(&numbers, &round, view)?,
    })
}

/// Of an evening's numbers those of one round, or of the map that it belongs to.
fn of_post_alone(mut numbers: SessionNumbers, round: &RoundRow, about: PostKind) -> SessionNumbers {
    let own = |other: &RoundRow| {
        other.id == round.id || about == PostKind::Map && round.map_play.is_some() && other.map_play == round.map_play
    };
    numbers.report.handle = match about {
        PostKind::Map => format!("{}, {}", numbers.report.handle, round.map),
        _ => handle(&numbers.report, round),
    };
    numbers.report.rounds.retain(own);
    let rounds = &numbers.report.rounds;
    numbers.lines.retain(|line| rounds.iter().any(|round| round.id == line.round));
    numbers
}

fn gone() -> ReportError {
    let text = "That round is no more: its file was replaced by a better one, or set aside.";
    ReportError::Nothing(text.to_owned())
}

fn handle(report: &SessionReport, round: &RoundRow) -> String {
    let place = report.rounds.iter().position(|other| other.id == round.id).unwrap_or(0) + 1;
    format!("{}.{place}", report.handle)
}

fn of_round(numbers: &SessionNumbers, round: &RoundRow, view: PostView) -> Answer {
    let report = &numbers.report;
    let handle = handle(report, round);
    let everybody = numbers.over(|other| other.id == round.id);
    match view {
        PostView::Explain => explain::round(report, round, &handle).into(),
        PostView::Weapons => weapons::pages_of(numbers, &everybody, &format!("{} R{}", round.map, round.half())),
        _ => {
            let epoch = report.epochs.iter().find(|epoch| epoch.plays.iter().any(|play| play.epoch == round.epoch));
            let epoch = epoch.or(report.epochs.last()).cloned().unwrap_or_default();
            let mut post = maps::half(numbers, &epoch, round, &round.map);
            post.tables.extend(damage(&everybody));
            Post { footer: handle, ..post }.into()
        }
    }
}

fn of_map(numbers: &SessionNumbers, round: &RoundRow, view: PostView) -> Result<Answer, ReportError> {
    let report = &numbers.report;
    let mut plays = report.epochs.iter().flat_map(|epoch| &epoch.plays);
    let Some(play) = plays.find(|play| Some(play.id) == round.map_play) else {
        return Err(ReportError::Nothing(
            "That map is no more: its halves belong to no map, or to another.".to_owned(),
        ));
    };
    let everybody = numbers.in_play(play);
    Ok(match view {
        PostView::Explain => explain::map(report, play, &report.handle).into(),
        PostView::Weapons => weapons::pages_of(numbers, &everybody, &play.map),
        _ => {
            let pages = maps::of_plays(numbers, true).into_iter().find(|(id, _)| *id == play.id);
            let mut pages = pages.map(|(_, pages)| pages).unwrap_or_default();
            if let Some(first) = pages.first_mut() {
                first.tables.extend(damage(&everybody));
            }
            Answer::pages(pages)
        }
    })
}

/// Damage, headshot kills and revives taken, which no other table of a map has.
fn damage(everybody: &[Somebody<'_>]) -> Option<Table> {
    let known = |one: &Somebody<'_>, number: Number| one.known(number, Number::KnownRounds);
    let column = |number: Number, text: fn(i64) -> String| {
        everybody.iter().map(|one| known(one, number).map_or_else(|| "–".to_owned(), text)).collect::<Vec<_>>()
    };
    let headshot_kills = everybody.iter().map(|one| {
        known(one, Number::HeadshotKills)
            .filter(|_| !one.is_of_both_halves())
            .map_or("–".to_owned(), |kills| count(Some(kills)))
    });
    let headshot_kills = headshot_kills.collect::<Vec<_>>();
    (!everybody.is_empty()).then(|| {
        grid(
            "Damage given and received, headshot kills",
            everybody.iter().map(|one| one.name),
            &[
                ("GIVEN", column(Number::DamageGiven, thousands)),
                ("RECVD", column(Number::DamageReceived, thousands)),
                ("HSK", headshot_kills),
            ],
        )
    })
}
