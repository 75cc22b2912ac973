//! A value that changes from round to round, or from session to session.

use super::{Reference, Team};

/// One line a player over the rounds of a session, or over the sessions of a career.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// The unit of the values, as short as `DPM`.
    pub unit: String,
    /// What lies along the time axis, in order.
    pub spans: Vec<Span>,
    /// A value that the others are held against.
    pub reference: Option<Reference>,
    /// The lines, the most telling first: the first six are coloured and named, the others are grey.
    pub series: Vec<Line>,
}

/// A map with its rounds, or a session by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// The map's name, or the session's date.
    pub name: String,
    /// One label a point of the lines, such as `R1`; may be empty texts.
    pub points: Vec<String>,
    /// Who gained from it.
    pub gained: Option<Team>,
    /// The score after it, team A first.
    pub score: Option<[u32; 2]>,
}

/// Somebody's values.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The player's name as people see it.
    pub name: String,
    /// One value a point of all spans, in order; unknown is a gap.
    pub values: Vec<Option<f64>>,
}
