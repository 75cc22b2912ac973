use serde::{Deserialize, Serialize};

use super::limits;
use super::list::at_most;

/// What an agent last saw of its game server. It may be lost, and the next one says everything again.
///
/// All times are ages when it was sent, so that no two clocks are compared. Unknown is unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LiveState {
    /// Whether the server answered the last time that it was asked; it is silent while it loads a map.
    pub answers: Option<bool>,
    /// How long ago it last answered, in milliseconds; what follows is from then.
    pub answered_age_ms: Option<u64>,
    /// The map that is loaded.
    pub map: Option<String>,
    /// The limit of this round in thousandths of a minute.
    pub timelimit_thousandths: Option<i64>,
    /// How many may play.
    pub most_players: Option<i64>,
    /// Everybody on it; none where it never answered.
    #[serde(deserialize_with = "some_at_most")]
    pub players: Option<Vec<GamePlayer>>,
    /// The round, where the agent reads the game's log.
    pub round: Option<LiveRound>,
    /// Why the server does not answer now, in words of the agent and with what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silence: Option<String>,
    /// Why the server's console is closed to the agent, in the same way: another password, or none. Known from what was
    /// last asked for, and over once the console has taken something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub console: Option<String>,
}

/// The round that is played, or was played last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LiveRound {
    /// Where it is.
    pub phase: RoundPhase,
    /// How long it has been there, in milliseconds; unknown where the agent came later.
    pub phase_age_ms: Option<u64>,
    /// Why it ended, in the game's words.
    pub end_reason: Option<String>,
}

/// Where a round is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundPhase {
    /// The map is loaded, and the clock does not run yet.
    Warmup,
    /// It is played.
    Playing,
    /// It is over.
    Over,
    /// Nothing tells, or a phase that a later version added.
    #[default]
    #[serde(other)]
    Unknown,
}

/// Somebody on a game server, as everybody is told.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GamePlayer {
    /// With colour codes.
    pub name: String,
    /// Where the player is; unknown while the server's lists do not fit together.
    pub team: Option<GameTeam>,
    /// Experience.
    pub score: i64,
    /// Milliseconds; 0 for bots.
    pub ping: i64,
}

/// Where somebody on a game server is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GameTeam {
    /// Plays for the Axis.
    Axis,
    /// Plays for the Allies.
    Allies,
    /// Looks on.
    Spectator,
    /// Connects, or has not chosen; or a place that a later version added.
    #[serde(other)]
    None,
}

fn some_at_most<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<GamePlayer>>, D::Error> {
    #[derive(Deserialize)]
    struct Players(#[serde(deserialize_with = "at_most::<{ limits::SEATS }, _, _>")] Vec<GamePlayer>);
    Ok(Option::<Players>::deserialize(deserializer)?.map(|players| players.0))
}
