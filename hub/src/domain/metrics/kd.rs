use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// Σ kills / Σ deaths; without a death the kills stand. The writer's own ratio says kills + 1 there.
pub const METRIC: Metric = Metric {
    key: "kd",
    version: 1,
    label: "Kills per death",
    column: "K/D",
    group: Group::Fighting,
    definition: "kills per death by an enemy; without a death, the kills",
    unit: "",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| kd(Number::Kills.of(sums), Number::Deaths.of(sums)),
};

/// In hundredths.
pub fn kd(kills: i64, deaths: i64) -> Option<i64> {
    ratio(kills, 100, deaths.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_deaths_the_kills_stand() {
        assert_eq!(kd(6, 7), Some(86));
        assert_eq!(kd(5, 0), Some(500));
        assert_eq!(kd(0, 0), Some(0));
    }
}
