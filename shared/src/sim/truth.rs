//! What really happened, beside what the files say.

use super::numbers::Numbers;
use crate::artifact::{LocalStamp, RoundNumber};
use crate::game::{MapName, Side};

/// The label of a team within one [`TeamPair`]. A shuffle gives new labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Roster {
    /// Was Axis in the pair's first round.
    A,
    /// Was Allies in the pair's first round.
    B,
}

impl Roster {
    /// The other team.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    pub(crate) fn index(self) -> usize {
        usize::from(self == Self::B)
    }
}

/// Two teams as dealt, until the evening's end or a shuffle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamPair {
    /// Index of the first map that they played.
    pub first_map: usize,
    /// GUIDs (32 characters) of those who ever played for team A, in order of arrival; one who changed is in both.
    pub a: Vec<String>,
    /// The same of team B.
    pub b: Vec<String>,
    /// Maps that A won.
    pub wins_a: u32,
    /// Maps that B won.
    pub wins_b: u32,
    /// Maps on which neither attack succeeded.
    pub ties: u32,
}

/// How a map ended, by the stopwatch rule: winner and defender of both rounds, never times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MapResult {
    /// One team won it.
    Won(Roster),
    /// Both attacks failed.
    Tie,
    /// A round was cut off or not played.
    Incomplete,
}

/// One map as played. A re-run round 1 is part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapTruth {
    /// Its name.
    pub map: MapName,
    /// Index into the evening's team pairs.
    pub pair: usize,
    /// What happened, whether or not all files are there to tell.
    pub result: MapResult,
}

/// How a round ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoundKind {
    /// The attackers did it.
    Complete,
    /// The defenders held until the clock ran out.
    Fullhold,
    /// One side gave up.
    Surrender,
    /// Cut off by a map change or a stopped server: no result.
    Abort,
}

/// What became of a round's stats file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Written, closed, there.
    Whole,
    /// Never there; the round has no [`SimFile`](super::SimFile).
    Lost,
    /// Cut short at first, whole later.
    CutThenWhole,
    /// Cut short for good, after this many bytes.
    Cut(usize),
}

/// One round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoundTruth {
    /// Its map.
    pub map: MapName,
    /// Which half it really was.
    pub number: RoundNumber,
    /// Which half the file's name and header say: another one on some cut-off rounds.
    pub label: RoundNumber,
    /// The two halves of one match share this number, which is unique in the evening. A round 1 that was re-run
    /// has its own.
    pub pairing: u32,
    /// Whether a later round 1 took this one's place.
    pub rerun: bool,
    /// How it ended.
    pub kind: RoundKind,
    /// The stats file's time.
    pub stamp: LocalStamp,
    /// Start of play, in ms since the evening's start.
    pub started_ms: u64,
    /// End of play, in ms since the evening's start.
    pub ended_ms: u64,
    /// How long the clock stood still.
    pub paused_ms: u32,
    /// Play time in ms, pauses not counted.
    pub duration_ms: u32,
    /// The clock in force in whole seconds, as in field 6.
    pub limit_seconds: u32,
    /// Field 7 as written. No result of the round on an abort.
    pub next: String,
    /// Field 8 as written, in ms; a fraction of a second less than the duration, and negative on an abort.
    pub playtime_field: Option<i64>,
    /// The army that defended.
    pub defender: Side,
    /// The army that won; none on an abort, although the header names one.
    pub winner: Option<Side>,
    /// The army that gave up.
    pub surrendered: Option<Side>,
    /// The army that team A was.
    pub side_of_a: Side,
    /// What became of the stats file.
    pub fate: Fate,
    /// Everybody who was in a team or still listed, in the order of their slots.
    pub players: Vec<PlayerTruth>,
}

impl RoundTruth {
    /// The team that was this army.
    pub fn roster_of(&self, side: Side) -> Roster {
        if side == self.side_of_a { Roster::A } else { Roster::B }
    }

    /// Whether the attackers won.
    pub fn completed(&self) -> bool {
        self.winner.is_some_and(|winner| winner != self.defender)
    }
}

/// How a player's counters in the file came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A round 1: the counters are the round's.
    First,
    /// A round 2 on top of his round 1: this round is the difference.
    Cumulative,
    /// He was there in round 1, but the engine forgot it: the counters are this round's.
    Reset,
    /// Only there in round 2: the counters are this round's.
    New,
}

/// One player of one round.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts that tests ask one by one")]
pub struct PlayerTruth {
    /// The whole GUID, 32 characters.
    pub guid: String,
    /// What a stats file shows of it.
    pub guid8: String,
    /// The raw name bytes.
    pub name: Vec<u8>,
    /// The team he played for in this round; a spectator's is the one he came from.
    pub roster: Roster,
    /// The army he played for.
    pub side: Side,
    /// Whether the file lists him as a spectator.
    pub listed_as_spectator: bool,
    /// Whether he is an Omni-bot.
    pub bot: bool,
    /// Whether the whole file has a line of him.
    pub in_file: bool,
    /// How the line's counters came about.
    pub mode: Mode,
    /// On a reset, whether the files can show it: a counter fell or the rounds number does not follow. Without that,
    /// a reader has to take the counters for cumulative.
    pub reset_shows: bool,
    /// This round as the counters hold it: what a reader gets who takes round 1 off a cumulative line. Times are
    /// differences of rounded times.
    pub recorded: Numbers,
    /// This round as it was; differs where the engine forgot a part.
    pub actual: Numbers,
    /// His real time in a team, in ms.
    pub actual_ms: u32,
}
