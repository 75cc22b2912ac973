use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ useless kills / Σ kills, over rounds that tell. Useless is a kill whose victim had less than five seconds of wait
/// before him; where a side waits for less than ten seconds, a kill can be useful and useless.
pub const METRIC: Metric = Metric {
    key: "useless_rate",
    version: 1,
    label: "Useless kills",
    column: "USL",
    group: Group::Fighting,
    definition: "kills whose victim had less than five seconds of wait before him, per kill",
    unit: "%",
    decimals: 1,
    better: Better::Lower,
    minimum: RATE_MINIMUM,
    formula: |sums| useless_rate(Number::UselessKills.of(sums), Number::UselessKnownKills.of(sums)),
};

/// In tenths of a percent; `known_kills` are those in rounds that tell.
pub fn useless_rate(useless_kills: i64, known_kills: i64) -> Option<i64> {
    ratio(useless_kills, 1000, known_kills)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_the_kills_that_are_known() {
        assert_eq!(useless_rate(1, 6), Some(167));
        assert_eq!(useless_rate(0, 0), None);
    }
}
