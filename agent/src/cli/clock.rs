//! This host's clock beside the hub's.

use slomix_shared::wire::CLOCKS_AGREE_MS;

use super::words::span;

/// What to say of clocks that are this far apart (milliseconds, above 0 where this host's is ahead); none where they
/// agree.
///
/// Which of the two is wrong nobody can tell from here. Rounds carry the game host's wall clock, and a certificate is
/// good by the hub's.
pub(super) fn apart(ahead_ms: i64) -> Option<String> {
    if ahead_ms.saturating_abs() < CLOCKS_AGREE_MS {
        return None;
    }
    let way = if ahead_ms > 0 { "ahead of" } else { "behind" };
    let off = span(ahead_ms.saturating_abs());
    Some(format!("this host's clock is {off} {way} the hub's: switch time synchronisation on, here and there"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_that_are_apart_are_told_with_the_direction() {
        assert_eq!(apart(4_999), None);
        assert_eq!(apart(-4_999), None);
        assert!(apart(3_600_000).unwrap().contains("ahead of the hub's"));
        assert!(apart(i64::MIN).unwrap().contains("behind the hub's"));
    }
}
