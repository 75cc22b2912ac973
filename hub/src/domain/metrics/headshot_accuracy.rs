use super::{Formula, ratio};

/// Headshot accuracy.
pub const FORMULA: Formula = Formula {
    id: "headshot_accuracy",
    version: 1,
    definition: "hits to the head per hit in percent, with weapons whose bullets can hit a head",
};

/// In tenths of a percent.
pub fn headshot_accuracy(headshots: i64, bullet_hits: i64) -> Option<i64> {
    ratio(headshots, 1000, bullet_hits)
}
