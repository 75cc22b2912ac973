use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// Σ damage given / Σ damage received; without damage received, the damage given. Elsewhere it is given / (given +
/// received) in percent.
pub const METRIC: Metric = Metric {
    key: "damage_efficiency",
    version: 1,
    label: "Damage efficiency",
    column: "DMG/R",
    group: Group::Fighting,
    definition: "damage given per damage received",
    unit: "",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| {
        let known = Number::KnownRounds.of(sums) > 0;
        known.then(|| damage_efficiency(Number::DamageGiven.of(sums), Number::DamageReceived.of(sums))).flatten()
    },
};

/// In hundredths.
pub fn damage_efficiency(damage_given: i64, damage_received: i64) -> Option<i64> {
    ratio(damage_given, 100, damage_received.max(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_per_received() {
        assert_eq!(damage_efficiency(1419, 1525), Some(93));
        assert_eq!(damage_efficiency(40, 0), Some(4000));
    }
}
