use super::{Better, Group, Metric, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ hits / Σ shots with weapons whose bullets can hit a head: pistols, submachine guns and rifles.
pub const METRIC: Metric = Metric {
    key: "accuracy",
    version: 1,
    label: "Accuracy",
    column: "ACC",
    group: Group::Aim,
    definition: "hits per shot, with weapons whose bullets can hit a head",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: &[(Number::Rounds, 50), (Number::BulletShots, 1000)],
    formula: |sums| accuracy(Number::BulletHits.of(sums), Number::BulletShots.of(sums)),
};

/// In tenths of a percent.
pub fn accuracy(bullet_hits: i64, bullet_shots: i64) -> Option<i64> {
    ratio(bullet_hits, 1000, bullet_shots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_without_a_shot() {
        assert_eq!(accuracy(114, 283), Some(403));
        assert_eq!(accuracy(0, 0), None);
    }
}
