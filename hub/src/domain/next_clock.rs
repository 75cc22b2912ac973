//! The clock that a round sets for the next one.

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::Header;

/// The clock of the next round, unless it is one of the values that a second half cannot have.
pub fn known_next(number: RoundNumber, header: &Header) -> Option<u32> {
    let next = header.next?;
    match number {
        RoundNumber::One => (next > 0).then_some(next),
        RoundNumber::Two => {
            let garbage = next == 0 || header.limit.is_some_and(|limit| next > limit);
            (!garbage).then_some(next)
        }
    }
}
