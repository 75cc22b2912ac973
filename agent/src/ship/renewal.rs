use std::time::Duration;

use super::backoff::Backoff;

/// A certificate is renewed when so much of its life is over, in hundredths; the rest of a spread is added, so that the
/// agents of one hub do not all ask at once.
const FROM: i64 = 62;
const SPREAD: i64 = 8;
/// The wall clock is looked at this often, since it may jump and the machine may sleep.
const LOOK: Duration = Duration::from_hours(1);

/// When a certificate is renewed: at about two thirds of its life, and again after a while where that failed.
#[derive(Debug)]
pub(super) struct Renewal {
    /// Unix milliseconds.
    due_at_ms: i64,
    again: Backoff,
}

impl Renewal {
    /// Of a certificate that was issued and ends at these instants, Unix milliseconds. `spread` is random, from 0 to
    /// 255.
    pub(super) fn of(issued_at_ms: i64, ends_at_ms: i64, spread: u8, again: Backoff) -> Self {
        let life = ends_at_ms.saturating_sub(issued_at_ms).max(0);
        let share = FROM * 255 + SPREAD * i64::from(spread);
        Self { due_at_ms: issued_at_ms.saturating_add(life / 25_500 * share + life % 25_500 * share / 25_500), again }
    }

    /// Whether it is time.
    pub(super) fn is_due(&self, now_ms: i64) -> bool {
        self.due_at_ms <= now_ms
    }

    /// How long to wait before looking at the clock again.
    pub(super) fn wait(&self, now_ms: i64) -> Duration {
        let ms = self.due_at_ms.saturating_sub(now_ms).max(0);
        Duration::from_millis(ms.cast_unsigned()).min(LOOK)
    }

    /// Not before this instant, Unix milliseconds: by a clock that is days ahead a new certificate is old at once.
    pub(super) fn not_before(&mut self, at_ms: i64) {
        self.due_at_ms = self.due_at_ms.max(at_ms);
    }

    /// It failed: later, after a wait that grows.
    pub(super) fn failed(&mut self, now_ms: i64, spread: u8) {
        let wait = i64::try_from(self.again.wait(spread).as_millis()).unwrap_or(i64::MAX);
        self.due_at_ms = now_ms.saturating_add(wait);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 3_600_000;
    const ISSUED_MS: i64 = 1_800_000_000_000;
    const WEEK_MS: i64 = 7 * 24 * HOUR_MS;

    fn renewal(spread: u8) -> Renewal {
        Renewal::of(
            ISSUED_MS,
            ISSUED_MS + WEEK_MS,
            spread,
            Backoff::new(Duration::from_mins(1), Duration::from_hours(1)),
        )
    }

    #[test]
    fn one_that_is_old_at_once_waits_all_the_same() {
        let mut renewal = renewal(0);
        let now_ms = ISSUED_MS + WEEK_MS;
        renewal.not_before(now_ms + HOUR_MS);
        assert!(!renewal.is_due(now_ms) && renewal.is_due(now_ms + HOUR_MS));
    }

    #[test]
    fn at_about_two_thirds_of_its_life() {
        for (spread, hundredths) in [(0, 62), (255, 70)] {
            let renewal = renewal(spread);
            let due = ISSUED_MS + WEEK_MS / 100 * hundredths;
            assert!(!renewal.is_due(due - 1) && renewal.is_due(due), "{spread}");
        }
        let dues: std::collections::BTreeSet<i64> = (0..=255).map(|spread| renewal(spread).due_at_ms).collect();
        assert_eq!(dues.len(), 256, "every agent has its own moment");
    }

    #[test]
    fn the_clock_is_looked_at_every_hour_and_never_in_a_rush() {
        let renewal = renewal(0);
        assert_eq!(renewal.wait(ISSUED_MS), LOOK);
        assert_eq!(renewal.wait(renewal.due_at_ms - 5), Duration::from_millis(5));
        assert_eq!(renewal.wait(renewal.due_at_ms + HOUR_MS), Duration::ZERO);
        // A clock that jumps back a year waits, and one that is years behind does not overflow.
        assert_eq!(renewal.wait(i64::MIN), LOOK);
    }

    #[test]
    fn what_failed_is_tried_again_after_a_wait_that_grows() {
        let mut renewal = renewal(0);
        let mut now_ms = renewal.due_at_ms;
        let mut waits = Vec::new();
        for _ in 0..8 {
            renewal.failed(now_ms, 255);
            assert!(!renewal.is_due(now_ms));
            waits.push((renewal.due_at_ms - now_ms) / 60_000);
            now_ms = renewal.due_at_ms;
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
    }

    #[test]
    fn lives_that_are_none_are_due_at_once() {
        for (issued, ends) in [(5, 4), (i64::MIN, i64::MIN), (0, 0)] {
            assert!(Renewal::of(issued, ends, 255, Backoff::new(LOOK, LOOK)).is_due(5));
        }
        let long = Renewal::of(i64::MIN, i64::MAX, 255, Backoff::new(LOOK, LOOK));
        assert!(!long.is_due(i64::MIN));
    }
}
