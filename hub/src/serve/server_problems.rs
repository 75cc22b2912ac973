//! What keeps agents from looking at their game servers, or from doing something there.

use serde::Serialize;

use crate::link::Heard;
use crate::reports::words::span;

/// What an agent told longer ago says nothing of now; it tells every minute.
const OLD_MS: i64 = 5 * 60_000;
/// A server that loads a map is silent for less.
const SILENT_MS: u64 = 2 * 60_000;

/// Something that is wrong with a game server, as its agent knows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ServerProblem {
    /// The server's key.
    pub server: String,
    /// `silent`, or `console` where nothing can be done there.
    pub kind: &'static str,
    /// What is wrong and what to do, in words. They may name addresses, so they are for the operator alone.
    pub what: String,
}

/// What is wrong with a server by what was heard of it.
pub(super) fn problems(server: &str, heard: &Heard, now_ms: i64) -> Vec<ServerProblem> {
    if now_ms - heard.heard_ms > OLD_MS {
        return Vec::new();
    }
    let problem = |kind, what| ServerProblem { server: server.to_owned(), kind, what };
    let state = &heard.state;
    let console = state.console.as_ref().map(|why| problem("console", format!("nothing can be done there: {why}")));
    silence(heard, now_ms).map(|what| problem("silent", what)).into_iter().chain(console).collect()
}

fn silence(heard: &Heard, now_ms: i64) -> Option<String> {
    let state = &heard.state;
    let advice = "On the game server's host: slomix-agent doctor";
    let why = state.silence.as_ref().map_or_else(String::new, |why| format!(": {why}"));
    match (state.answers, state.answered_age_ms) {
        (Some(true), _) => None,
        // The agent has no way to ask it.
        (None, _) => state.silence.as_ref().map(|why| format!("cannot be asked: {why}. {advice}")),
        (Some(false), None) => Some(format!("has never answered its agent{why}. {advice}")),
        (Some(false), Some(age)) if age < SILENT_MS => None,
        (Some(false), Some(age)) => {
            let since = i64::try_from(age).unwrap_or(i64::MAX).saturating_add(now_ms - heard.heard_ms);
            Some(format!("has not answered its agent for {}{why}. {advice}", span(since)))
        }
    }
}

#[cfg(test)]
mod tests {
    use slomix_shared::identity::AgentId;
    use slomix_shared::wire::LiveState;

    use super::*;

    const NOW_MS: i64 = 1_794_253_837_000;

    fn said(ago_ms: i64, state: LiveState) -> Vec<String> {
        let heard = Heard { agent: AgentId::from_bytes([1; 16]), heard_ms: NOW_MS - ago_ms, change: 1, state };
        problems("main", &heard, NOW_MS)
            .into_iter()
            .map(|problem| format!("{} {}", problem.kind, problem.what))
            .collect()
    }

    #[test]
    fn what_the_agent_knows_is_told_with_what_to_do() {
        let state = |answers, minutes: Option<u64>, silence: &str, console: &str| LiveState {
            answers,
            answered_age_ms: minutes.map(|minutes| minutes * 60_000),
            silence: (!silence.is_empty()).then(|| silence.to_owned()),
            console: (!console.is_empty()).then(|| console.to_owned()),
            ..LiveState::default()
        };
        let nothing = Vec::<String>::new();
        assert_eq!(said(0, state(Some(true), Some(0), "", "")), nothing);
        assert_eq!(said(0, state(Some(false), Some(1), "it is silent", "")), nothing, "it loads a map");
        assert_eq!(said(0, state(None, None, "", "")), nothing);
        assert_eq!(said(6 * 60_000, state(Some(false), Some(9), "it is silent", "closed")), nothing, "that is old");
        let all = [
            said(60_000, state(Some(false), Some(4), "nothing listens there", "")),
            said(0, state(Some(false), Some(4), "", "")),
            said(0, state(Some(false), None, "nothing listens there", "")),
            said(0, state(None, None, "no such address here", "")),
            said(0, state(Some(true), Some(0), "", "the password is refused")),
        ];
        insta::assert_snapshot!(all.concat().join("\n"));
    }
}
