use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// Σ seconds alive / Σ seconds dead; unknown for who never waited.
pub const METRIC: Metric = Metric {
    key: "alive_dead_ratio",
    version: 1,
    label: "Alive per dead",
    column: "A/D",
    group: Group::Time,
    definition: "time alive per time spent waiting dead",
    unit: "",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| alive_dead_ratio(Number::DeadSeconds.of(sums), Number::Seconds.of(sums)),
};

/// In hundredths.
pub fn alive_dead_ratio(dead_seconds: i64, seconds: i64) -> Option<i64> {
    ratio(seconds - dead_seconds, 100, dead_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alive_per_dead() {
        assert_eq!(alive_dead_ratio(156, 294), Some(88));
        assert_eq!(alive_dead_ratio(0, 600), None);
    }
}
