use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 60 · Σ seconds denied / Σ seconds in a team, over rounds that tell of denied play. It can exceed 60: one kill costs a whole
/// wait.
pub const METRIC: Metric = Metric {
    key: "denied_rate",
    version: 1,
    label: "Play denied per minute",
    column: "DENY/m",
    group: Group::Time,
    definition: "seconds that enemies were dead because of him, per own minute in a team",
    unit: "s per minute",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| denied_rate(Number::DeniedSeconds.of(sums), Number::DeniedKnownSeconds.of(sums)),
};

/// In tenths of a second per minute; `known_seconds` are those in a team in rounds that tell.
pub fn denied_rate(denied_seconds: i64, known_seconds: i64) -> Option<i64> {
    ratio(denied_seconds, 600, known_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_the_time_that_is_known() {
        assert_eq!(denied_rate(98, 294), Some(200));
        assert_eq!(denied_rate(0, 0), None);
    }
}
