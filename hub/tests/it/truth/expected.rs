//! What really happened, in one form for every source of truth.

use std::collections::BTreeMap;

use slomix_shared::artifact::RoundNumber;
use slomix_shared::formats::stats::Field;
use slomix_shared::game::Side;
use slomix_shared::sim::{Mode, Roster, RoundKind};

/// What is left of a round's stats file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    /// All of it.
    Whole,
    /// Nothing: it was lost.
    Lost,
    /// A beginning only.
    Cut,
}

/// One round as it was played.
#[derive(Debug)]
pub(super) struct Round {
    /// The stats file's name, with the label that the writer gave it.
    pub(super) name: String,
    /// What is left of it.
    pub(super) file: File,
    /// Which half it really was.
    pub(super) number: RoundNumber,
    /// How it ended.
    pub(super) kind: RoundKind,
    /// The halves of one map play share this, and nobody else has it.
    pub(super) pairing: String,
    /// Seconds of play without pauses, and how far off a file without a measured time may be.
    pub(super) duration: (i64, i64),
    /// The clock in force in whole seconds; the file may show one less.
    pub(super) clock: u32,
    /// When play ended, in Unix seconds, where that is known.
    pub(super) end: Option<i64>,
    /// The army that gave up.
    pub(super) surrendered: Option<Side>,
    /// The army that defended.
    pub(super) defender: Side,
    /// The army that won.
    pub(super) winner: Option<Side>,
    /// The army that team A was.
    pub(super) side_of_a: Side,
    /// Rounds with one number here were played by the same two teams, with the same labels.
    pub(super) teams: usize,
    /// Everybody who took part.
    pub(super) players: Vec<Player>,
}

impl Round {
    /// Whether there is a file that can be read.
    pub(super) fn is_there(&self) -> bool {
        self.file == File::Whole
    }
}

/// One player of a round.
#[derive(Debug)]
pub(super) struct Player {
    /// What the file shows of his GUID.
    pub(super) guid: String,
    /// His name, colour codes and all.
    pub(super) name: Vec<u8>,
    /// Whether he is a bot.
    pub(super) bot: bool,
    /// The army he played for.
    pub(super) side: Side,
    /// The team he played for.
    pub(super) roster: Roster,
    /// Whether the file lists him as a spectator.
    pub(super) spectator: bool,
    /// What the file can tell of him; none where it has no line of his.
    pub(super) line: Option<Line>,
}

/// What the engine's counters held for one player and round.
#[derive(Debug)]
pub(super) struct Line {
    /// How the counters came about.
    pub(super) mode: Mode,
    /// On a reset: whether a reader can see it.
    pub(super) reset_shows: bool,
    /// Counted fields.
    pub(super) fields: Vec<(Field, i64)>,
    /// Seconds in a team, and how far off the file may be.
    pub(super) seconds: (i64, i64),
    /// Hits, shots, kills, deaths and headshots by weapon bit, without weapons that have none.
    pub(super) weapons: BTreeMap<u8, [i64; 5]>,
}
