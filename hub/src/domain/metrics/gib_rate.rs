use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 600 · Σ gibs / Σ seconds in a team.
pub const METRIC: Metric = Metric {
    key: "gib_rate",
    version: 1,
    label: "Gibs per 10 minutes",
    column: "GIB/10",
    group: Group::Fighting,
    definition: "enemies gibbed per ten minutes in a team",
    unit: "per 10 minutes",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| gib_rate(Number::Gibs.of(sums), Number::Seconds.of(sums)),
};

/// In hundredths.
pub fn gib_rate(gibs: i64, seconds: i64) -> Option<i64> {
    ratio(gibs, 60_000, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_ten_minutes() {
        assert_eq!(gib_rate(3, 294), Some(612));
        assert_eq!(gib_rate(12, 7200), Some(100));
        assert_eq!(gib_rate(0, 0), None);
    }
}
