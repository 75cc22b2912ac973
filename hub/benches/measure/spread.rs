//! The middle and the edge of many measured times.

use std::time::Duration;

/// Measured times.
#[derive(Default)]
pub(crate) struct Spread(Vec<Duration>);

impl Spread {
    pub(crate) fn add(&mut self, time: Duration) {
        self.0.push(time);
        self.0.sort_unstable();
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The time that this many percent did not exceed.
    pub(crate) fn percentile(&self, percent: usize) -> Duration {
        let last = self.0.len().saturating_sub(1);
        self.0.get(last * percent / 100).copied().unwrap_or_default()
    }

    /// Milliseconds of the median, the 99th percentile and the longest.
    pub(crate) fn line(&self, what: &str) -> String {
        let [p50, p99, max] = [50, 99, 100].map(|percent| self.percentile(percent).as_secs_f64() * 1000.0);
        format!("{what:<44} p50 {p50:8.2} ms   p99 {p99:8.2} ms   max {max:8.2} ms   n {}", self.len())
    }
}
