//! The maps of a session in order.

use super::Team;

/// Who set which time, who held, and the score after each map.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The answer in a sentence.
    pub title: String,
    /// The rule with its version, and the sample.
    pub subtitle: String,
    /// What team A and team B are called.
    pub teams: [String; 2],
    /// The maps, first to last.
    pub maps: Vec<Played>,
}

/// A map that was played.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// The map's name.
    pub map: String,
    /// Its first and its second half, as far as they were played.
    pub halves: [Option<Half>; 2],
    /// Who gained from the map.
    pub gained: Option<Team>,
    /// The score after it, team A first; unknown when it does not count.
    pub score: Option<[u32; 2]>,
}

/// One half of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Half {
    /// Who attacked, where that is known.
    pub attacker: Option<Team>,
    /// How the attack ended.
    pub outcome: Outcome,
    /// How long the attack lasted, in seconds.
    pub seconds: Option<u32>,
    /// How long it could have lasted, in seconds.
    pub limit: Option<u32>,
}

/// How an attack ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The attackers did it in the time that the half took.
    Set,
    /// The defenders held.
    Held,
    /// Nobody can tell.
    Unknown,
}
