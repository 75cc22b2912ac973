//! What a block derives: rounds, map plays and the numbers of the players in them.

use std::collections::BTreeSet;

use slomix_shared::artifact::{LocalStamp, RoundNumber};
use slomix_shared::formats::stats::{Field, Fields, WeaponLine};
use slomix_shared::game::Side;

use super::outcome::Outcome;
use super::recomputed;
use super::roster::PlayerKey;

/// What became of a round in its match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It has its other half.
    Complete,
    /// A second half whose first half is missing: its numbers are match totals.
    Orphan,
    /// A first half that no second half takes.
    Abandoned,
    /// A first half that was played again soon after by the same players.
    Cancelled,
    /// A first half that was played again soon after with other players.
    Substitution,
    /// Cut off by a map change.
    Aborted,
}

impl Status {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Orphan => "orphan",
            Self::Abandoned => "abandoned",
            Self::Cancelled => "cancelled",
            Self::Substitution => "substitution",
            Self::Aborted => "aborted",
        }
    }
}

/// What a round counts for; a set of bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CountsFor(pub u8);

impl CountsFor {
    /// The map result and the session's score.
    pub const SCORE: u8 = 1;
    /// Ratings and records.
    pub const RATING: u8 = 2;
    /// A player's totals.
    pub const LIFETIME: u8 = 4;
    /// Session views.
    pub const DISPLAY: u8 = 8;

    /// Whether the round counts for `purpose`.
    pub fn has(self, purpose: u8) -> bool {
        self.0 & purpose != 0
    }
}

/// How a player's numbers of this round came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The file's numbers are the round's: a first half, or a player who was not in the first half.
    AsWritten,
    /// The first half was taken off.
    Difference,
    /// The counters had started anew (a reconnect): the file's numbers are taken as they are.
    Reset,
    /// Totals of both halves, since the first half is missing.
    Cumulative,
}

impl Origin {
    /// As stored.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AsWritten => "as_written",
            Self::Difference => "difference",
            Self::Reset => "reset",
            Self::Cumulative => "cumulative",
        }
    }

    /// The one that is stored under a name; as written where there is no such name.
    pub fn from_name(name: &str) -> Self {
        let known = [Self::Difference, Self::Reset, Self::Cumulative].into_iter().find(|one| one.as_str() == name);
        known.unwrap_or(Self::AsWritten)
    }
}

/// One player's numbers in one round.
#[derive(Debug, Clone, PartialEq)]
pub struct PlayerRound {
    /// Who.
    pub key: PlayerKey,
    /// Derived from the key.
    pub player: i64,
    /// The name without colour codes.
    pub name: String,
    /// The name byte for byte.
    pub raw_name: Vec<u8>,
    /// Whether this is a bot.
    pub bot: bool,
    /// The army, if known. A spectator who had played gets the one that his first half suggests.
    pub side: Option<Side>,
    /// False for spectators without play time and for everybody whose numbers are somebody's leftovers.
    pub participant: bool,
    /// Seconds in a team in this round, in steps of six.
    pub seconds: Option<i64>,
    /// The fields, this round's share; ratios that cannot be split are none.
    pub fields: Fields,
    /// The weapons with any number, this round's share.
    pub weapons: Vec<WeaponLine>,
    /// Where the numbers come from.
    pub origin: Origin,
    /// `sess.rounds` as written.
    pub rounds: Option<i64>,
    /// What is odd, by stable names.
    pub flags: BTreeSet<&'static str>,
}

impl PlayerRound {
    /// Sum over the weapons.
    pub fn weapon_sum(&self, number: impl Fn(&WeaponLine) -> i64) -> i64 {
        self.weapons.iter().map(number).sum()
    }

    /// Kills with any weapon.
    pub fn kills(&self) -> i64 {
        self.weapon_sum(|weapon| weapon.kills)
    }

    /// Seconds dead in this round, at most those in a team. The field keeps what was written.
    pub fn dead_seconds(&self) -> Option<i64> {
        recomputed::dead_seconds(self.fields.get(Field::TimeDeadMinutes), self.seconds)
    }

    /// How much somebody withstands, from this round's share. The file's own value of a second half is of both.
    pub fn tank_tenths(&self) -> Option<i64> {
        recomputed::tank_tenths(self.fields.get(Field::DamageReceived), self.deaths())
    }

    /// Deaths by an enemy's weapon.
    pub fn deaths(&self) -> i64 {
        self.weapon_sum(|weapon| weapon.deaths)
    }
}

/// One round of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Round {
    /// Derived from server, stamp, map and number.
    pub id: i64,
    /// The map play it belongs to; a round that was cut off or played again has none.
    pub match_id: Option<i64>,
    /// The session it belongs to.
    pub session: i64,
    /// The artifact that it was read from.
    pub artifact: i64,
    /// That artifact's file name.
    pub file_name: String,
    /// The stamp in the name.
    pub stamp: LocalStamp,
    /// The map, lower case.
    pub map: String,
    /// The half as labelled.
    pub number: RoundNumber,
    /// `g_customConfig`.
    pub config: String,
    /// The server's name as its header gave it, without colour codes.
    pub host: String,
    /// What became of it.
    pub status: Status,
    /// Whether it is a fair round: no bots, no filler map, at least two humans, not cut off.
    pub valid: bool,
    /// What it counts for.
    pub counts_for: CountsFor,
    /// The round's clock in seconds.
    pub clock: Option<u32>,
    /// The defending army.
    pub defender: Option<Side>,
    /// The winning army.
    pub winner: Option<Side>,
    /// Held or completed.
    pub outcome: Outcome,
    /// Seconds that a completed round set for the next one: what there is to beat.
    pub set_time: Option<u32>,
    /// Measured seconds of play without pauses.
    pub duration: Option<i64>,
    /// Start in Unix milliseconds.
    pub start_ms: i64,
    /// End in Unix milliseconds.
    pub end_ms: i64,
    /// Humans who took part.
    pub humans: i64,
    /// Bots who took part.
    pub bots: i64,
    /// +1 if team A is Axis in this round, -1 if team B is, 0 if unknown.
    pub axis_team: i8,
    /// The players.
    pub players: Vec<PlayerRound>,
    /// What its endstats and its round event add.
    pub papers: super::papers::RoundPapers,
    /// What is odd, by stable names.
    pub flags: BTreeSet<&'static str>,
}

/// Team A or B of a session, or nobody.
pub type TeamSign = i8;

/// One play of a map: two halves, or what there is of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Derived from the first half's round (or the orphan's).
    pub id: i64,
    /// The session.
    pub session: i64,
    /// The first half.
    pub first: Option<i64>,
    /// The second half.
    pub second: Option<i64>,
    /// Stamp of the earliest half there is.
    pub stamp: LocalStamp,
    /// The map, lower case.
    pub map: String,
    /// What the two halves come to.
    pub result: super::map_result::MapResult,
    /// Whether it counts for the score.
    pub counted: bool,
    /// Whether the result was told from the second half alone.
    pub inferred: bool,
    /// Why it does not count, by a stable name.
    pub uncounted_because: Option<&'static str>,
    /// The session team that won: +1 A, -1 B, 0 a tie or unknown.
    pub winner_team: TeamSign,
}

/// One pair of teams within a session: a shuffle begins a new one. Team A of one is not team A of the next, though it
/// bears the label of the team with which it shares more play.
#[derive(Debug, Clone, PartialEq)]
pub struct Epoch {
    /// Its rounds, in order of time.
    pub rounds: Vec<i64>,
    /// Maps won by team A.
    pub wins_a: i64,
    /// Maps won by team B.
    pub wins_b: i64,
    /// Double fullholds.
    pub ties: i64,
    /// Map plays that do not count.
    pub uncounted: i64,
    /// Share of play time that agrees with the teams, in thousandths.
    pub agreement: i64,
    /// How sure the teams are.
    pub confidence: super::teams::Confidence,
    /// The players and their teams.
    pub members: Vec<super::teams::Member>,
    /// What people called team A and team B.
    pub names: [Option<String>; 2],
}

/// One session of a block. Score and teams are those of its last [`Epoch`], the teams that played last; mostly it is
/// the only one.
#[derive(Debug, Clone, PartialEq)]
pub struct Session {
    /// Derived from the first round.
    pub id: i64,
    /// Stamp of the first round.
    pub stamp: LocalStamp,
    /// Stamp of the last round.
    pub last_stamp: LocalStamp,
    /// The first round.
    pub first_round: i64,
    /// Start of the first round in Unix milliseconds.
    pub start_ms: i64,
    /// End of the last round in Unix milliseconds.
    pub end_ms: i64,
    /// Maps won by team A.
    pub wins_a: i64,
    /// Maps won by team B.
    pub wins_b: i64,
    /// Double fullholds.
    pub ties: i64,
    /// Map plays that do not count.
    pub uncounted: i64,
    /// Share of play time that agrees with the teams, in thousandths.
    pub agreement: i64,
    /// How sure the teams are.
    pub confidence: super::teams::Confidence,
    /// The players and their teams.
    pub members: Vec<super::teams::Member>,
    /// Every pair of teams that played, in order of time; at least one.
    pub epochs: Vec<Epoch>,
}

impl Epoch {
    /// The headline score: a map won is 1 to 0, a double fullhold 1 to 1.
    pub fn score(&self) -> (i64, i64) {
        (self.wins_a + self.ties, self.wins_b + self.ties)
    }
}

impl Session {
    /// The headline score: a map won is 1 to 0, a double fullhold 1 to 1.
    pub fn score(&self) -> (i64, i64) {
        (self.wins_a + self.ties, self.wins_b + self.ties)
    }
}
