use super::{Formula, ratio};

/// Accuracy.
pub const FORMULA: Formula = Formula {
    id: "accuracy",
    version: 1,
    definition: "hits per shot in percent, with weapons whose bullets can hit a head",
};

/// In tenths of a percent.
pub fn accuracy(bullet_hits: i64, bullet_shots: i64) -> Option<i64> {
    ratio(bullet_hits, 1000, bullet_shots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_without_a_shot() {
        assert_eq!(accuracy(114, 283), Some(403));
        assert_eq!(accuracy(0, 0), None);
    }
}
