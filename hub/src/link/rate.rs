//! How fast one agent may ship.
//!
//! What is over waits; nothing is refused or lost. The burst is more than a month of an evening league leaves behind
//! (some 420 MB in at most a few thousand batches), so that an agent that comes back after one does not feel it.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use slomix_shared::identity::AgentId;
use tokio::time::Instant;

use super::connections::lock;

/// Batches: at once, and for each second.
const BATCHES: Measure = Measure { burst: 8_192, each_second: 256 };
/// Bytes as they travel: at once, and for each second.
const BYTES: Measure = Measure { burst: 1024 * 1024 * 1024, each_second: 32 * 1024 * 1024 };

/// A size of bucket.
#[derive(Debug, Clone, Copy)]
struct Measure {
    burst: u64,
    each_second: u64,
}

/// What every agent may still ship at once. It outlives connections, so that calling anew gains nothing.
#[derive(Debug, Default)]
pub(super) struct Rates {
    agents: Mutex<BTreeMap<AgentId, Agent>>,
}

#[derive(Debug, Clone, Copy)]
struct Agent {
    batches: Bucket,
    bytes: Bucket,
}

/// The instant at which the bucket will be full again: before now, it is full.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    full_at: Instant,
}

impl Bucket {
    /// Takes from the bucket, also what it does not have yet; how long that takes to come.
    fn take(&mut self, measure: Measure, amount: u64, now: Instant) -> Duration {
        let time = |amount: u64| Duration::from_nanos(amount.saturating_mul(1_000_000_000) / measure.each_second);
        self.full_at = self.full_at.max(now) + time(amount);
        self.full_at.saturating_duration_since(now).saturating_sub(time(measure.burst))
    }
}

impl Rates {
    /// How long an agent's batch of so many bytes has to wait.
    fn wait(&self, agent: AgentId, bytes: usize, now: Instant) -> Duration {
        let mut agents = lock(&self.agents);
        let full = Bucket { full_at: now };
        let agent = agents.entry(agent).or_insert(Agent { batches: full, bytes: full });
        agent.batches.take(BATCHES, 1, now).max(agent.bytes.take(BYTES, bytes as u64, now))
    }

    /// Waits until an agent may ship a batch of so many bytes.
    pub(super) async fn take(&self, agent: AgentId, bytes: usize) {
        let wait = self.wait(agent, bytes, Instant::now());
        if wait > Duration::ZERO {
            tracing::debug!(agent.id = %agent, wait_ms = wait.as_millis(), "an agent ships faster than it may; it waits");
            tokio::time::sleep(wait).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH_OF_BATCHES: usize = 4_000;
    const BATCH: usize = 105 * 1024;
    const MIB: usize = 1024 * 1024;

    fn agent(number: u8) -> AgentId {
        AgentId::from_bytes([number; 16])
    }

    #[tokio::test(start_paused = true)]
    async fn a_backlog_of_a_month_does_not_wait() {
        let rates = Rates::default();
        let began = Instant::now();
        for _ in 0..MONTH_OF_BATCHES {
            rates.take(agent(1), BATCH).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_over_waits_and_others_do_not_feel_it() {
        let rates = Rates::default();
        let began = Instant::now();
        for _ in 0..1024 {
            rates.take(agent(1), MIB).await;
        }
        assert_eq!(began.elapsed(), Duration::ZERO, "the burst");
        for _ in 0..320 {
            rates.take(agent(1), MIB).await;
        }
        let waited = began.elapsed();
        assert!((Duration::from_secs(10)..Duration::from_millis(10_500)).contains(&waited), "{waited:?}");
        rates.take(agent(2), MIB).await;
        assert_eq!(began.elapsed(), waited);
    }

    #[tokio::test(start_paused = true)]
    async fn empty_batches_count_too_and_quiet_fills_the_bucket() {
        let rates = Rates::default();
        let began = Instant::now();
        for _ in 0..8_192 + 512 {
            rates.take(agent(1), 0).await;
        }
        let waited = began.elapsed();
        assert!((Duration::from_secs(2)..Duration::from_millis(2_600)).contains(&waited), "{waited:?}");
        tokio::time::advance(Duration::from_mins(1)).await;
        assert_eq!(rates.wait(agent(1), 0, Instant::now()), Duration::ZERO);
    }
}
