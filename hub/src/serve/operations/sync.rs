//! Has the agents offer their files again, and waits until they have.

use std::collections::BTreeMap;
use std::time::Duration;

use slomix_shared::identity::AgentId;
use slomix_shared::wire::HubNotice;
use tokio::time::{Instant, sleep};

use crate::discord::operations::Progress;
use crate::link::{ConnectedAgent, Connections};
use crate::reports::ReportError;
use crate::reports::answer::Answer;
use crate::reports::words::plural;
use crate::store::Store;

use super::said;

/// How often it is looked how far they are.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How long an agent may take to say that it has looked through its directories.
const TO_BEGIN: Duration = Duration::from_secs(30);
/// How long all may take altogether: whatever is left comes all the same.
const ALTOGETHER: Duration = Duration::from_mins(10);

/// How far an agent is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// It has not said yet that it looked.
    Asked,
    /// So many of its files are still on their way.
    Sending(u64),
    /// All that it has is here.
    Done,
}

/// An agent as it was when it was asked.
struct Before {
    name: String,
    files: u64,
    offered_again: u64,
}

/// Asks every connected agent, and says what came.
pub(super) async fn answer(
    connections: &Connections,
    store: &Store,
    since_ms: Option<i64>,
    progress: Progress<'_>,
) -> Result<Answer, ReportError> {
    let kept = store.artifact_count().await?;
    let mut asked: BTreeMap<AgentId, Before> = BTreeMap::new();
    for agent in connections.list() {
        let offered_again = offered_again(&agent);
        if connections.notify(agent.id, HubNotice::OfferAgain { since_ms }) {
            asked.insert(agent.id, Before { name: agent.name, files: agent.files, offered_again });
        }
    }
    if asked.is_empty() {
        return Err(ReportError::Nothing("No agent is connected, so nothing can be asked for.".to_owned()));
    }
    let begun = Instant::now();
    loop {
        let now: BTreeMap<AgentId, ConnectedAgent> =
            connections.list().into_iter().map(|agent| (agent.id, agent)).collect();
        let stages: Vec<(&Before, Option<&ConnectedAgent>, Stage)> = asked
            .iter()
            .map(|(id, before)| {
                let agent = now.get(id);
                (before, agent, agent.map_or(Stage::Asked, |agent| stage(before, agent)))
            })
            .collect();
        let waits = stages.iter().any(|(.., stage)| match stage {
            Stage::Asked => begun.elapsed() < TO_BEGIN,
            Stage::Sending(_) => true,
            Stage::Done => false,
        });
        let lines: Vec<String> = stages.iter().map(|(before, agent, stage)| line(before, *agent, *stage)).collect();
        if !waits || begun.elapsed() > ALTOGETHER {
            let new = store.artifact_count().await? - kept;
            let mut said_lines = vec![format!("{} that the hub did not have.", plural(new, "file", "files"))];
            said_lines.extend(lines);
            return Ok(said("Asked for files again", said_lines));
        }
        progress(lines.join("\n"));
        sleep(LOOK_EVERY).await;
    }
}

fn offered_again(agent: &ConnectedAgent) -> u64 {
    agent.status.as_ref().and_then(|(_, status)| status.offered_again).unwrap_or(0)
}

fn stage(before: &Before, agent: &ConnectedAgent) -> Stage {
    if offered_again(agent) <= before.offered_again {
        return Stage::Asked;
    }
    match agent.status.as_ref().and_then(|(_, status)| status.unacked_files) {
        Some(0) | None => Stage::Done,
        Some(files) => Stage::Sending(files),
    }
}

fn line(before: &Before, agent: Option<&ConnectedAgent>, stage: Stage) -> String {
    let Some(agent) = agent else { return format!("{}: went away; it goes on when it is back", before.name) };
    let came = agent.files.saturating_sub(before.files);
    let came = plural(came as i64, "file", "files");
    match stage {
        Stage::Asked => format!("{}: {came} came; it has not said yet that it looked", before.name),
        Stage::Sending(files) => {
            format!("{}: {came} came, {files} were on their way when it last said so", before.name)
        }
        Stage::Done => format!("{}: {came} offered, nothing is left", before.name),
    }
}
