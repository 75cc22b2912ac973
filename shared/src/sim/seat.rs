use super::fight::Stay;
use super::numbers::Numbers;
use super::truth::{Mode, Roster};

/// Counters that the engine carries over to the map's second round.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    /// Only the sums matter.
    pub(super) numbers: Numbers,
    pub(super) played_ms: u32,
    pub(super) alive_ms: u32,
}

/// A place in one round.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    /// Index into the evening's cast.
    pub(super) member: usize,
    pub(super) roster: Roster,
    pub(super) stay: Stay,
    /// Listed as a spectator: he left the team, not the server.
    pub(super) spectates: bool,
    /// The engine's count of rounds since the map was loaded.
    pub(super) rounds: u32,
    pub(super) carried: Option<Ledger>,
    pub(super) mode: Mode,
}

impl Seat {
    /// A seat for a whole first round.
    pub(super) fn new(member: usize, roster: Roster, rounds: u32) -> Self {
        Self { member, roster, stay: Stay::WHOLE, spectates: false, rounds, carried: None, mode: Mode::First }
    }

    /// Whether he is still on the server when the round ends.
    pub(super) fn stays(&self) -> bool {
        self.stay.leaves.is_none() || self.spectates
    }
}
