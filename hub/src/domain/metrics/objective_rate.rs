use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 600 · Σ objectives stolen or returned / Σ seconds in a team. Files tell of no other objectives.
pub const METRIC: Metric = Metric {
    key: "objective_rate",
    version: 1,
    label: "Objectives per 10 minutes",
    column: "OBJ/10",
    group: Group::Team,
    definition: "objectives stolen or returned per ten minutes in a team",
    unit: "per 10 minutes",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| objective_rate(Number::Objectives.of(sums), Number::Seconds.of(sums)),
};

/// In hundredths.
pub fn objective_rate(objectives: i64, seconds: i64) -> Option<i64> {
    ratio(objectives, 60_000, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_ten_minutes() {
        assert_eq!(objective_rate(3, 294), Some(612));
        assert_eq!(objective_rate(12, 7200), Some(100));
        assert_eq!(objective_rate(0, 0), None);
    }
}
