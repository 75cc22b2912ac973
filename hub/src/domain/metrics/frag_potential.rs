use super::{Better, Group, Metric, RATE_MINIMUM, ratio};
use crate::domain::leaf::Number;

/// 60 · Σ damage given / Σ seconds alive, where alive is in a team and not waiting dead. Elsewhere the name also stands for
/// kills and half the revives per ten minutes, which is another number.
pub const METRIC: Metric = Metric {
    key: "frag_potential",
    version: 1,
    label: "Frag potential",
    column: "FP",
    group: Group::Fighting,
    definition: "damage given to enemies per minute alive",
    unit: "per minute",
    decimals: 1,
    better: Better::Higher,
    minimum: RATE_MINIMUM,
    formula: |sums| {
        frag_potential(Number::DamageGiven.of(sums), Number::Seconds.of(sums), Number::DeadSeconds.of(sums))
    },
};

/// In tenths, from damage, seconds in a team and seconds dead.
pub fn frag_potential(damage_given: i64, seconds: i64, dead_seconds: i64) -> Option<i64> {
    ratio(damage_given, 600, seconds - dead_seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_the_time_alive() {
        assert_eq!(frag_potential(1419, 294, 156), Some(6170));
        assert_eq!(frag_potential(1419, 294, 0), Some(2896), "without a death it is damage per minute");
        assert_eq!(frag_potential(10, 60, 60), None, "never alive");
    }
}
