use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// Σ deaths / rounds.
pub const METRIC: Metric = Metric {
    key: "deaths_per_round",
    version: 1,
    label: "Deaths per round",
    column: "DPR",
    group: Group::Fighting,
    definition: "deaths by an enemy per round",
    unit: "",
    decimals: 2,
    better: Better::Lower,
    minimum: RATE_MINIMUM,
    formula: |sums| deaths_per_round(Number::Deaths.of(sums), Number::Rounds.of(sums)),
};

/// In hundredths.
pub fn deaths_per_round(deaths: i64, rounds: i64) -> Option<i64> {
    ratio(deaths, 100, rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_round() {
        assert_eq!(deaths_per_round(7, 2), Some(350));
        assert_eq!(deaths_per_round(2, 3), Some(67));
        assert_eq!(deaths_per_round(0, 0), None);
    }
}
