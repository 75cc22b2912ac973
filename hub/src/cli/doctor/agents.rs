//! The agents: when they were heard last, and what they say of themselves.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::config::Config;
use crate::link::Readmission;
use crate::reports::words::plural;
use crate::serve::readmission;
use crate::store::agents::AgentRow;
use crate::store::gaps::GapCount;
use crate::store::{Store, StoreError};

use super::{About, Finding};

const HOUR_MS: i64 = 3_600_000;

pub(super) async fn look(
    config: &Config,
    store: &Store,
    status: Option<&Value>,
    now_ms: i64,
    findings: &mut Vec<Finding>,
) -> Result<(), StoreError> {
    let about = About("agents");
    let last = store.last_batches().await?;
    for alert in status.and_then(|status| status["alerts"].as_array()).into_iter().flatten() {
        findings.push(About("alerts").bad(told(alert)));
    }
    for problem in status.and_then(|status| status["server_problems"].as_array()).into_iter().flatten() {
        let word = |key: &str| problem[key].as_str().unwrap_or_default();
        findings.push(About("servers").odd(format!("{}: {}", word("server"), word("what"))));
    }
    let gaps = store.gap_counts().await?;
    let (agents, revoked): (Vec<_>, Vec<_>) =
        store.agents().await?.into_iter().partition(|agent| agent.revoked_ms.is_none());
    if agents.is_empty() {
        let revoked: BTreeSet<&str> = revoked.iter().map(|agent| agent.name.as_str()).collect();
        findings.push(about.odd(none_ships(&revoked)));
    }
    for agent in agents {
        let name = &agent.name;
        if config.server(&agent.server).is_none() {
            findings.push(about.bad(format!(
                "{name} ships for the server `{}`, which the configuration does not have, so its clock is taken for \
                 UTC: add it as [[server]]",
                agent.server
            )));
        }
        findings.extend(certificate(&agent, now_ms));
        findings.extend(gaps.get(&agent.id).and_then(|count| lost(name, *count)));
        let heard = match last.get(&agent.id) {
            None => "has shipped nothing yet".to_owned(),
            Some(at) => format!("shipped last {} ago", span(now_ms - at)),
        };
        let lines = status.and_then(|status| status["agents"].as_array());
        let line = lines.and_then(|lines| lines.iter().find(|line| line["id"] == agent.id.as_str()));
        findings.push(match line.map(|line| line["connected"] == true) {
            Some(true) if line.is_some_and(|line| line["way"] == "tcp") => about.odd(format!(
                "{name} is connected over TCP, {heard}: UDP does not get through from its host, so let UDP port {} in \
                 here and out there; until then all works, only slower over bad lines",
                config.link.listen.port()
            )),
            Some(true) => about.good(format!("{name} is connected, {heard}")),
            Some(false) => about.odd(format!(
                "{name} is not connected, {heard}: slomix-agent doctor on its host says why, if the host runs"
            )),
            None => about.good(format!("{name} {heard}")),
        });
        findings.extend(line.into_iter().flat_map(|line| of_itself(name, line)));
    }
    Ok(())
}

/// What is wrong, how that shows, and what to do.
fn told(alert: &Value) -> String {
    let lines = alert["lines"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let lines: Vec<&str> = lines.collect();
    let title = alert["title"].as_str().unwrap_or_default();
    if lines.is_empty() { title.to_owned() } else { format!("{title}: {}", lines.join(" ")) }
}

/// Why no agent ships; the names are of those that are revoked.
fn none_ships(revoked: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = revoked.iter().copied().collect();
    match names.as_slice() {
        [] => "none has joined: slomix-hub agent invite NAME makes a token for one".to_owned(),
        [name] => format!(
            "the only one, {name}, was revoked: slomix-hub agent invite {name} makes a token with which it joins anew"
        ),
        names => format!(
            "all were revoked ({}): slomix-hub agent invite NAME makes a token with which one joins anew",
            names.join(", ")
        ),
    }
}

/// Files that it has lost.
fn lost(name: &str, count: GapCount) -> Option<Finding> {
    let about = About("agents");
    let came = match count.closed {
        0 => String::new(),
        closed => format!(" ({closed} more came after all)"),
    };
    match count.open {
        0 if count.closed == 0 => None,
        0 => {
            Some(about.good(format!("{name} had lost {}, which came after all", plural(count.closed, "file", "files"))))
        }
        open => Some(about.bad(format!(
            "{name} has lost {}{came}: /status names the last and says why. Where somebody still has them, slomix-hub \
             import takes them",
            plural(open, "file", "files")
        ))),
    }
}

/// What lets it in: only what needs somebody is told.
fn certificate(agent: &AgentRow, now_ms: i64) -> Option<Finding> {
    let (about, name) = (About("agents"), &agent.name);
    let asked = agent.readmission.as_ref().map(|row| readmission(row.clone())).filter(|asked| asked.stands(now_ms));
    if let Some(asked) = asked {
        let Readmission { since_ms, last_ms, address, approved_at_ms } = asked;
        return Some(match approved_at_ms {
            Some(_) => about
                .odd(format!("{name} is approved and has not come since, last asked {} ago", span(now_ms - last_ms))),
            None => about.bad(format!(
                "{name} has lost its certificate or let it run out, and asks from {address} for {} to be let in again: \
                 slomix-hub agent approve {name} does that, agent revoke {name} ends it",
                span(now_ms - since_ms)
            )),
        });
    }
    let ends_ms = agent.certificate_ends_ms?;
    (ends_ms < now_ms).then(|| {
        about.odd(format!(
            "{name}'s certificate ran out {} ago: when its host runs again, it asks to be let in, and \
             slomix-hub agent approve {name} does that",
            span(now_ms - ends_ms)
        ))
    })
}

fn of_itself(name: &str, line: &Value) -> Vec<Finding> {
    let about = About("agents");
    let number = |key: &str| line[key].as_u64().unwrap_or(0);
    let files = |key: &str| plural(number(key) as i64, "file", "files");
    let problems = line["problems"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let mut findings: Vec<Finding> = problems.map(|problem| about.odd(format!("{name}: {problem}"))).collect();
    if number("dropped_files") > 0 {
        let dropped = plural(number("dropped_files") as i64, "safe copy", "safe copies");
        findings.push(about.odd(format!("{name} dropped {dropped} for want of room; telemetry goes first")));
    }
    if number("sequence_resets") > 0 {
        findings.push(about.odd(format!("{name}: two agents may run under one identity; let one of them join anew")));
    }
    if number("forgotten_batches") > 0 {
        let batches = plural(number("forgotten_batches") as i64, "batch", "batches");
        findings.push(about.odd(format!(
            "{name} runs on an old copy of its data directory: it knows nothing of {batches} that it had sent. Nothing is \
             lost, what it sends again is known here. See that no other agent runs on another copy"
        )));
    }
    if number("unacked_files") > 0 {
        findings.push(about.odd(format!("{name} has {} not here yet", files("unacked_files"))));
    }
    findings
}

/// A time span as people say it.
fn span(ms: i64) -> String {
    match ms.max(0) / HOUR_MS {
        0 => format!("{} min", ms.max(0) / 60_000),
        hours @ 1..48 => format!("{hours} h"),
        hours => format!("{} days", hours / 24),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_alert_says_what_to_do() {
        let lines = ["The newest is x of main: cut off.", "On the hub's host: slomix-hub quarantine list"];
        let alert = json!({ "title": "A file cannot be read", "lines": lines });
        assert_eq!(
            told(&alert),
            "A file cannot be read: The newest is x of main: cut off. On the hub's host: slomix-hub quarantine list"
        );
        assert_eq!(told(&json!({ "title": "A file cannot be read" })), "A file cannot be read", "of an older hub");
    }

    #[test]
    fn who_joined_and_was_revoked_is_told_from_nobody() {
        let said = |names: &[&str]| none_ships(&names.iter().copied().collect());
        assert!(said(&[]).starts_with("none has joined: slomix-hub agent invite NAME"));
        let one = said(&["vienna", "vienna"]);
        assert!(one.contains("vienna, was revoked: slomix-hub agent invite vienna"), "{one}");
        let all = said(&["vienna", "linz"]);
        assert!(all.starts_with("all were revoked (linz, vienna): slomix-hub agent invite NAME"), "{all}");
    }
}
