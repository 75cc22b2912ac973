use std::time::Duration;

/// How long the outbox waits for what.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Before the first repetition; doubled for each further one.
    pub first_retry: Duration,
    /// The longest wait between two attempts.
    pub longest_retry: Duration,
    /// How long Discord surely remembers a nonce ("a few minutes" in its documentation).
    pub nonce_memory: Duration,
    /// How long a channel that is closed to us is left alone.
    pub closed_channel: Duration,
    /// Before the store is asked again after it failed.
    pub store_retry: Duration,
    /// How long messages on their way may take to arrive when the hub stops.
    pub grace: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first_retry: Duration::from_secs(1),
            longest_retry: Duration::from_mins(1),
            nonce_memory: Duration::from_secs(90),
            closed_channel: Duration::from_mins(5),
            store_retry: Duration::from_secs(1),
            grace: Duration::from_secs(3),
        }
    }
}

impl Pace {
    /// How long to wait before the attempt after `attempts` failed ones.
    pub(super) fn backoff(&self, attempts: u32) -> Duration {
        let doublings = attempts.saturating_sub(1).min(16);
        self.first_retry.saturating_mul(1 << doublings).min(self.longest_retry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let pace = Pace::default();
        let waits = [0, 1, 2, 3, 7, 4_000_000_000].map(|attempts| pace.backoff(attempts).as_secs());
        assert_eq!(waits, [1, 1, 2, 4, 60, 60]);
    }
}
