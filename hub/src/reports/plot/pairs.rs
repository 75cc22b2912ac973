//! Two values a player.

use super::Team;

/// Two values a player that belong together, such as damage given and received.
#[derive(Debug, Clone, PartialEq)]
pub struct Pairs {
    /// The answer in a sentence.
    pub title: String,
    /// The definition with formula id@version, and the sample.
    pub subtitle: String,
    /// What the first and the second value are.
    pub labels: [String; 2],
    /// One row a player, in any order; shown by the first value, greatest first.
    pub rows: Vec<Pair>,
}

/// Somebody's two values.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// The player's name as people see it.
    pub name: String,
    /// The team that the player was of.
    pub team: Option<Team>,
    /// The values, both in one unit; unknown is not zero.
    pub values: [Option<f64>; 2],
    /// The values as people read them.
    pub texts: [String; 2],
}
