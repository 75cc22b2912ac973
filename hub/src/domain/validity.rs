//! Whether a round is fair, and what it counts for.

use super::input::Rules;
use super::round::{CountsFor, Status};

/// A round is fair with at least two humans, no bot, on a map that is played for the score, and not cut off.
pub fn is_valid(status: Status, map_key: &str, humans: i64, bots: i64, rules: &Rules) -> bool {
    status != Status::Aborted && bots == 0 && humans >= 2 && !rules.filler_maps.iter().any(|map| map == map_key)
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
