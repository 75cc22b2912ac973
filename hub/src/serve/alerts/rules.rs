use std::time::Duration;

use crate::serve::{AgentLine, LiveLine};
use crate::store::counts::Quarantined;

/// A file that waits for longer is worth an alert.
const UNACKED_MS: u64 = 5 * 60_000;
/// Players or a batch within this time mean that a session is on; no round of a match is longer.
const SESSION_MS: i64 = 30 * 60_000;
/// A hub that was away finds its agents with old files, and those arrive now.
const SETTLING_MS: i64 = 5 * 60_000;
/// Certificates are renewed days before.
const CERTIFICATE_MS: i64 = 24 * 3_600_000;

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rule {
    /// The hub cannot keep or derive what comes.
    NotReady,
    /// An agent has files that wait for too long.
    Unacked,
    /// An agent is away while a session is on.
    Silent,
    /// An agent cannot read what the game writes, while a session is on.
    Unreadable,
    /// More and more files cannot be read.
    Quarantine,
    /// An agent's certificate ends soon.
    Certificate,
    /// An agent asks to be let in again.
    Approval,
}

impl Rule {
    /// Those whose subject is an agent.
    const OF_AN_AGENT: [Self; 5] = [Self::Unacked, Self::Silent, Self::Unreadable, Self::Certificate, Self::Approval];

    /// In a word, for metrics.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::NotReady => "not_ready",
            Self::Unacked => "unacked",
            Self::Silent => "silent",
            Self::Unreadable => "unreadable",
            Self::Quarantine => "quarantine",
            Self::Certificate => "certificate",
            Self::Approval => "approval",
        }
    }

    /// How long it must hold before it is told.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::NotReady => Duration::from_mins(1),
            // A file that is cut off is in quarantine until the rest of it has come.
            Self::Silent | Self::Unreadable | Self::Quarantine => Duration::from_mins(2),
            Self::Unacked | Self::Certificate | Self::Approval => Duration::ZERO,
        }
    }
}

/// How it stands with a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum State {
    /// As it should be.
    Well,
    /// Nothing can be said: what was wrong still counts as that, and nothing new does.
    Unclear,
    /// Not as it should be; a title, and lines with what to do.
    Wrong(String, Vec<String>),
}

/// What a rule found about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) rule: Rule,
    /// An agent's name; empty for the hub itself.
    pub(super) subject: String,
    pub(super) state: State,
}

/// What the rules look at.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) now_ms: i64,
    pub(super) started_ms: i64,
    pub(super) obstacles: Vec<String>,
    /// None while the database does not answer.
    pub(super) agents: Option<Vec<AgentLine>>,
    pub(super) servers: Vec<LiveLine>,
    /// How many files more than before cannot be read, and the newest of them.
    pub(super) grown: Option<(i64, Option<Quarantined>)>,
}

/// All that the rules find.
pub(super) fn findings(view: &View) -> Vec<Finding> {
    let mut findings = vec![not_ready(&view.obstacles)];
    findings.extend(view.grown.as_ref().map(|(more, newest)| quarantine(*more, newest.as_ref())));
    let (agents, revoked): (Vec<&AgentLine>, Vec<_>) =
        view.agents.iter().flatten().partition(|agent| agent.revoked_ms.is_none());
    // Nothing is the matter with who is gone for good, unless another one bears the name: what is said later counts.
    for agent in revoked {
        findings.extend(Rule::OF_AN_AGENT.map(|rule| finding(rule, agent, State::Well)));
    }
    for agent in &agents {
        // Where a server has another agent, that one ships its files.
        let another = |other: &&AgentLine| other.id != agent.id && other.server == agent.server && other.connected;
        let on = session_is_on(agent, &view.servers, view.now_ms);
        findings.push(finding(Rule::Unreadable, agent, unreadable(agent, on)));
        let on = on && !agents.iter().any(another);
        findings.push(finding(Rule::Unacked, agent, unacked(agent, view)));
        findings.push(finding(Rule::Silent, agent, silent(agent, on)));
        findings.push(finding(Rule::Certificate, agent, certificate(agent, view.now_ms)));
        findings.push(finding(Rule::Approval, agent, approval(agent)));
    }
    findings
}

fn finding(rule: Rule, agent: &AgentLine, state: State) -> Finding {
    Finding { rule, subject: agent.name.clone(), state }
}

fn not_ready(obstacles: &[String]) -> Finding {
    let state = match obstacles {
        [] => State::Well,
        obstacles => {
            let mut lines = obstacles.to_vec();
            lines.push("Nothing is lost: agents keep what they have. On the hub's host: slomix-hub doctor".to_owned());
            State::Wrong("The hub cannot keep what comes".to_owned(), lines)
        }
    };
    Finding { rule: Rule::NotReady, subject: String::new(), state }
}

fn quarantine(more: i64, newest: Option<&Quarantined>) -> Finding {
    let state = match more {
        ..1 => State::Well,
        more => {
            let title =
                if more == 1 { "A file cannot be read".to_owned() } else { format!("{more} files cannot be read") };
            let newest = newest.map(|file| format!("The newest is {} of {}: {}.", file.name, file.server, file.reason));
            let advice = "They are kept. On the hub's host: slomix-hub quarantine list".to_owned();
            State::Wrong(title, newest.into_iter().chain([advice]).collect())
        }
    };
    Finding { rule: Rule::Quarantine, subject: String::new(), state }
}

fn unacked(agent: &AgentLine, view: &View) -> State {
    let Some(files) = agent.unacked_files.filter(|_| agent.connected) else { return State::Unclear };
    let age = agent.oldest_unacked_ms.filter(|_| files > 0).unwrap_or(0);
    if age <= UNACKED_MS {
        return State::Well;
    }
    if view.now_ms - view.started_ms < SETTLING_MS {
        return State::Unclear;
    }
    let (minutes, what) =
        (age / 60_000, if files == 1 { "1 file waits".to_owned() } else { format!("{files} files wait") });
    State::Wrong(
        format!("Files of {} do not arrive", agent.name),
        vec![
            format!("{what} for the hub, the oldest for {minutes} min."),
            "Nothing is lost. On the game server's host: slomix-agent status, slomix-agent doctor".to_owned(),
        ],
    )
}

fn silent(agent: &AgentLine, session_is_on: bool) -> State {
    if agent.connected {
        return State::Well;
    }
    if !session_is_on {
        return State::Unclear;
    }
    State::Wrong(
        format!("No word from {}", agent.name),
        vec![
            format!("The agent at {} is not connected, and a session is on.", agent.server),
            "Files wait at the game server. On its host: systemctl status slomix-agent, slomix-agent doctor".to_owned(),
            format!("Where it is gone for good, on the hub's host: slomix-hub agent revoke {}", agent.name),
        ],
    )
}

/// A directory that the game has not made yet is no trouble before somebody plays.
fn unreadable(agent: &AgentLine, session_is_on: bool) -> State {
    const NAMED: usize = 3;
    if !agent.connected || agent.told_ms.is_none() {
        return State::Unclear;
    }
    if agent.problems.is_empty() {
        return State::Well;
    }
    if !session_is_on {
        return State::Unclear;
    }
    let mut lines: Vec<String> = agent.problems.iter().take(NAMED).cloned().collect();
    lines.push(
        "On the game server's host, slomix-agent doctor says what to do. The files are where the game wrote them"
            .to_owned(),
    );
    State::Wrong(format!("{} cannot read all that the game writes", agent.name), lines)
}

fn session_is_on(agent: &AgentLine, servers: &[LiveLine], now_ms: i64) -> bool {
    let lately = |ms: Option<i64>| ms.is_some_and(|ms| now_ms - ms < SESSION_MS);
    let live = servers.iter().find(|line| line.server == agent.server);
    let playing = |line: &LiveLine| line.players.as_ref().is_some_and(|players| !players.is_empty());
    lately(agent.last_batch_ms) || live.is_some_and(|line| playing(line) && lately(line.answered_ms))
}

fn certificate(agent: &AgentLine, now_ms: i64) -> State {
    // One that is away renews it when it comes, or asks.
    let Some(ends_ms) = agent.certificate_ends_ms.filter(|_| agent.connected) else { return State::Unclear };
    let left_ms = ends_ms - now_ms;
    if left_ms > CERTIFICATE_MS {
        return State::Well;
    }
    let hours = left_ms.max(0) / 3_600_000;
    State::Wrong(
        format!("The certificate of {} is not renewed", agent.name),
        vec![
            format!("It ends in {hours} h, and is renewed days before that."),
            "On the game server's host: slomix-agent status says what stands in the way".to_owned(),
        ],
    )
}

fn approval(agent: &AgentLine) -> State {
    match &agent.readmission {
        Some(asked) if asked.approved_ms.is_none() => State::Wrong(
            format!("{} asks to be let in again", agent.name),
            vec![
                format!(
                    "It has no good certificate any more, and asks from {} with the key that it joined with.",
                    asked.address
                ),
                format!("If that is right, on the hub's host: slomix-hub agent approve {}", agent.name),
            ],
        ),
        _ => State::Well,
    }
}

#[cfg(test)]
mod tests;
