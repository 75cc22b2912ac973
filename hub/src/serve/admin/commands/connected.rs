use serde::{Deserialize, Serialize};

use super::super::{Command, CommandError, Progress, Site};

/// Asks a hub that serves which agents are connected to it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Connected {}

/// An agent that is connected.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ConnectedLine {
    /// Its id.
    pub id: String,
    /// Where it calls from.
    pub address: String,
    /// Which way it came: `udp` or `tcp`.
    pub way: String,
    /// Since when, Unix milliseconds.
    pub since_ms: i64,
}

impl Command for Connected {
    const NAME: &'static str = "agent connected";
    const ALONE: bool = false;
    type Answer = Vec<ConnectedLine>;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Vec<ConnectedLine>, CommandError> {
        let connections = site.connections.as_ref().ok_or("agents are only connected to a hub that serves")?;
        let line = |agent: crate::link::ConnectedAgent| ConnectedLine {
            id: agent.id.to_string(),
            address: agent.address.to_string(),
            way: agent.way.word().to_owned(),
            since_ms: agent.since_ms,
        };
        Ok(connections.list().into_iter().map(line).collect())
    }
}
