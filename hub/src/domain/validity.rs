//! Whether a round is fair, and what it counts for.

use super::input::Rules;
use super::round::{CountsFor, Status};

/// A round is fair with at least two humans, no bot, on a map that is played for the score, and not cut off.
pub fn is_valid(status: Status, map_key: &str, humans: i64, bots: i64, rules: &Rules) -> bool {
    status != Status::Aborted && bots == 0 && humans >= 2 && !rules.filler_maps.iter().any(|map| map == map_key)
}

/// Whether a round was one of bots: nobody else, or more bots than humans. Three against three mixed is none.
pub fn is_bot_round(humans: i64, bots: i64) -> bool {
    bots > 0 && bots > humans
}

/// Every use a round has, by what became of it. An orphan's numbers are totals of both halves, so only its result
/// counts; a cancelled round was played again and counts once. What people declared void counts for nothing.
pub fn counts_for(status: Status, valid: bool, voided: bool) -> CountsFor {
    use CountsFor as C;
    if !valid || voided {
        return C(C::DISPLAY);
    }
    C(match status {
        Status::Complete => C::SCORE | C::RATING | C::LIFETIME | C::DISPLAY,
        Status::Orphan => C::SCORE | C::DISPLAY,
        Status::Abandoned | Status::Substitution => C::LIFETIME | C::DISPLAY,
        Status::Cancelled | Status::Aborted => C::DISPLAY,
    })
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;

    /// Whether a round of bots, and whether valid.
    fn with(humans: i64, bots: i64) -> (bool, bool) {
        let rules = Rules::new("main", TimeZone::UTC);
        (is_bot_round(humans, bots), is_valid(Status::Complete, "supply", humans, bots, &rules))
    }

    #[test]
    fn case_35_humans_and_bots() {
        assert_eq!(with(1, 5), (true, false));
        assert_eq!(with(6, 2), (false, false));
        assert_eq!(with(3, 3), (false, false));
        assert_eq!(with(0, 0), (false, false));
        assert_eq!(with(0, 1), (true, false));
        assert_eq!(with(6, 0), (false, true));
        assert_eq!(with(1, 0), (false, false), "nobody plays alone");
    }

    #[test]
    fn case_80_filler_maps() {
        let rules = Rules::new("main", TimeZone::UTC);
        // Keys are in lower case, whatever the file says.
        assert!(!is_valid(Status::Complete, "mp_sillyctf", 6, 0, &rules));
        assert!(is_valid(Status::Complete, "supply", 6, 0, &rules));
    }
}
