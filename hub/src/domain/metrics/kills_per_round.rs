use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// Σ kills / rounds. Rounds differ much in length, so it says more about maps than damage per minute does.
pub const METRIC: Metric = Metric {
    key: "kills_per_round",
    version: 1,
    label: "Kills per round",
    column: "KPR",
    group: Group::Fighting,
    definition: "kills per round",
    unit: "",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| kills_per_round(Number::Kills.of(sums), Number::Rounds.of(sums)),
};

/// In hundredths.
pub fn kills_per_round(kills: i64, rounds: i64) -> Option<i64> {
    ratio(kills, 100, rounds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_round() {
        assert_eq!(kills_per_round(25, 2), Some(1250));
        assert_eq!(kills_per_round(1, 3), Some(33));
        assert_eq!(kills_per_round(0, 0), None);
    }
}
