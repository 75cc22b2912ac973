//! One value a player.

use super::{Reference, Team};

/// One value a player, longest to shortest.
#[derive(Debug, Clone, PartialEq)]
pub struct Bars {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// In which order the rows are shown, which also says which one is the best.
    pub order: Order,
    /// A value that the others are held against.
    pub reference: Option<Reference>,
    /// One row a player, in any order.
    pub rows: Vec<Bar>,
}

/// The order of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The greatest value comes first and is the best.
    MostFirst,
    /// The smallest value comes first and is the best.
    LeastFirst,
    /// As given; none is the best.
    Given,
}

/// Somebody's value.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The player's name as people see it.
    pub name: String,
    /// The team that the player was of.
    pub team: Option<Team>,
    /// The value; unknown is not zero.
    pub value: Option<f64>,
    /// The value as people read it.
    pub text: String,
    /// From where to where the value may lie.
    pub interval: Option<(f64, f64)>,
    /// A word beside the value, such as a play style or a small sample.
    pub note: Option<String>,
}
