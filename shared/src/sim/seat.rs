use super::fight::Stay;
use super::numbers::Numbers;
use super::truth::{Mode, Roster};

/// Counters that the engine held at the end of the map's first round.
#[derive(Debug, Clone)]
pub(super) struct Ledger {
    /// Only the sums matter.
    pub(super) numbers: Numbers,
    pub(super) played_ms: u32,
    pub(super) alive_ms: u32,
    /// The rounds number in the file.
    pub(super) rounds: u32,
}

/// When somebody is in a round, in thousandths of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Whole,
    Joins(u32),
    /// Leaves the server.
    Leaves(u32),
    /// Leaves his team and watches from then on.
    Watches(u32),
    /// Drops and comes back.
    Drops(u32),
}

/// How long a dropped player takes to be back in his team.
const BACK_AFTER_MS: u32 = 25_000;

/// The writer looks every 5 s; whoever leaves does so just after, so that his last line is his whole story.
const SNAPSHOT_MS: u32 = 5_000;

impl Presence {
    /// The same in ms of a round of `duration_ms`. A round too short for a drop has none.
    pub(super) fn stay(self, duration_ms: u32) -> Stay {
        let at = |permille: u32| (u64::from(duration_ms) * u64::from(permille) / 1000) as u32;
        match self {
            Self::Whole => Stay::WHOLE,
            Self::Joins(permille) => Stay { joins: at(permille), ..Stay::WHOLE },
            Self::Leaves(permille) | Self::Watches(permille) => {
                let leaves = at(permille) / SNAPSHOT_MS * SNAPSHOT_MS;
                Stay { leaves: Some(leaves), ..Stay::WHOLE }
            }
            Self::Drops(permille) => {
                let back = at(permille) + BACK_AFTER_MS;
                let drops = (back + SNAPSHOT_MS < duration_ms).then_some((at(permille), back));
                Stay { drops, ..Stay::WHOLE }
            }
        }
    }
}

/// A place in one round.
#[derive(Debug, Clone)]
pub(super) struct Seat {
    /// Index into the evening's cast.
    pub(super) member: usize,
    pub(super) roster: Roster,
    pub(super) presence: Presence,
    /// The engine's count of rounds since the map was loaded.
    pub(super) rounds: u32,
    /// His first round of this match, if he was in it.
    pub(super) earlier: Option<Ledger>,
    pub(super) mode: Mode,
}

impl Seat {
    /// A seat for a whole round of somebody without a past on this map.
    pub(super) fn new(member: usize, roster: Roster, rounds: u32, mode: Mode) -> Self {
        Self { member, roster, presence: Presence::Whole, rounds, earlier: None, mode }
    }

    /// What the engine carried over into this round.
    pub(super) fn carried(&self) -> Option<&Ledger> {
        self.earlier.as_ref().filter(|_| self.mode == Mode::Cumulative)
    }

    /// Whether the file lists him as a spectator.
    pub(super) fn spectates(&self) -> bool {
        matches!(self.presence, Presence::Watches(_))
    }

    /// Whether he is still on the server when the round ends.
    pub(super) fn stays(&self) -> bool {
        !matches!(self.presence, Presence::Leaves(_))
    }
}
