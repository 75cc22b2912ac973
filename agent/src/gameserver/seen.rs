use std::time::Instant;

use slomix_shared::wire::{GameStatus, LiveRound, LiveState, RoundPhase};

/// What the agent knows of its game server now.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Whether it answered the last time that it was asked.
    pub answers: Option<bool>,
    /// When it last answered.
    pub answered: Option<Instant>,
    /// What it said then.
    pub status: Option<GameStatus>,
    /// What its log tells.
    pub round: Option<RoundSeen>,
    /// The map that the log named last, if that was after the last answer.
    pub log_map: Option<String>,
    /// Why it cannot be asked, in words.
    pub problem: Option<String>,
    /// Why its console took nothing of this agent the last time, in words.
    pub console_problem: Option<String>,
}

/// A round, as the log tells of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoundSeen {
    /// Where it is.
    pub phase: RoundPhase,
    /// Since when; unknown where it was read later.
    pub since: Option<Instant>,
    /// Why it ended.
    pub end_reason: Option<String>,
}

impl Seen {
    /// The map that is loaded, as far as is known.
    pub fn map(&self) -> Option<&str> {
        self.log_map.as_deref().or_else(|| self.status.as_ref()?.map.as_deref())
    }

    /// For the hub, with ages in place of instants.
    pub fn live(&self, now: Instant) -> LiveState {
        let age = |at: Instant| now.saturating_duration_since(at).as_millis() as u64;
        let status = self.status.as_ref();
        LiveState {
            answers: self.answers,
            answered_age_ms: self.answered.map(age),
            map: self.map().map(str::to_owned),
            timelimit_thousandths: status.and_then(|status| status.timelimit_thousandths),
            most_players: status.and_then(|status| status.most_players),
            players: status.map(|status| status.players.clone()),
            round: self.round.as_ref().map(|round| LiveRound {
                phase: round.phase,
                phase_age_ms: round.since.map(age),
                end_reason: round.end_reason.clone(),
            }),
            silence: self.problem.clone(),
            console: self.console_problem.clone(),
        }
    }
}
