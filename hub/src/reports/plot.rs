//! What a picture shows, as plain values: every face draws it, or says it in words, without knowing where it came from.
//!
//! A title is the answer in a sentence; a subtitle is the definition with the formula's id and version and the sample.
//! What is not known is `None` and never zero, and every number comes with the text that people read.

mod bars;
mod columns;
mod lines;
mod pairs;
mod panels;
mod radar;
mod split;
mod timeline;

pub use bars::{Bar, Bars, Order};
pub use columns::{Cell, Column, Columns, Row};
pub use lines::{Line, Lines, Span};
pub use pairs::{Pair, Pairs};
pub use panels::{Panel, Panels};
pub use radar::{Axis, Radar, Reading};
pub use split::{Split, Weapon};
pub use timeline::{Half, Outcome, Played, Timeline};

/// One picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Plot {
    /// Players against each other and against the pool's median.
    Radar(Radar),
    /// One value a player.
    Bars(Bars),
    /// Two values a player.
    Pairs(Pairs),
    /// Several values a player.
    Columns(Columns),
    /// A value per round or per session.
    Lines(Lines),
    /// The maps of a session in order.
    Timeline(Timeline),
    /// What somebody kills with.
    Split(Split),
    /// Several small bars or pairs.
    Panels(Panels),
}

/// A team of the session, which keeps its colour in every picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Team {
    /// Team A.
    A,
    /// Team B.
    B,
}

/// A value that others are held against, such as a K/D of 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Reference {
    /// Where it lies, in the unit of the values.
    pub value: f64,
    /// What it is, in a word or two.
    pub label: String,
}
