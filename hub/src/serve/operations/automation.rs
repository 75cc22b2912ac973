//! What runs by itself, and whether it does.

use crate::reports::answer::Answer;
use crate::reports::post::{Accent, Post};
use crate::reports::words::plural;
use crate::serve::Status;

/// The services, a line each.
pub(super) fn answer(status: &Status) -> Answer {
    let mut lines = Vec::new();
    for agent in status.agents.iter().filter(|agent| agent.revoked_ms.is_none()) {
        let state = if agent.connected { "connected" } else { "away" };
        let waits = agent.unacked_files.filter(|files| *files > 0);
        let waits =
            waits.map_or_else(String::new, |files| format!(", {} to send", plural(files as i64, "file", "files")));
        lines.push(format!("Agent {} of {}: {state}{waits}", agent.name, agent.server));
    }
    if lines.is_empty() {
        lines.push("Agents: none has joined; slomix-hub agent invite makes a token".to_owned());
    }
    let waiting = status.waiting.map_or_else(|| "unknown".to_owned(), |waiting| format!("{waiting} waiting"));
    lines.push(format!("Deriving: {waiting}"));
    let posts = status.posts.as_ref();
    let posts =
        posts.map_or_else(|| "unknown".to_owned(), |posts| format!("{} to send, {} given up", posts.open, posts.dead));
    lines.push(format!("Posts: {posts}"));
    lines.push(format!("Discord: {}", status.discord.state));
    let agents = status.agents.iter().filter(|agent| agent.revoked_ms.is_none());
    let away: Vec<&str> = agents.filter(|agent| !agent.connected).map(|agent| agent.name.as_str()).collect();
    let healthy = status.obstacles.is_empty() && away.is_empty();
    let title = match (status.obstacles.is_empty(), away.as_slice()) {
        (false, _) => "Something stands still".to_owned(),
        (true, []) => "Everything runs".to_owned(),
        (true, away) => format!("All runs but the way to {}", away.join(", ")),
    };
    Answer::from(Post {
        title,
        accent: if healthy { Accent::Neutral } else { Accent::Trouble },
        lines,
        tables: Vec::new(),
        notes: status.obstacles.clone(),
        footer: String::new(),
        timestamp_ms: Some(status.now_ms),
    })
}
