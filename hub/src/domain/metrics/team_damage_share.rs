use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 100 · Σ damage to team mates / Σ damage to enemies.
pub const METRIC: Metric = Metric {
    key: "team_damage_share",
    version: 1,
    label: "Team damage",
    column: "TD",
    group: Group::Team,
    definition: "damage to team mates per damage to enemies",
    unit: "%",
    decimals: 1,
    better: Better::Lower,
    minimum: RATE_MINIMUM,
    formula: |sums| team_damage_share(Number::TeamDamageGiven.of(sums), Number::DamageGiven.of(sums)),
};

/// In tenths of a percent.
pub fn team_damage_share(team_damage: i64, damage: i64) -> Option<i64> {
    ratio(team_damage, 1000, damage)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_damage_to_enemies() {
        assert_eq!(team_damage_share(58, 1419), Some(41));
        assert_eq!(team_damage_share(0, 1419), Some(0));
        assert_eq!(team_damage_share(58, 0), None);
    }
}
