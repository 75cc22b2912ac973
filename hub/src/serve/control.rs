//! Requests to game servers: who may ask is settled before, what is asked and what came of it is kept.

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use slomix_shared::wire::{ControlAnswer, ControlRequest, Intent};

use crate::config::Config;
use crate::link::{Clock, Connections, new_nonce};
use crate::store::control::ControlAsked;
use crate::store::{Store, StoreError};

/// How long after it was asked for something may begin.
const DEADLINE: Duration = Duration::from_secs(30);
/// How long it may take then: a map is loaded in less.
const PATIENCE: Duration = Duration::from_mins(2);
/// Bytes of an answer that are kept.
const WORDS: usize = 1_000;

/// Asks game servers, through their agents.
#[derive(Clone)]
pub struct Control {
    store: Store,
    connections: Arc<Connections>,
    clock: Clock,
    /// Keys of the configured servers.
    servers: Vec<String>,
}

/// What came of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The key of the server that was asked.
    pub server: String,
    /// Its number among the kept ones.
    pub id: i64,
    /// What came of it.
    pub answer: ControlAnswer,
}

/// Why nothing was asked.
#[derive(Debug, thiserror::Error)]
pub enum ControlError {
    /// There is a choice to make.
    #[error("the configuration has several servers: say which one is meant, one of {0}")]
    WhichServer(String),
    /// There is no such server.
    #[error("there is no server `{asked}`; the configuration has {known}")]
    UnknownServer {
        /// What was asked for.
        asked: String,
        /// The keys that there are.
        known: String,
    },
    /// The system gives no random bytes.
    #[error("the system gives no random bytes, so nothing can be asked")]
    NoRandom,
    /// What is not kept is not asked.
    #[error("the request could not be kept, so it was not sent")]
    NotKept(#[source] StoreError),
}

impl Control {
    /// Asks over these connections.
    pub(super) fn new(store: Store, connections: Arc<Connections>, clock: Clock, config: &Config) -> Self {
        let servers = config.servers.iter().map(|server| server.key.clone()).collect();
        Self { store, connections, clock, servers }
    }

    /// The server that is meant: the only one, where none is named.
    pub fn server(&self, named: Option<&str>) -> Result<String, ControlError> {
        let known = || self.servers.join(", ");
        match (named, self.servers.as_slice()) {
            (Some(key), servers) if servers.iter().any(|server| server == key) => Ok(key.to_owned()),
            (Some(key), _) => Err(ControlError::UnknownServer { asked: key.to_owned(), known: known() }),
            (None, [only]) => Ok(only.clone()),
            (None, _) => Err(ControlError::WhichServer(known())),
        }
    }

    /// Asks for something at a server, on behalf of `by`. What cannot be asked, because no agent is there or none
    /// answers, is an answer too: it is kept like any other.
    pub async fn ask(&self, server: Option<&str>, intent: Intent, by: &str) -> Result<Asked, ControlError> {
        let server = self.server(server)?;
        let agent = self.connections.agent_of(&server);
        let asked_ms = (self.clock)();
        let ahead_ms = agent.map_or(0, |agent| self.connections.clock_ahead_ms(agent));
        let deadline_ms = asked_ms.saturating_add(ahead_ms).saturating_add(DEADLINE.as_millis() as i64);
        let nonce = new_nonce().ok_or(ControlError::NoRandom)?;
        let request = ControlRequest::new(nonce, deadline_ms, by, intent);
        let asked = ControlAsked {
            asked_ms,
            server: server.clone(),
            agent: agent.map(|agent| agent.to_string()),
            nonce: nonce.to_string(),
            author: request.by.clone(),
            intent: request.intent.word().to_owned(),
            detail: request.intent.detail(),
            deadline_ms,
        };
        let id = self.store.keep_control(&asked).await.map_err(ControlError::NotKept)?;
        let answer = match agent {
            None => ControlAnswer::failed("no agent of this server is connected"),
            Some(agent) => match self.connections.ask(agent, &request, PATIENCE).await {
                Ok(reply) => reply.answer,
                Err(error) => ControlAnswer::failed(&error.to_string()),
            },
        };
        self.keep(id, &answer).await;
        Ok(Asked { server, id, answer })
    }

    async fn keep(&self, id: i64, answer: &ControlAnswer) {
        let words = answer.words();
        let words = &words[..words.floor_char_boundary(WORDS)];
        if let Err(error) = self.store.answer_control(id, answer.outcome(), words, (self.clock)()).await {
            tracing::warn!(request = id, %error, "what came of a request to a game server was not kept");
        }
    }
}
