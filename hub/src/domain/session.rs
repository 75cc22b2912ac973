//! Sessions: evenings of play on one server, told by the pauses between rounds.

/// When a round was played, in Unix milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Played {
    /// Start.
    pub start_ms: i64,
    /// End.
    pub end_ms: i64,
    /// Orders rounds with one start.
    pub round: i64,
}

/// Which session, counted from 0 in order of time, each round belongs to.
///
/// A new session begins where more than `gap_minutes` lie between the end of the round before and the start of the
/// next one; exactly that much is still the same evening.
pub fn group(rounds: &[Played], gap_minutes: i64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rounds.len()).collect();
    order.sort_by_key(|&index| (rounds[index].start_ms, rounds[index].round));
    let mut sessions = vec![0; rounds.len()];
    let mut current = 0;
    let mut latest_end: Option<i64> = None;
    for index in order {
        let round = rounds[index];
        if latest_end.is_some_and(|end| round.start_ms - end > gap_minutes * 60_000) {
            current += 1;
        }
        latest_end = Some(latest_end.map_or(round.end_ms, |end| end.max(round.end_ms)));
        sessions[index] = current;
    }
    sessions
}

/// Whether a session that ended at `end_ms` is over at `now_ms`: a round that begins now would be another session's.
pub fn is_over(end_ms: i64, gap_minutes: i64, now_ms: i64) -> bool {
    now_ms.saturating_sub(end_ms) > gap_minutes.saturating_mul(60_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_over_when_no_round_can_join_it() {
        assert!(!is_over(1_000, 60, 1_000 + 3_600_000) && is_over(1_000, 60, 1_001 + 3_600_000));
        assert!(!is_over(5_000, 60, 0) && !is_over(i64::MIN, i64::MAX, 0));
    }

    fn played(list: &[(i64, i64)]) -> Vec<Played> {
        let minute = |tenths: i64| tenths * 6_000;
        list.iter()
            .zip(0..)
            .map(|(&(start, end), round)| Played { start_ms: minute(start), end_ms: minute(end), round })
            .collect()
    }

    #[test]
    fn an_hour_is_the_same_evening_a_moment_more_is_not() {
        assert_eq!(group(&played(&[(0, 100), (700, 800)]), 60), [0, 0]);
        assert_eq!(group(&played(&[(0, 100), (701, 800)]), 60), [0, 1]);
    }

    #[test]
    fn order_of_arrival_does_not_matter() {
        assert_eq!(group(&played(&[(1000, 1100), (0, 100), (200, 300)]), 60), [1, 0, 0]);
    }

    #[test]
    fn a_late_file_joins_two_evenings() {
        assert_eq!(group(&played(&[(0, 100), (801, 900), (400, 450)]), 60), [0, 0, 0]);
    }
}
