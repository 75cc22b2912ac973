//! An evening in pictures: who hit, who kept the others alive, what it was worth, what everybody is most like, and how
//! it went round by round. One picture a page, with the sixteen players who killed most.

use crate::domain::leaf::Number;
use crate::reports::answer::{Answer, Sheet, Shown};
use crate::reports::plot::{Cell, Column, Columns, Order, Plot, Row, Team};
use crate::reports::post::{Accent, Post, Table};
use crate::reports::session_numbers::{SessionNumbers, Somebody};
use crate::reports::words::plural;
use crate::store::read::RoundRow;

use super::maps::counts;

mod advanced;
mod defence;
mod offence;
mod rounds;
mod styles;

/// Players who are shown.
const MOST: usize = 16;

/// A page of the set.
struct Page {
    /// What it is about, in a word or two.
    about: &'static str,
    /// What its picture is called.
    name: &'static str,
    /// The picture.
    plot: Plot,
    /// The answer, which stands over the picture too.
    title: String,
    /// What is told in words beside it.
    tables: Vec<Table>,
    /// And in lines.
    lines: Vec<String>,
}

/// A page for each picture.
pub(in crate::reports) fn pages(numbers: &SessionNumbers) -> Answer {
    let everybody = numbers.everybody();
    if everybody.is_empty() {
        return super::of_everybody(numbers, None, "Graphs", Vec::new()).into();
    }
    let shown = &everybody[..everybody.len().min(MOST)];
    let evening = Evening { numbers, shown };
    let pages = [
        offence::page(&evening),
        defence::page(&evening),
        advanced::page(&evening),
        styles::page(&evening),
        rounds::page(&evening),
    ];
    let report = &numbers.report;
    let of = pages.len();
    let hidden = everybody.len() - shown.len();
    let sheet = |(at, page): (usize, Page)| {
        let post = Post {
            title: page.title,
            accent: Accent::Neutral,
            lines: page.lines,
            tables: page.tables,
            notes: Vec::new(),
            footer: format!("{} · {} of {of}: {} · {}", report.handle, at + 1, page.about, report.turnout()),
            timestamp_ms: Some(report.session.end_ms),
        };
        Sheet::with_picture(post, page.name, page.plot)
    };
    let mut sheets: Vec<Sheet> = pages.into_iter().enumerate().map(sheet).collect();
    if hidden > 0 {
        for sheet in &mut sheets {
            sheet.post.notes.push(format!("Without the {hidden} with the fewest kills."));
        }
    }
    Answer { sheets, shown: Shown::BySheet, ..Answer::default() }
}

/// What the pictures are of.
struct Evening<'a> {
    numbers: &'a SessionNumbers,
    /// Who is shown, the most kills first.
    shown: &'a [Somebody<'a>],
}

/// One number of a picture: what it is, which is the best, where it comes from and how it is said.
struct Of {
    label: &'static str,
    best: Order,
    value: fn(&Somebody<'_>) -> Option<i64>,
    text: fn(Option<i64>) -> String,
}

impl<'a> Evening<'a> {
    /// The rounds that count, in order.
    fn rounds(&self) -> impl Iterator<Item = &'a RoundRow> {
        self.numbers.report.rounds.iter().filter(|round| counts(round))
    }

    /// What all that is shown is taken over.
    fn sample(&self) -> String {
        let players = plural(self.shown.len() as i64, "player", "players");
        let rounds = plural(self.rounds().count() as i64, "round", "rounds");
        format!("{players}, {rounds} of {}", self.numbers.report.handle)
    }

    /// The team of somebody; where teams were shuffled there is none for a whole evening.
    fn team(&self, one: &Somebody<'_>) -> Option<Team> {
        match (self.numbers.report.epochs.len(), one.team) {
            (1, 1) => Some(Team::A),
            (1, -1) => Some(Team::B),
            _ => None,
        }
    }

    /// What the teams are called.
    fn teams(&self) -> [String; 2] {
        let epoch = self.numbers.report.epochs.last();
        [1, -1].map(|team| epoch.map_or_else(|| crate::reports::words::team(team), |epoch| epoch.name(team)).to_owned())
    }

    /// Everybody who is shown with some numbers.
    fn columns(&self, title: &str, formulas: &str, columns: &[Of]) -> Plot {
        // What no file tells takes no room.
        let columns: Vec<&Of> =
            columns.iter().filter(|of| self.shown.iter().any(|one| (of.value)(one).is_some())).collect();
        let cell = |of: &Of, one: &Somebody<'_>| {
            let value = (of.value)(one);
            Cell { value: value.map(|value| value as f64), text: (of.text)(value) }
        };
        let row = |one: &Somebody<'_>| Row {
            name: one.name.to_owned(),
            team: self.team(one),
            cells: columns.iter().map(|of| cell(of, one)).collect(),
        };
        Plot::Columns(Columns {
            title: title.to_owned(),
            subtitle: format!("{formulas}. {}", self.sample()),
            teams: self.teams(),
            columns: columns.iter().map(|of| Column { label: of.label.to_owned(), best: of.best }).collect(),
            rows: self.shown.iter().map(row).collect(),
        })
    }
}

/// A number that stands in all lines that tell anything behind the weapons.
fn known(one: &Somebody<'_>, number: Number) -> Option<i64> {
    super::top::known(one, number)
}

/// A name as titles have room for it.
fn cut(name: &str) -> String {
    crate::reports::columns::cut(name, 14)
}

/// What is said of who leads, in two parts.
fn said(parts: [Option<String>; 2], otherwise: &str) -> String {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    if parts.is_empty() { otherwise.to_owned() } else { parts.join(" · ") }
}

#[cfg(test)]
mod tests;
