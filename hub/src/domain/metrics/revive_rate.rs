use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 600 · Σ revives given / Σ seconds in a team, over rounds that tell of revives (files since October 2025 do).
pub const METRIC: Metric = Metric {
    key: "revive_rate",
    version: 1,
    label: "Revives per 10 minutes",
    column: "REV/10",
    group: Group::Team,
    definition: "team mates revived per ten minutes in a team",
    unit: "per 10 minutes",
    decimals: 2,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| revive_rate(Number::RevivesGiven.of(sums), Number::RevivesKnownSeconds.of(sums)),
};

/// In hundredths.
pub fn revive_rate(revives: i64, seconds: i64) -> Option<i64> {
    ratio(revives, 60_000, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_ten_minutes() {
        assert_eq!(revive_rate(3, 294), Some(612));
        assert_eq!(revive_rate(12, 7200), Some(100));
        assert_eq!(revive_rate(0, 0), None);
    }
}
