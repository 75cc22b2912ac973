use super::{Better, Group, Metric, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ hits to the head / Σ hits, with the weapons that accuracy counts. Kills by a hit to the head are another number.
pub const METRIC: Metric = Metric {
    key: "headshot_accuracy",
    version: 1,
    label: "Headshot accuracy",
    column: "HS",
    group: Group::Aim,
    definition: "hits to the head per hit, with weapons whose bullets can hit a head",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: &[(Number::Rounds, 50), (Number::BulletHits, 1000)],
    formula: |sums| headshot_accuracy(Number::Headshots.of(sums), Number::BulletHits.of(sums)),
};

/// In tenths of a percent.
pub fn headshot_accuracy(headshots: i64, bullet_hits: i64) -> Option<i64> {
    ratio(headshots, 1000, bullet_hits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_without_a_hit() {
        assert_eq!(headshot_accuracy(10, 64), Some(156));
        assert_eq!(headshot_accuracy(0, 0), None);
    }
}
