use std::time::{Duration, Instant};

/// Lets a burst through, and then one each time that a while has passed. The clock is the caller's.
#[derive(Debug, Clone)]
pub struct Bucket {
    burst: u32,
    every: Duration,
    /// When it will be empty.
    empty_at: Option<Instant>,
}

impl Bucket {
    /// An empty one.
    pub fn new(burst: u32, every: Duration) -> Self {
        Self { burst: burst.max(1), every, empty_at: None }
    }

    /// Takes one, or says how long to wait for it.
    pub fn take(&mut self, now: Instant) -> Result<(), Duration> {
        let empty_at = self.empty_at.filter(|at| *at > now).unwrap_or(now);
        let held = empty_at.duration_since(now);
        let room = self.every * (self.burst - 1);
        if held > room {
            return Err(held.saturating_sub(room));
        }
        self.empty_at = Some(empty_at + self.every);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_then_one_at_a_time() {
        let every = Duration::from_millis(1_200);
        let mut bucket = Bucket::new(6, every);
        let start = Instant::now();
        assert!((0..6).all(|_| bucket.take(start).is_ok()));
        assert_eq!(bucket.take(start), Err(every));
        assert_eq!(bucket.take(start + Duration::from_secs(1)), Err(Duration::from_millis(200)));
        assert_eq!(bucket.take(start + every), Ok(()));
        assert!(bucket.take(start + every).is_err());
        let later = start + Duration::from_mins(1);
        assert!((0..6).all(|_| bucket.take(later).is_ok()) && bucket.take(later).is_err());
    }
}
