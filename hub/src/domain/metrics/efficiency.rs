use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ kills / (Σ kills + Σ deaths).
pub const METRIC: Metric = Metric {
    key: "efficiency",
    version: 1,
    label: "Efficiency",
    column: "EFF",
    group: Group::Fighting,
    definition: "kills per kills and deaths",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| efficiency(Number::Kills.of(sums), Number::Deaths.of(sums)),
};

/// In tenths of a percent.
pub fn efficiency(kills: i64, deaths: i64) -> Option<i64> {
    ratio(kills, 1000, kills + deaths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_where_nobody_died() {
        assert_eq!(efficiency(6, 7), Some(462));
        assert_eq!(efficiency(3, 0), Some(1000));
        assert_eq!(efficiency(0, 0), None);
    }
}
