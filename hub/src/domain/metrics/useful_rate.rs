use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ useful kills / Σ kills. Useful is a kill whose victim had at least half of his side's wait before him.
pub const METRIC: Metric = Metric {
    key: "useful_rate",
    version: 1,
    label: "Useful kills",
    column: "USE",
    group: Group::Fighting,
    definition: "kills whose victim had at least half of his wait before him, per kill",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| useful_rate(Number::UsefulKills.of(sums), Number::KnownKills.of(sums)),
};

/// In tenths of a percent.
pub fn useful_rate(useful_kills: i64, kills: i64) -> Option<i64> {
    ratio(useful_kills, 1000, kills)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_without_a_kill() {
        assert_eq!(useful_rate(2, 6), Some(333));
        assert_eq!(useful_rate(0, 0), None);
    }
}
