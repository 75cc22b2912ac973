/// Lets a burst through and then one more for each period, as the engine counts.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bucket {
    count: i64,
    last_ms: i64,
}

impl Bucket {
    pub(super) fn takes(&mut self, burst: i64, period_ms: i64, now_ms: i64) -> bool {
        let elapsed = now_ms - self.last_ms;
        let expired = elapsed / period_ms;
        if expired > self.count || elapsed < 0 {
            (self.count, self.last_ms) = (0, now_ms);
        } else {
            self.count -= expired;
            self.last_ms = now_ms - elapsed % period_ms;
        }
        let fits = self.count < burst;
        self.count += i64::from(fits);
        fits
    }
}
