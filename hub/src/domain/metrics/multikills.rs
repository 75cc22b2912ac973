use super::{Better, Group, Metric, TOTAL_MINIMUM};
use crate::domain::leaf::Number;

/// Σ of the five classes: chains of 2, 3, 4, 5 and 6 or more kills, each with less than three seconds between kills and
/// counted once, at its final size.
pub const METRIC: Metric = Metric {
    key: "multikills",
    version: 1,
    label: "Multikills",
    column: "MULTI",
    group: Group::Fighting,
    definition: "runs of two or more kills with less than three seconds between them",
    unit: "",
    decimals: 0,
    better: Better::Higher,
    minimum: TOTAL_MINIMUM,
    formula: |sums| multikills(Number::Multikills.of(sums), Number::MultikillsKnownSeconds.of(sums)),
};

/// `known_seconds` are those in a team in rounds that tell.
pub fn multikills(multikills: i64, known_seconds: i64) -> Option<i64> {
    (known_seconds > 0).then_some(multikills)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_where_no_file_tells() {
        assert_eq!(multikills(5, 294), Some(5));
        assert_eq!(multikills(0, 0), None);
    }
}
