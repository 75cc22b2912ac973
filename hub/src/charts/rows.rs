//! One row a player: how high rows are, how large their text is, and how many have room.

use super::fonts::Weight;
use super::frame::TEXT;
use super::writer::{Anchor, Label, Rect, Svg};
use super::{palette, text};
use crate::reports::plot::Team;

/// More rows than this are no picture any more.
const MOST: usize = 16;
/// Under this height rows of text touch each other.
const LOWEST: f64 = 28.0;
const HIGHEST: f64 = 72.0;

/// Where rows lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    top: f64,
    /// The height of a row with the room to the next.
    pub(super) height: f64,
    /// The size of the text in it.
    pub(super) text: f64,
    /// How many rows are drawn.
    pub(super) shown: usize,
    /// How many are not.
    pub(super) hidden: usize,
}

impl Rows {
    /// Shares the place among so many rows; where some have no room, the last one is left for saying so.
    pub(super) fn new(place: Rect, count: usize) -> Self {
        let most = ((place.h / LOWEST) as usize).clamp(1, MOST);
        let (shown, hidden) = if count > most { (most - 1, count + 1 - most) } else { (count, 0) };
        let lines = shown + usize::from(hidden > 0);
        let height = (place.h / lines.max(1) as f64).min(HIGHEST);
        let top = place.y + (place.h - height * lines as f64) / 2.0;
        Self { top, height, text: (height * 0.58).clamp(TEXT, 30.0), shown, hidden }
    }

    /// The middle of a row.
    pub(super) fn middle(self, row: usize) -> f64 {
        self.top + self.height * (row as f64 + 0.5)
    }

    /// The baseline of text in a row.
    pub(super) fn baseline(self, row: usize) -> f64 {
        self.middle(row) + self.text * 0.36
    }

    /// Above the first and under the last row.
    pub(super) fn ends(self) -> (f64, f64) {
        (self.top, self.middle(self.shown.max(1) - 1) + self.height / 2.0)
    }

    /// How thick a bar in a row is.
    pub(super) fn bar(self) -> f64 {
        self.height * 0.62
    }

    /// Says how many are not shown.
    pub(super) fn rest(self, svg: &mut Svg, x: f64) {
        if self.hidden > 0 {
            let text = format!("and {} more", self.hidden);
            svg.text((x, self.baseline(self.shown)), &Label::new(&text, self.text).colour(palette::QUIET));
        }
    }
}

/// How wide the widest of these texts is.
pub(super) fn widest<'a>(texts: impl Iterator<Item = &'a str>, size: f64, weight: Weight) -> f64 {
    texts.map(|text| text::width(text, size, weight)).fold(0.0, f64::max)
}

/// How wide the key of teams is.
pub(super) const TEAMS: f64 = 232.0;

/// A key of two entries above rows, left of a place: a dot of the colour and a word.
pub(super) fn teams(svg: &mut Svg, right: f64, baseline: f64) {
    let mut x = right;
    for (name, colour) in [("Team B", palette::TEAM_B), ("Team A", palette::TEAM_A)] {
        x -= svg.text((x, baseline), &Label::new(name, TEXT).colour(palette::QUIET).anchor(Anchor::End)) + 14.0;
        svg.dot((x, baseline - 8.0), 8.0, colour);
        x -= 30.0;
    }
}

/// A key of both teams by their names, left of a place, where there is room for it.
pub(super) fn named_teams(svg: &mut Svg, (mut x, baseline): (f64, f64), room: f64, names: &[String; 2]) {
    if room < 200.0 {
        return;
    }
    for (name, team) in names.iter().zip([Team::A, Team::B]).rev() {
        let name = text::name(name);
        x -= svg.text((x, baseline), &Label::new(&name, TEXT).end().within(room / 2.0 - 40.0)) + 14.0;
        svg.dot((x, baseline - 8.0), 8.0, palette::team(Some(team)));
        x -= 26.0;
    }
}
