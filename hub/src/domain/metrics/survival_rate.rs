use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · (1 − Σ seconds dead / Σ seconds in a team).
pub const METRIC: Metric = Metric {
    key: "survival_rate",
    version: 1,
    label: "Survival",
    column: "SURV",
    group: Group::Time,
    definition: "share of the time in a team that was spent alive",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| survival_rate(Number::DeadSeconds.of(sums), Number::Seconds.of(sums)),
};

/// In tenths of a percent.
pub fn survival_rate(dead_seconds: i64, seconds: i64) -> Option<i64> {
    ratio(seconds - dead_seconds, 1000, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_dead_is_alive() {
        assert_eq!(survival_rate(156, 294), Some(469));
        assert_eq!(survival_rate(0, 600), Some(1000));
        assert_eq!(survival_rate(0, 0), None);
    }
}
