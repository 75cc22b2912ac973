//! The road to a simulated game server, with a clock that only moves when somebody waits.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use slomix_shared::sim::{Datagram, GameServer};

use super::Road;

pub(crate) struct SimRoad {
    pub(crate) server: GameServer,
    start: Instant,
    ahead: Duration,
    /// On their way back, with their times of arrival.
    back: VecDeque<(Instant, Vec<u8>)>,
    /// When each datagram was sent.
    pub(crate) sent: Vec<Instant>,
    /// Whether nobody listens, which the system tells.
    pub(crate) refuses: bool,
}

/// A way there and back.
const TRIP: Duration = Duration::from_millis(2);

impl SimRoad {
    pub(crate) fn to(server: GameServer) -> Self {
        let start = Instant::now();
        Self { server, start, ahead: Duration::ZERO, back: VecDeque::new(), sent: Vec::new(), refuses: false }
    }

    fn asker() -> SocketAddr {
        ([127, 0, 0, 1], 40_000).into()
    }

    fn ms(&self) -> i64 {
        1_000_000 + self.ahead.as_millis() as i64
    }

    fn bring(&mut self, answers: Vec<Datagram>) {
        let arrival = self.now() + TRIP;
        self.back.extend(answers.into_iter().map(|answer| (arrival, answer.bytes)));
    }

    fn move_to(&mut self, instant: Instant) {
        self.ahead = self.ahead.max(instant.saturating_duration_since(self.start));
    }
}

impl Road for SimRoad {
    fn now(&self) -> Instant {
        self.start + self.ahead
    }

    async fn send(&mut self, datagram: &[u8]) -> io::Result<()> {
        self.sent.push(self.now());
        let ms = self.ms();
        let answers = self.server.handle(ms, Self::asker(), datagram);
        self.bring(answers);
        Ok(())
    }

    async fn receive(&mut self, until: Instant) -> io::Result<Option<Vec<u8>>> {
        if self.refuses {
            self.move_to((self.now() + TRIP).min(until));
            return if self.now() >= until { Ok(None) } else { Err(io::ErrorKind::ConnectionRefused.into()) };
        }
        loop {
            let loaded =
                self.server.loading_until().map(|ms| self.start + Duration::from_millis((ms - 1_000_000) as u64));
            let next = self.back.front().map(|(arrival, _)| *arrival);
            match (next, loaded) {
                (Some(arrival), _) if arrival <= until => {
                    self.move_to(arrival);
                    return Ok(self.back.pop_front().map(|(_, bytes)| bytes));
                }
                (_, Some(loaded)) if loaded <= until => {
                    self.move_to(loaded);
                    let ms = self.ms();
                    let answers = self.server.wake(ms);
                    self.bring(answers);
                }
                _ => {
                    self.move_to(until);
                    return Ok(None);
                }
            }
        }
    }
}
