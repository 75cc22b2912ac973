use super::{Formula, ratio};

/// Kills per death.
pub const FORMULA: Formula =
    Formula { id: "kd", version: 1, definition: "kills per death by an enemy; without a death, the kills" };

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
