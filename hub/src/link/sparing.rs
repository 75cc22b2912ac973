use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use slomix_line::ConnectionError;

use super::connections::lock;

/// So many lines about strangers in one [`WHILE`]: whoever writes more of them writes the log full.
const LINES: u32 = 10;
const WHILE: Duration = Duration::from_mins(1);

/// Tells of callers that come to nothing, and not of each of them in a flood.
#[derive(Debug, Default)]
pub(super) struct Sparing(Mutex<Told>);

#[derive(Debug, Default)]
struct Told {
    since: Option<Instant>,
    lines: u32,
    passed_over: u64,
}

impl Sparing {
    /// Tells that a handshake failed.
    pub(super) fn failed(&self, address: SocketAddr, reason: &ConnectionError) {
        let Some(passed_over) = lock(&self.0).may_tell(Instant::now()) else {
            return tracing::debug!(%address, %reason, "a caller failed the handshake");
        };
        if passed_over > 0 {
            tracing::warn!(passed_over, "more callers failed the handshake than are told of");
        }
        tracing::warn!(%address, %reason, "a caller failed the handshake");
    }
}

impl Told {
    /// Whether one more line may be written, and how many were not since the last one.
    fn may_tell(&mut self, now: Instant) -> Option<u64> {
        if self.since.is_none_or(|since| now.duration_since(since) >= WHILE) {
            (self.since, self.lines) = (Some(now), 0);
        }
        if self.lines == LINES {
            self.passed_over += 1;
            return None;
        }
        self.lines += 1;
        Some(std::mem::take(&mut self.passed_over))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_strangers_is_ten_lines_a_minute_and_a_number() {
        let (mut told, start) = (Told::default(), Instant::now());
        for _ in 0..LINES {
            assert_eq!(told.may_tell(start), Some(0));
        }
        for _ in 0..5 {
            assert_eq!(told.may_tell(start + Duration::from_secs(59)), None);
        }
        assert_eq!(told.may_tell(start + WHILE), Some(5));
        assert_eq!(told.may_tell(start + WHILE), Some(0));
    }
}
