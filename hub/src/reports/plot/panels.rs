//! Several small pictures on one.

use super::{Bars, Pairs};

/// Up to six small pictures that together tell one thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Panels {
    /// The answer in a sentence.
    pub title: String,
    /// What the panels have in common: formula versions and the sample.
    pub subtitle: String,
    /// The panels in reading order; their own subtitles are not drawn. Four make two rows of two, six two of three.
    pub parts: Vec<Panel>,
}

/// A small picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Panel {
    /// One value a player; the best rows that fit.
    Bars(Bars),
    /// Two values a player; the first rows that fit.
    Pairs(Pairs),
}
