use super::{Better, Group, Metric, RATE_MINIMUM};
use crate::domain::leaf::Number;

/// Σ seconds from an enemy's death by his hand to that enemy's next spawn or revive; unknown where no file tells.
pub const METRIC: Metric = Metric {
    key: "denied_playtime",
    version: 1,
    label: "Play denied",
    column: "DENY",
    group: Group::Time,
    definition: "seconds that enemies were dead because of him",
    unit: "s",
    decimals: 0,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| denied_playtime(Number::DeniedSeconds.of(sums), Number::DeniedKnownSeconds.of(sums)),
};

/// In seconds; `known_seconds` are those in a team in rounds that tell.
pub fn denied_playtime(denied_seconds: i64, known_seconds: i64) -> Option<i64> {
    (known_seconds > 0).then_some(denied_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_where_no_file_tells() {
        assert_eq!(denied_playtime(95, 294), Some(95));
        assert_eq!(denied_playtime(0, 294), Some(0));
        assert_eq!(denied_playtime(0, 0), None);
    }
}
