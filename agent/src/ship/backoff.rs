use std::time::Duration;

/// Waits that double from the first to the longest, each spread over its upper half so that a hub that comes back is
/// not called by all its agents at once.
#[derive(Debug, Clone)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    next: Duration,
}

impl Backoff {
    /// Starts at `first` and stops growing at `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self { first, longest, next: first }
    }

    /// The next wait. `spread` is random, from 0 to 255.
    pub fn wait(&mut self, spread: u8) -> Duration {
        let full = self.next;
        self.next = (full * 2).min(self.longest);
        full / 2 + full / 2 * u32::from(spread) / 255
    }

    /// It went well: the next wait is the first again.
    pub fn reset(&mut self) {
        self.next = self.first;
    }

    /// What went wrong will not go away soon: the next wait is the longest.
    pub fn exhaust(&mut self) {
        self.next = self.longest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_are_spread() {
        let mut backoff = Backoff::new(Duration::from_millis(250), Duration::from_secs(30));
        let waits: Vec<_> = (0..9).map(|_| backoff.wait(255).as_millis()).collect();
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000]);
        assert_eq!(backoff.wait(0), Duration::from_secs(15));
        backoff.reset();
        assert_eq!(backoff.wait(0), Duration::from_millis(125));
        backoff.exhaust();
        assert_eq!(backoff.wait(255), Duration::from_secs(30));
    }
}
