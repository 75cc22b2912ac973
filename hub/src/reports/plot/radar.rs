//! Players against each other and against the pool.

/// One shape a player over the same axes, and the pool's median behind them.
#[derive(Debug, Clone, PartialEq)]
pub struct Radar {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// Who is compared; the first two are drawn.
    pub players: Vec<String>,
    /// The axes, clockwise from the top.
    pub axes: Vec<Axis>,
}

/// One axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What it measures, in a word or two.
    pub label: String,
    /// Its unit and where it ends, such as `full at 5`; may be empty.
    pub unit: String,
    /// One reading a player, in their order.
    pub readings: Vec<Option<Reading>>,
    /// Where the median of the pool lies.
    pub median: Option<Reading>,
}

/// A point on an axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// How far out it lies, from 0 to 1.
    pub share: f64,
    /// The value as people read it.
    pub text: String,
}
