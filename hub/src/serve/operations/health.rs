//! How the hub is doing, for people on Discord: the same status as `/status`, shorter.

use crate::reports::answer::Answer;
use crate::reports::post::{Accent, Post};
use crate::reports::words::{plural, size};
use crate::serve::Status;

/// The status as a post.
pub(super) fn answer(status: &Status) -> Answer {
    let mut troubles: Vec<String> = status.obstacles.clone();
    for agent in status.agents.iter().filter(|agent| agent.revoked_ms.is_none()) {
        if !agent.connected {
            troubles.push(format!("the agent {} is not connected", agent.name));
        }
        troubles.extend(agent.problems.iter().map(|problem| format!("{}: {problem}", agent.name)));
    }
    troubles.extend(status.discord.fix.iter().cloned());
    troubles.extend(status.discord.closed_channels.values().cloned());
    let quarantined: i64 =
        status.dispositions.iter().flatten().filter(|fate| fate.state == "quarantined").map(|fate| fate.files).sum();
    let (title, accent) = match (status.obstacles.is_empty(), troubles.is_empty()) {
        (true, true) => ("Healthy", Accent::Neutral),
        (true, false) => ("Degraded", Accent::Trouble),
        (false, _) => ("Not ready", Accent::Trouble),
    };
    let connected = status.agents.iter().filter(|agent| agent.connected).count();
    let database = &status.database;
    let mut lines = vec![format!("Version {}, up {}", status.version, span(status.uptime_s))];
    if let (Some(engine), Some(bytes)) = (&database.engine, database.bytes) {
        lines.push(format!("{engine}, {}", size(bytes)));
    }
    lines.push(format!("{} connected", plural(connected as i64, "agent", "agents")));
    lines.extend(status.waiting.map(|waiting| format!("{} waiting to be derived", plural(waiting, "file", "files"))));
    if quarantined > 0 {
        lines.push(format!("{} in quarantine", plural(quarantined, "file", "files")));
    }
    if let Some(posts) = &status.posts {
        lines.push(format!("Posts: {} sent, {} to send, {} given up", posts.sent, posts.open, posts.dead));
    }
    Answer::from(Post {
        title: title.to_owned(),
        accent,
        lines,
        tables: Vec::new(),
        notes: troubles,
        footer: String::new(),
        timestamp_ms: Some(status.now_ms),
    })
}

fn span(seconds: i64) -> String {
    match (seconds / 86_400, seconds / 3_600 % 24, seconds / 60 % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{} {hours} h", plural(days, "day", "days")),
    }
}
