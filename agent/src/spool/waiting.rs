//! What waits for the hub's word, in numbers: in the queue, under way, or held back.

use super::Spool;

impl Spool {
    /// How many files wait for the hub's word.
    pub fn unacked(&self) -> usize {
        self.queue.len() + self.in_flight.len() + self.held.len()
    }

    /// Their bytes.
    pub fn unacked_bytes(&self) -> u64 {
        let under_way = self.in_flight.keys().map(|key| key.state.size);
        let held = self.held.iter().map(|pending| pending.file.state.size);
        self.queue.bytes() + under_way.chain(held).sum::<u64>()
    }

    /// Since when the oldest of them waits.
    pub fn oldest_since_ms(&self) -> Option<i64> {
        let waiting = self.queue.iter().chain(&self.held).map(|pending| pending.since_ms);
        waiting.chain(self.in_flight.values().copied()).min()
    }
}
