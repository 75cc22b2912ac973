use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ kills by a hit to the head / Σ kills, over rounds whose line tells the former.
pub const METRIC: Metric = Metric {
    key: "headshot_kill_rate",
    version: 1,
    label: "Headshot kills",
    column: "HSK",
    group: Group::Aim,
    definition: "kills by a hit to the head per kill",
    unit: "%",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| headshot_kill_rate(Number::HeadshotKills.of(sums), Number::KnownKills.of(sums)),
};

/// In tenths of a percent.
pub fn headshot_kill_rate(headshot_kills: i64, kills: i64) -> Option<i64> {
    ratio(headshot_kills, 1000, kills)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_without_a_kill() {
        assert_eq!(headshot_kill_rate(3, 8), Some(375));
        assert_eq!(headshot_kill_rate(0, 0), None);
    }
}
