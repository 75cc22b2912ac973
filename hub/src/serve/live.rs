//! The game servers as they are now, for the status and for whoever watches.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use slomix_shared::game::clean_name;
use slomix_shared::wire::{GameTeam, RoundPhase};

use super::server_problems::{ServerProblem, problems};
use crate::config::Config;
use crate::link::{Clock, Heard, Live};

/// A minute of the game has so many milliseconds for each of its thousandths.
const MS_PER_THOUSANDTH: i64 = 60;

/// Where the game servers are looked at.
#[derive(Clone)]
pub struct LiveView {
    live: Arc<Live>,
    clock: Clock,
    /// Key and name of each configured server.
    names: Vec<(String, String)>,
}

/// One game server. Nothing here names a host. All instants are Unix milliseconds by the hub's clock; what is not known
/// is absent, and what is known may be old: see `answered_ms`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LiveLine {
    /// Its key.
    pub server: String,
    /// What people call it.
    pub name: String,
    /// When this was put together.
    pub now_ms: i64,
    /// When its agent last told of it.
    pub heard_ms: Option<i64>,
    /// When the game server last answered; map and players are from then.
    pub answered_ms: Option<i64>,
    /// Whether it answered the last time that it was asked; it is silent while it loads a map.
    pub answers: Option<bool>,
    /// The map that is loaded.
    pub map: Option<String>,
    /// How long a round may last, in milliseconds.
    pub timelimit_ms: Option<i64>,
    /// How many may play.
    pub most_players: Option<i64>,
    /// Who is there, by team and then by name.
    pub players: Option<Vec<LivePlayer>>,
    /// The round, where the agent reads the game's log.
    pub round: Option<LiveRoundLine>,
}

/// Somebody on a game server.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct LivePlayer {
    /// Where; unknown for all players at once.
    pub team: Option<GameTeam>,
    /// Without colours.
    pub name: String,
    /// Experience.
    pub score: i64,
}

/// A round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LiveRoundLine {
    /// Where it is.
    pub phase: RoundPhase,
    /// Since when.
    pub since_ms: Option<i64>,
    /// Why it ended, in the game's words.
    pub end_reason: Option<String>,
}

impl LiveView {
    pub(crate) fn new(live: Arc<Live>, clock: Clock, config: &Config) -> Self {
        let names = config.servers.iter().map(|server| (server.key.clone(), server.name.clone())).collect();
        Self { live, clock, names }
    }

    /// What is told, as it comes.
    pub fn live(&self) -> &Live {
        &self.live
    }

    /// What keeps agents from looking at their servers or from doing something there.
    pub fn problems(&self) -> Vec<ServerProblem> {
        let now_ms = (self.clock)();
        self.live.list().iter().flat_map(|(server, heard)| problems(server, heard, now_ms)).collect()
    }

    /// Every configured server, and every other one of which something was told, each with the change that it is from
    /// (0 for none).
    pub fn lines(&self) -> Vec<(u64, LiveLine)> {
        let now_ms = (self.clock)();
        let mut heard = self.live.list();
        let names: BTreeMap<&str, &str> = self.names.iter().map(|(key, name)| (key.as_str(), name.as_str())).collect();
        let mut lines: Vec<(u64, LiveLine)> = Vec::new();
        for (key, name) in &self.names {
            let line = LiveLine { server: key.clone(), name: name.clone(), now_ms, ..LiveLine::default() };
            lines.push(match heard.remove(key) {
                Some(heard) => (heard.change, filled(line, heard)),
                None => (0, line),
            });
        }
        for (key, heard) in heard {
            let name = names.get(key.as_str()).copied().unwrap_or(&key).to_owned();
            lines.push((heard.change, filled(LiveLine { server: key, name, now_ms, ..LiveLine::default() }, heard)));
        }
        lines
    }
}

fn filled(line: LiveLine, heard: Heard) -> LiveLine {
    let Heard { heard_ms, state, .. } = heard;
    let before = |age_ms: u64| heard_ms.saturating_sub(i64::try_from(age_ms).unwrap_or(i64::MAX));
    LiveLine {
        heard_ms: Some(heard_ms),
        answered_ms: state.answered_age_ms.map(before),
        answers: state.answers,
        map: state.map,
        timelimit_ms: state.timelimit_thousandths.map(|limit| limit.saturating_mul(MS_PER_THOUSANDTH)),
        most_players: state.most_players,
        players: state.players.map(|players| {
            let player = |player: slomix_shared::wire::GamePlayer| LivePlayer {
                team: player.team,
                name: clean_name(player.name.as_bytes()),
                score: player.score,
            };
            let mut players: Vec<LivePlayer> = players.into_iter().map(player).collect();
            players.sort();
            players
        }),
        round: state.round.map(|round| LiveRoundLine {
            phase: round.phase,
            since_ms: round.phase_age_ms.map(before),
            end_reason: round.end_reason,
        }),
        ..line
    }
}
