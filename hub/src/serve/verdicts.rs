//! What became of files, told to the agents of their server. It may be lost.

use std::collections::BTreeMap;
use std::sync::Arc;

use slomix_shared::artifact::ContentHash;
use slomix_shared::wire::{FileOutcome, FileState, HubNotice, limits};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::metrics::DERIVED;
use crate::link::Connections;
use crate::pipeline::{Event, Outcome};

/// Files in one notice: with names and reasons at their longest they fit [`limits::NOTICE`].
const TOGETHER: usize = 256;

/// Follows the pipeline until it is gone.
///
/// A notice goes to every connected agent of the server, which is one as a rule; an agent passes over files that it
/// did not ship.
pub(super) async fn tell(mut events: broadcast::Receiver<Event>, connections: Arc<Connections>) {
    loop {
        let event = match events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(missed)) => {
                tracing::debug!(missed, "verdicts were passed over, there were too many at once");
                continue;
            }
            Err(RecvError::Closed) => return,
        };
        for (server, files) in by_server(&event.outcomes) {
            let agents: Vec<_> = connections.list().into_iter().filter(|agent| agent.server == server).collect();
            for files in files.chunks(TOGETHER) {
                for agent in &agents {
                    connections.notify(agent.id, HubNotice::Outcomes { files: files.to_vec() });
                }
            }
        }
    }
}

fn by_server(outcomes: &[Outcome]) -> BTreeMap<&str, Vec<FileOutcome>> {
    let mut files: BTreeMap<&str, Vec<FileOutcome>> = BTreeMap::new();
    for outcome in outcomes {
        metrics::counter!(DERIVED, "state" => outcome.state.clone()).increment(1);
        if let Some(file) = file_outcome(outcome) {
            files.entry(&outcome.server).or_default().push(file);
        }
    }
    files
}

fn file_outcome(outcome: &Outcome) -> Option<FileOutcome> {
    let state = match outcome.state.as_str() {
        "stored" => FileState::Stored,
        "quarantined" => FileState::Quarantined,
        // Another file counts in its place: a better revision, or the same content under an earlier name.
        "superseded" | "duplicate" => FileState::Superseded,
        "kept" => FileState::Kept,
        _ => return None,
    };
    let reason = &outcome.reason[..outcome.reason.floor_char_boundary(limits::REASON)];
    Some(FileOutcome {
        kind: outcome.kind,
        name: outcome.name.clone(),
        hash: ContentHash::from_slice(&outcome.hash)?,
        state,
        reason: (!reason.is_empty()).then(|| reason.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use slomix_shared::artifact::Kind;
    use slomix_shared::wire::{Message, encode};

    use super::*;

    fn outcome(server: &str, state: &str, reason: &str) -> Outcome {
        Outcome {
            artifact: 1,
            server: server.to_owned(),
            kind: Kind::Stats,
            name: "n".repeat(255),
            hash: vec![7; 32],
            state: state.to_owned(),
            code: String::new(),
            reason: reason.to_owned(),
            new: true,
        }
    }

    #[test]
    fn each_servers_agents_hear_of_their_own_files() {
        let outcomes = [
            outcome("a", "stored", ""),
            outcome("b", "quarantined", "truncated"),
            outcome("a", "duplicate", "the same round as x"),
            outcome("a", "a state of the future", ""),
        ];
        let files = by_server(&outcomes);
        let states: Vec<_> = files["a"].iter().map(|file| (file.state, file.reason.is_some())).collect();
        assert_eq!(states, [(FileState::Stored, false), (FileState::Superseded, true)]);
        assert_eq!(files["b"][0].reason.as_deref(), Some("truncated"));
    }

    #[test]
    fn a_full_notice_fits_the_wire() {
        let reason = "ü".repeat(limits::REASON);
        let file = file_outcome(&outcome("a", "quarantined", &reason)).unwrap();
        assert_eq!(file.reason.as_ref().map(String::len), Some(limits::REASON));
        let notice = HubNotice::Outcomes { files: vec![file; TOGETHER] };
        assert!(encode(&notice).unwrap().len() < HubNotice::LIMIT);
    }
}
