//! The status for people at a terminal.

use std::fmt::Write;

use jiff::Timestamp;

use crate::reports::words::{plural, span};
use crate::serve::{AgentLine, CLOCKS_AGREE_MS, Status};

mod live;

/// One screen of text.
pub(super) fn status_text(status: &Status) -> String {
    let mut text = String::new();
    // Writing into a text cannot fail.
    let _ = write(&mut text, status);
    text
}

fn write(text: &mut String, status: &Status) -> std::fmt::Result {
    let now = status.now_ms;
    writeln!(text, "slomix-hub {}, up {}", status.version, span(status.uptime_s * 1_000))?;
    let at = &status.listening;
    let agents = match at.link_tcp {
        Some(tcp) if tcp == at.link => format!("UDP and TCP {tcp}"),
        Some(tcp) => format!("UDP {}, TCP {tcp}", at.link),
        None => format!("UDP {}", at.link),
    };
    writeln!(text, "listening: agents {agents}, http {}, admin {}", at.http, at.admin)?;
    if status.turned_away > 0 {
        writeln!(text, "callers turned away, too many at once: {}", status.turned_away)?;
    }
    for obstacle in &status.obstacles {
        writeln!(text, "NOT READY: {obstacle}")?;
    }
    for alert in &status.alerts {
        writeln!(text, "ALERT for {}: {}", span(now - alert.since_ms), alert.title)?;
        for line in &alert.lines {
            writeln!(text, "  {line}")?;
        }
    }
    if let Some(waiting) = status.waiting {
        writeln!(text, "waiting to be derived: {waiting}")?;
    }
    let database = &status.database;
    write!(text, "database: {}", database.path)?;
    if let (Some(engine), Some(bytes)) = (&database.engine, database.bytes) {
        write!(text, " ({engine}, {} KiB)", bytes / 1_024)?;
    }
    if let Some(since) = database.unreachable_since_ms {
        write!(text, ", unreachable for {} (since {})", span(now - since), instant(since))?;
    }
    writeln!(text)?;

    let all_are_known = status.posts.is_some();
    writeln!(text, "\nagents{}", if all_are_known { "" } else { " that are connected" })?;
    if status.agents.is_empty() && all_are_known {
        writeln!(text, "  none yet: make a token with `slomix-hub agent invite NAME`")?;
    }
    for agent in &status.agents {
        write_agent(text, agent, now)?;
    }

    live::write(text, &status.servers, &status.server_problems, now)?;
    if let Some(archive) = &status.archive {
        writeln!(text, "\nkept")?;
        for kept in archive {
            writeln!(text, "  {:<16} {:<16} {:>8}", kept.server, kept.kind, kept.files)?;
        }
    }
    if let Some(fates) = &status.dispositions {
        writeln!(text, "\nwhat became of it")?;
        for fate in fates {
            writeln!(text, "  {:<16} {:<16} {:>8}", fate.state, fate.code, fate.files)?;
        }
    }
    if status.quarantine.as_ref().is_some_and(|files| !files.is_empty()) {
        writeln!(text, "\nnewest in quarantine")?;
    }
    for file in status.quarantine.iter().flatten() {
        writeln!(text, "  {}  {} {}", instant(file.received_ms), file.server, file.name)?;
        // Some reasons begin with what the code says.
        let reason = file.reason.strip_prefix(file.code.as_str()).and_then(|rest| rest.strip_prefix(": "));
        writeln!(text, "      {}: {}", file.code, reason.unwrap_or(&file.reason))?;
    }
    let all = status.dispositions.iter().flatten().filter(|fate| fate.state == "quarantined").map(|fate| fate.files);
    let more = all.sum::<i64>() - status.quarantine.as_ref().map_or(0, |files| files.len() as i64);
    if more > 0 && status.quarantine.is_some() {
        writeln!(text, "  and {more} more: slomix-hub quarantine list")?;
    }

    if status.gaps.as_ref().is_some_and(|gaps| !gaps.is_empty()) {
        writeln!(text, "\nlast lost by agents")?;
    }
    for gap in status.gaps.iter().flatten() {
        let state = if gap.closed { "came after all" } else { "lost" };
        writeln!(text, "  {}  {} {} ({} bytes): {state}", instant(gap.noticed_ms), gap.server, gap.name, gap.size)?;
        writeln!(text, "      {}", gap.why)?;
    }

    for collision in status.guid_collisions.iter().flatten() {
        let (guid, full) = (&collision.guid, &collision.full);
        writeln!(text, "\n{} clients share the GUID prefix {guid} and count as one player", full.len())?;
        writeln!(text, "  {}: slomix-hub correct split tells them apart", full.join(", "))?;
    }

    let discord = &status.discord;
    writeln!(text, "\nDiscord: {}", discord.state)?;
    if let Some(fix) = &discord.fix {
        writeln!(text, "  {fix}")?;
    }
    let others = discord.closed_channels.iter().filter(|(_, fix)| discord.fix.as_ref() != Some(*fix));
    for (channel, fix) in others {
        writeln!(text, "  channel {channel} is closed to the bot: {fix}")?;
    }
    match &status.posts {
        Some(posts) => writeln!(text, "posts: {} to be sent, {} sent, {} given up", posts.open, posts.sent, posts.dead),
        None => Ok(()),
    }
}

fn write_agent(text: &mut String, agent: &AgentLine, now_ms: i64) -> std::fmt::Result {
    let AgentLine { name, server, .. } = agent;
    let state = match (&agent.address, agent.revoked_ms) {
        (_, Some(at)) => format!("revoked {}", instant(at)),
        (Some(address), None) => {
            let over = agent.way.map_or_else(String::new, |way| format!(" over {}", way.to_uppercase()));
            format!("connected{over} from {address} for {}", span(now_ms - agent.since_ms.unwrap_or(now_ms)))
        }
        (None, None) => "not connected".to_owned(),
    };
    write!(text, "  {name} ({server}): {state}")?;
    if let Some(at) = agent.last_batch_ms {
        write!(text, ", last batch {} ago", span(now_ms - at))?;
    }
    writeln!(text)?;
    if agent.revoked_ms.is_none() {
        write_certificate(text, agent, now_ms)?;
    }
    if let Some(files) = agent.unacked_files.filter(|files| *files > 0) {
        let age = agent.oldest_unacked_ms.map_or(String::new(), |age| format!(", the oldest for {}", span(age as i64)));
        writeln!(text, "      {} not acknowledged{age}", plural(files as i64, "file", "files"))?;
    }
    let counts = [
        (agent.refused, "files refused over this connection"),
        (agent.sequence_resets, "sequences that went backwards (do two processes run under one name?)"),
        (agent.forgotten_batches, "acknowledged batches that it knows nothing of (an old copy of its data directory?)"),
        (agent.dropped_files.unwrap_or(0), "safe copies dropped from its spool, which is full"),
        (count(agent.lost_files), "files lost for good, unless somebody finds them: slomix-hub import takes them"),
        (count(agent.came_after_all), "files that were lost and came after all"),
        (agent.scan_found_missed.unwrap_or(0), "finished files that only a scan found"),
    ];
    for (count, what) in counts.into_iter().filter(|(count, _)| *count > 0) {
        writeln!(text, "      {what}: {count}")?;
    }
    if let Some(off) = agent.clock_ahead_ms.filter(|off| off.abs() >= CLOCKS_AGREE_MS) {
        let way = if off > 0 { "ahead of" } else { "behind" };
        writeln!(text, "      its host's clock is {} {way} this one: switch time synchronisation on", span(off.abs()))?;
    }
    for problem in &agent.problems {
        writeln!(text, "      {problem}")?;
    }
    Ok(())
}

fn count(files: Option<i64>) -> u64 {
    u64::try_from(files.unwrap_or(0)).unwrap_or(0)
}

/// What lets the agent in, and what it asks where that does not.
fn write_certificate(text: &mut String, agent: &AgentLine, now_ms: i64) -> std::fmt::Result {
    match agent.certificate_ends_ms {
        Some(ends) if ends < now_ms => writeln!(text, "      certificate ran out {}", instant(ends))?,
        Some(ends) => writeln!(text, "      certificate until {}", instant(ends))?,
        None => {}
    }
    let Some(asked) = &agent.readmission else { return Ok(()) };
    let (since, address, name) = (span(now_ms - asked.since_ms), &asked.address, &agent.name);
    match asked.approved_ms {
        Some(_) => writeln!(text, "      approved; it goes on when it next asks, within a minute"),
        None => writeln!(
            text,
            "      WAITS for approval, asking from {address} for {since}: slomix-hub agent approve {name}"
        ),
    }
}

/// An instant in UTC, to the second.
fn instant(ms: i64) -> String {
    Timestamp::from_millisecond(ms).map_or_else(|_| ms.to_string(), |at| at.strftime("%Y-%m-%d %H:%M:%SZ").to_string())
}

#[cfg(test)]
mod tests;
