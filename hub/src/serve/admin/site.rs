use std::sync::Arc;

use super::super::control::Control;
use super::super::{ServeError, hub_keys};
use crate::archive::{Archive, Clock};
use crate::config::Config;
use crate::data_dir::DataDir;
use crate::link::{Connections, HubKeys};
use crate::pipeline::Deriver;
use crate::store::Store;

/// What a writing command works with: the parts of the hub that serves, or parts that a command line has for itself.
pub struct Site {
    /// What the operator wants.
    pub config: Config,
    /// Where everything lies.
    pub data: DataDir,
    /// Derives what is kept.
    pub deriver: Deriver,
    /// The way into the archive.
    pub archive: Archive,
    /// The time.
    pub clock: Clock,
    /// The keys that a serving hub is known by.
    pub known_keys: Option<Arc<HubKeys>>,
    /// The way to the game servers, of a serving hub.
    pub control: Option<Control>,
    /// The agents that a serving hub is connected to.
    pub connections: Option<Arc<Connections>>,
}

impl Site {
    /// The database.
    pub fn store(&self) -> &Store {
        self.deriver.store()
    }

    /// The hub's keys, made if the hub is new.
    pub async fn keys(&self) -> Result<Arc<HubKeys>, ServeError> {
        match &self.known_keys {
            Some(keys) => Ok(Arc::clone(keys)),
            None => Ok(Arc::new(hub_keys(&self.data, self.store(), (self.clock)()).await?)),
        }
    }
}
