use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ seconds dead / Σ seconds in a team, each round's dead time at most its time in a team. The writer's own ratio in
/// a second half stands over the time of both halves.
pub const METRIC: Metric = Metric {
    key: "time_dead_ratio",
    version: 1,
    label: "Time dead",
    column: "DEAD",
    group: Group::Time,
    definition: "share of the time in a team that was spent waiting dead",
    unit: "%",
    decimals: 1,
    better: Better::Lower,
    minimum: RATE_MINIMUM,
    formula: |sums| time_dead_ratio(Number::DeadSeconds.of(sums), Number::Seconds.of(sums)),
};

/// In tenths of a percent.
pub fn time_dead_ratio(dead_seconds: i64, seconds: i64) -> Option<i64> {
    ratio(dead_seconds, 1000, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn share_of_the_time_in_a_team() {
        assert_eq!(time_dead_ratio(156, 294), Some(531));
        assert_eq!(time_dead_ratio(600, 600), Some(1000));
        assert_eq!(time_dead_ratio(0, 0), None);
    }
}
