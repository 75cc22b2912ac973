//! Values that the file's own cannot be taken for: computed anew from a half's numbers, to stand beside the raw ones.

/// Health of a fresh player with a medic in the team: the unit in which the writer counts what somebody withstands.
const HEALTH: i64 = 130;
/// From this much damage received on, the writer shows how much somebody withstands.
const STANDS_OUT_FROM: i64 = 1000;

/// Seconds dead, at most the seconds in a team: writers before August 2026 added dead time up again at every look.
pub fn dead_seconds(dead_tenths: Option<i64>, seconds: Option<i64>) -> Option<i64> {
    let dead = dead_tenths? * super::differential::SECONDS_PER_TENTH;
    Some(seconds.map_or(dead, |seconds| dead.min(seconds)))
}

/// Damage received per death in units of 130 hit points, in tenths, rounded half up; 0 where that is not above 3 or the
/// damage not above 1,000, as the writer has it; unknown without a death.
///
/// The file's own value of a second half is of both halves and cannot be subtracted.
pub fn tank_tenths(damage_received: Option<i64>, deaths: i64) -> Option<i64> {
    let received = damage_received?;
    if received <= STANDS_OUT_FROM {
        return Some(0);
    }
    let one = HEALTH * deaths;
    match deaths {
        ..=0 => None,
        _ if received <= 3 * one => Some(0),
        _ => Some((received * 20 + one) / (one * 2)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dead_time_ends_at_the_time_in_a_team() {
        assert_eq!(dead_seconds(Some(26), Some(294)), Some(156));
        assert_eq!(dead_seconds(Some(2207), Some(294)), Some(294));
        assert_eq!(dead_seconds(Some(26), None), Some(156));
        assert_eq!(dead_seconds(None, Some(294)), None);
    }

    #[test]
    fn case_71_what_somebody_withstands() {
        // 1,525 in 7 deaths is 1.68, though the file shows 3.1 for both halves.
        assert_eq!(tank_tenths(Some(1525), 7), Some(0));
        assert_eq!(tank_tenths(Some(1626), 4), Some(31));
        assert_eq!(tank_tenths(Some(1000), 0), Some(0));
        assert_eq!(tank_tenths(Some(1001), 0), None);
        assert_eq!(tank_tenths(None, 4), None);
    }
}
