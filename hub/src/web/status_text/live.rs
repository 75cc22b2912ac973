use std::fmt::Write;

use slomix_shared::wire::{GameTeam, RoundPhase};

use super::span;
use crate::serve::{LiveLine, LivePlayer, ServerProblem};

/// The game servers.
pub(super) fn write(
    text: &mut String,
    servers: &[LiveLine],
    problems: &[ServerProblem],
    now_ms: i64,
) -> std::fmt::Result {
    if servers.is_empty() {
        return Ok(());
    }
    writeln!(text, "\ngame servers")?;
    for server in servers {
        let ago = |at: Option<i64>| at.map_or_else(String::new, |at| format!(", {} ago", span(now_ms - at)));
        let map = server.map.as_deref().unwrap_or("no map known");
        match server.answers {
            Some(true) => writeln!(text, "  {}: {map}{}", server.name, ago(server.answered_ms))?,
            Some(false) => writeln!(text, "  {}: does not answer; last {map}{}", server.name, ago(server.answered_ms))?,
            None => writeln!(text, "  {}: no agent told of it yet", server.name)?,
        }
        for problem in problems.iter().filter(|problem| problem.server == server.server) {
            writeln!(text, "      {}", problem.what)?;
        }
        if let Some(round) = &server.round {
            let phase = match round.phase {
                RoundPhase::Warmup => "warmup",
                RoundPhase::Playing => "played",
                RoundPhase::Over => "over",
                RoundPhase::Unknown => "warmup or played",
            };
            let since = round.since_ms.map_or_else(String::new, |at| format!(" for {}", span(now_ms - at)));
            let limit = server.timelimit_ms.filter(|_| round.phase == RoundPhase::Playing);
            let limit = limit.map_or_else(String::new, |limit| format!(" of {}", span(limit)));
            let reason = round.end_reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
            writeln!(text, "      round {phase}{since}{limit}{reason}")?;
        }
        let Some(players) = server.players.as_deref().filter(|players| !players.is_empty()) else { continue };
        for (team, what) in [
            (Some(GameTeam::Axis), "Axis"),
            (Some(GameTeam::Allies), "Allies"),
            (Some(GameTeam::Spectator), "look on"),
            (Some(GameTeam::None), "no team"),
            (None, "there"),
        ] {
            let there = |player: &&LivePlayer| player.team == team;
            let names: Vec<&str> = players.iter().filter(there).map(|player| player.name.as_str()).collect();
            if !names.is_empty() {
                writeln!(text, "      {what}: {}", names.join(", "))?;
            }
        }
    }
    Ok(())
}
