use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 60 · Σ damage given / Σ seconds in a team, over rounds whose line tells both.
pub const METRIC: Metric = Metric {
    key: "dpm",
    version: 1,
    label: "Damage per minute",
    column: "DPM",
    group: Group::Fighting,
    definition: "damage given to enemies per minute in a team, alive or waiting",
    unit: "per minute",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| dpm(Number::DamageGiven.of(sums), Number::Seconds.of(sums)),
};

/// In tenths, from damage and seconds in a team.
pub fn dpm(damage_given: i64, seconds: i64) -> Option<i64> {
    ratio(damage_given, 600, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_of_sums_and_no_mean_of_ratios() {
        assert_eq!(dpm(1419, 294), Some(2896));
        assert_eq!(dpm(3000, 594), Some(3030));
        assert_eq!(dpm(10, 0), None);
        // A good minute and nine empty ones are no good ten minutes.
        let (first, second) = (dpm(600, 60).unwrap(), dpm(0, 540).unwrap());
        assert_eq!((dpm(600, 600), i64::midpoint(first, second)), (Some(600), 3000));
    }
}
