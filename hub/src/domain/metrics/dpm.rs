use super::{Formula, ratio};

/// Damage per minute.
pub const FORMULA: Formula =
    Formula { id: "dpm", version: 1, definition: "damage given to enemies per minute in a team, alive or waiting" };

/// In tenths, from damage and seconds in a team.
pub fn dpm(damage_given: i64, seconds: i64) -> Option<i64> {
    ratio(damage_given, 600, seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_summed_seconds() {
        assert_eq!(dpm(1419, 294), Some(2896));
        assert_eq!(dpm(3000, 594), Some(3030));
        assert_eq!(dpm(10, 0), None);
    }
}
