//! Several values a player, side by side.

use super::{Order, Team};

/// One row a player and one column a number: whoever looks for himself finds all of his in one place.
#[derive(Debug, Clone, PartialEq)]
pub struct Columns {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// What team A and team B are called; told where a row has a team.
    pub teams: [String; 2],
    /// The numbers, at most seven.
    pub columns: Vec<Column>,
    /// The players in the order in which they are shown.
    pub rows: Vec<Row>,
}

/// One number.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// What it is, in a word or two.
    pub label: String,
    /// Which value of it is the best; [`Order::Given`] for none.
    pub best: Order,
}

/// Somebody's numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The player's name as people see it.
    pub name: String,
    /// The team that the player was of.
    pub team: Option<Team>,
    /// One cell a column, in their order.
    pub cells: Vec<Cell>,
}

/// One number of somebody.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The value; unknown is not zero.
    pub value: Option<f64>,
    /// The value as people read it.
    pub text: String,
}
