use serde::{Deserialize, Serialize};
use slomix_shared::wire::Intent;

use super::super::{Command, CommandError, Progress, Site};
use crate::serve::control::Asked;

/// Asks for something at a game server.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ask {
    /// The key of the server; the only one where none is named.
    pub server: Option<String>,
    /// What for.
    pub intent: Intent,
    /// Who asks.
    pub by: String,
}

impl Command for Ask {
    const NAME: &'static str = "server ask";
    const ALONE: bool = false;
    type Answer = Asked;

    async fn run(self, site: &Site, _progress: Progress<'_>) -> Result<Asked, CommandError> {
        let nobody = "agents are only connected to a hub that serves: start `slomix-hub serve`";
        let control = site.control.as_ref().ok_or(nobody)?;
        Ok(control.ask(self.server.as_deref(), self.intent, &self.by).await?)
    }
}
