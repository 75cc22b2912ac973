//! Asking an agent for something at its game server.

use std::time::Duration;

use slomix_shared::identity::{AgentId, Nonce};
use slomix_shared::wire::{ControlReply, ControlRequest};

use super::connections::{Connections, lock};
use super::frames::{self, FrameFault};
use super::keys::random;

/// An agent that takes requests has room for one.
const ROOM: Duration = Duration::from_secs(10);

/// Why no answer came.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// The agent is not connected.
    #[error("the agent is not connected")]
    NotConnected,
    /// The connection ended, or what came was no answer.
    #[error("the agent's answer was lost ({0}); whether it was done is not known")]
    Lost(String),
    /// It takes no requests.
    #[error("the agent takes no requests: it is older than this hub, or busy with others")]
    NoRoom,
    /// It took too long.
    #[error("the agent did not answer in {} s; whether it was done is not known", .0.as_secs())]
    Silent(Duration),
}

impl Connections {
    /// An agent that ships for a server and is connected; of several, the one that told of its game server last.
    pub fn agent_of(&self, server: &str) -> Option<AgentId> {
        let told = self.live().list().get(server).map(|heard| heard.agent);
        let agents = self.list().into_iter().filter(|agent| agent.server == server).map(|agent| agent.id);
        agents.max_by_key(|agent| Some(*agent) == told)
    }

    /// How far an agent's clock is ahead of this one, in milliseconds, as far as it told; 0 where it did not.
    pub fn clock_ahead_ms(&self, agent: AgentId) -> i64 {
        let told = self.list().into_iter().find(|one| one.id == agent).and_then(|one| one.status);
        told.and_then(|(told_ms, status)| Some(status.clock_ms?.saturating_sub(told_ms))).unwrap_or(0)
    }

    /// Asks, and waits for the answer.
    pub async fn ask(
        &self,
        agent: AgentId,
        request: &ControlRequest,
        patience: Duration,
    ) -> Result<ControlReply, AskError> {
        let connection =
            lock(&self.agents).get(&agent).and_then(|lines| lines.last()).map(|line| line.connection.clone());
        let connection = connection.ok_or(AskError::NotConnected)?;
        let lost = |error: &dyn std::fmt::Display| AskError::Lost(error.to_string());
        let ask = async {
            let opened = tokio::time::timeout(ROOM, connection.open_bi()).await.map_err(|_| AskError::NoRoom)?;
            let (mut asking, mut answer) = opened.map_err(|error| lost(&error))?;
            frames::write(&mut asking, request).await.map_err(|error| lost(&error))?;
            let reply: ControlReply = loop {
                match frames::read(&mut answer).await {
                    // Loading a map takes longer than a message may.
                    Err(FrameFault::Stalled) => {}
                    read => break read.map_err(|error| lost(&error))?,
                }
            };
            if reply.nonce == request.nonce { Ok(reply) } else { Err(AskError::Lost("it answers another".to_owned())) }
        };
        tokio::time::timeout(patience, ask).await.unwrap_or(Err(AskError::Silent(patience)))
    }
}

/// A nonce for a new request; none where the system gives no random bytes.
pub fn new_nonce() -> Option<Nonce> {
    random::<16>().map(Nonce::from_bytes)
}
