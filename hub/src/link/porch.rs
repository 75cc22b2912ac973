//! Callers that have not shown yet who they are.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::connections::lock;

/// So many callers at once may be in their handshake, or joining.
const MOST: usize = 256;
/// So many of them from one address: more agents than one host has.
const MOST_OF_ONE: usize = 32;
/// From so many of one address on, and from so many altogether, a caller over QUIC must prove that it is there.
const BUSY_OF_ONE: usize = 8;
const BUSY: usize = 64;

/// How many callers there are that have not shown yet who they are, and from where.
#[derive(Debug, Default)]
pub struct Porch {
    waiting: Mutex<Waiting>,
    turned_away: AtomicU64,
    retried: AtomicU64,
}

#[derive(Debug, Default)]
struct Waiting {
    all: usize,
    of: HashMap<IpAddr, usize>,
}

/// One caller's place; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    porch: Arc<Porch>,
    network: IpAddr,
}

impl Porch {
    /// A place for a caller; none where there are too many already.
    pub(super) fn enter(self: &Arc<Self>, from: IpAddr) -> Option<Place> {
        let network = network(from);
        let mut waiting = lock(&self.waiting);
        let of_one = waiting.of.get(&network).copied().unwrap_or(0);
        if waiting.all >= MOST || of_one >= MOST_OF_ONE {
            drop(waiting);
            self.turn_away();
            return None;
        }
        waiting.all += 1;
        waiting.of.insert(network, of_one + 1);
        Some(Place { porch: Arc::clone(self), network })
    }

    /// Whether so many wait that a caller must prove first that it is there.
    pub(super) fn is_busy(&self, from: IpAddr) -> bool {
        let waiting = lock(&self.waiting);
        waiting.all >= BUSY || waiting.of.get(&network(from)).is_some_and(|of_one| *of_one >= BUSY_OF_ONE)
    }

    /// Notes that a caller was turned away.
    pub(super) fn turn_away(&self) {
        self.turned_away.fetch_add(1, Ordering::Relaxed);
    }

    /// Notes that a caller must prove that it is there.
    pub(super) fn ask_to_retry(&self) {
        self.retried.fetch_add(1, Ordering::Relaxed);
    }

    /// How many callers were turned away since the start, because there were too many.
    pub fn turned_away(&self) -> u64 {
        self.turned_away.load(Ordering::Relaxed)
    }

    /// How many callers had to prove since the start that they can be reached at their address.
    pub fn retried(&self) -> u64 {
        self.retried.load(Ordering::Relaxed)
    }

    /// How many callers have not shown yet who they are.
    pub fn waiting(&self) -> usize {
        lock(&self.waiting).all
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut waiting = lock(&self.porch.waiting);
        waiting.all -= 1;
        if let Some(of_one) = waiting.of.get_mut(&self.network) {
            *of_one -= 1;
            if *of_one == 0 {
                waiting.of.remove(&self.network);
            }
        }
    }
}

/// What one party has for the asking: an IPv4 address, or 64 bits of IPv6.
pub(crate) fn network(from: IpAddr) -> IpAddr {
    match from.to_canonical() {
        v4 @ IpAddr::V4(_) => v4,
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_every_place_and_places_come_back() {
        let porch = Arc::new(Porch::default());
        let greedy: Vec<_> = (0..100).filter_map(|_| porch.enter(ip("192.0.2.1"))).collect();
        assert_eq!((greedy.len(), porch.turned_away()), (MOST_OF_ONE, 100 - MOST_OF_ONE as u64));
        assert!(porch.is_busy(ip("192.0.2.1")) && !porch.is_busy(ip("192.0.2.2")));
        // The same address in other clothes, and another of the same network.
        assert!(porch.enter(ip("::ffff:192.0.2.1")).is_none());
        let v6: Vec<_> = (0..100).filter_map(|at| porch.enter(ip(&format!("2001:db8::{at:x}")))).collect();
        assert_eq!(v6.len(), MOST_OF_ONE);
        let other = porch.enter(ip("192.0.2.2"));
        assert!(other.is_some());
        drop((greedy, v6, other));
        assert_eq!(porch.waiting(), 0);
        assert!(lock(&porch.waiting).of.is_empty());
    }

    #[test]
    fn many_addresses_cannot_take_more_than_there_is() {
        let porch = Arc::new(Porch::default());
        let all: Vec<_> =
            (0..=255).flat_map(|at| [0, 1].map(|net| porch.enter(IpAddr::from([10, 0, net, at])))).collect();
        assert_eq!(all.iter().flatten().count(), MOST);
        assert!(porch.is_busy(ip("198.51.100.1")));
    }
}
