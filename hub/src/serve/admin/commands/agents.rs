use serde::{Deserialize, Serialize};
use slomix_shared::wire::CloseCode;

use super::super::{Command, CommandError, Progress, Site};
use crate::serve::agents;

/// Makes a one-time token with which an agent joins.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invite {
    /// What the agent is to be called.
    pub name: String,
    /// The key of the server it ships for; the only one where none is named.
    pub server: Option<String>,
    /// What the agent calls, `host` or `host:port`; what the configuration says where it is not named.
    pub address: Option<String>,
}

/// A token that was made.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Invited {
    /// What the agent will be called.
    pub name: String,
    /// What it calls.
    pub address: String,
    /// The token, to be typed on the game server's host.
    pub token: String,
    /// The last moment at which it is good, Unix seconds.
    pub expires_at: i64,
    /// Whether an agent of this name ships now: it is revoked when another joins with the token.
    #[serde(default)]
    pub replaces: bool,
}

impl Command for Invite {
    const NAME: &'static str = "agent invite";
    const ALONE: bool = false;
    type Answer = Invited;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Invited, CommandError> {
        let keys = site.keys().await?;
        let (server, address) = (self.server.as_deref(), self.address.as_deref());
        let now_ms = (site.clock)();
        let token = agents::invite(site.store(), &keys, &site.config, &self.name, server, address, now_ms).await?;
        let known = agents::list(site.store()).await?;
        let replaces = known.iter().any(|agent| agent.name == self.name && agent.revoked_at_ms.is_none());
        Ok(Invited {
            replaces,
            name: self.name,
            address: token.address.clone(),
            expires_at: token.expires_at,
            token: token.to_string(),
        })
    }
}

/// Lets an agent have a certificate again that lost its own, or let it run out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Approve {
    /// Its name.
    pub name: String,
}

/// An agent that gets a certificate when it next asks.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Approved {
    /// Its name.
    pub name: String,
    /// Its id, the same as before.
    pub id: String,
    /// The key of the server that it ships for.
    pub server: String,
    /// Where it last asked from.
    pub address: Option<String>,
    /// Since when it asks, Unix milliseconds.
    pub since_ms: Option<i64>,
}

impl Command for Approve {
    const NAME: &'static str = "agent approve";
    const ALONE: bool = false;
    type Answer = Approved;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Approved, CommandError> {
        let approved = agents::approve(site.store(), &self.name, (site.clock)()).await?;
        let asked = approved.readmission;
        Ok(Approved {
            name: approved.name,
            id: approved.id.to_string(),
            server: approved.server,
            since_ms: asked.as_ref().map(|asked| asked.since_ms),
            address: asked.map(|asked| asked.address),
        })
    }
}

/// Lets an agent ship no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revoke {
    /// Its name.
    pub name: String,
}

/// An agent that may ship no more.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Revoked {
    /// Its name.
    pub name: String,
    /// Its id.
    pub id: String,
    /// The key of the server that it shipped for.
    pub server: String,
}

impl Command for Revoke {
    const NAME: &'static str = "agent revoke";
    const ALONE: bool = false;
    type Answer = Revoked;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Revoked, CommandError> {
        let gone = agents::revoke(site.store(), &self.name, (site.clock)()).await?;
        // What it has under way is not kept any more; a hub that does not carry this out itself sees it in the database.
        if let Some(connections) = &site.connections {
            connections.close(gone.id, CloseCode::Revoked);
        }
        Ok(Revoked { name: gone.name, id: gone.id.to_string(), server: gone.server })
    }
}
