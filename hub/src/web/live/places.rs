use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::link::network;

/// The places of readers: so many, and so many of them for one party.
#[derive(Debug)]
pub(super) struct Places {
    all: usize,
    of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Debug, Default)]
struct Taken {
    all: usize,
    /// Of each network that has any; those of this host are not counted.
    of: HashMap<IpAddr, usize>,
}

/// A reader's place; given back when it is dropped.
#[derive(Debug)]
pub(super) struct Place {
    places: Arc<Places>,
    network: Option<IpAddr>,
}

/// Why there is no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Full {
    /// All are taken.
    All,
    /// The one who asks has as many as one may have.
    OfOne,
}

impl Places {
    pub(super) fn new(all: usize, of_one: usize) -> Arc<Self> {
        Arc::new(Self { all, of_one, taken: Mutex::default() })
    }

    /// A place for a reader. Who asks from this host is a proxy with many readers behind it, so it may have all of them.
    pub(super) fn take(self: &Arc<Self>, from: IpAddr) -> Result<Place, Full> {
        let network = (!from.to_canonical().is_loopback()).then(|| network(from));
        let mut taken = self.taken();
        if taken.all >= self.all {
            return Err(Full::All);
        }
        if let Some(network) = network {
            let of_one = taken.of.get(&network).copied().unwrap_or(0);
            if of_one >= self.of_one {
                return Err(Full::OfOne);
            }
            taken.of.insert(network, of_one + 1);
        }
        taken.all += 1;
        Ok(Place { places: Arc::clone(self), network })
    }

    /// A panic elsewhere leaves the numbers whole.
    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.taken();
        taken.all -= 1;
        let Some(network) = self.network else { return };
        if let Some(of_one) = taken.of.get_mut(&network) {
            *of_one -= 1;
            if *of_one == 0 {
                taken.of.remove(&network);
            }
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
    fn one_party_leaves_room_for_others() {
        let places = Places::new(5, 2);
        let take = |from: &str| places.take(ip(from));
        let first = take("192.0.2.7").unwrap();
        let _second = take("::ffff:192.0.2.7").unwrap();
        assert_eq!(take("192.0.2.7").unwrap_err(), Full::OfOne);
        let _other = take("192.0.2.8").unwrap();
        drop(first);
        let _again = take("192.0.2.7").unwrap();
        let _sixth = (take("2001:db8::1").unwrap(), take("2001:db8::2").unwrap());
        assert_eq!(take("2001:db8::3").unwrap_err(), Full::All);
    }

    #[test]
    fn the_64_bits_of_one_line_are_one_party_and_a_proxy_on_this_host_is_many() {
        let places = Places::new(8, 1);
        let _one = places.take(ip("2001:db8::1")).unwrap();
        assert_eq!(places.take(ip("2001:db8::2")).unwrap_err(), Full::OfOne);
        let local: Vec<Place> = ["127.0.0.1", "127.0.0.1", "::1", "::1", "127.0.0.9", "::ffff:127.0.0.1"]
            .map(|from| places.take(ip(from)).unwrap())
            .into();
        drop(local);
        assert_eq!(places.taken().of.len(), 1, "what is given back leaves nothing");
    }
}
