use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;

use super::{GamePace, Password};

/// Which game server, and what the hub may have it do.
#[derive(Debug, Clone)]
pub struct GameSettings {
    /// Its address, on this host.
    pub address: SocketAddr,
    /// Of its console.
    pub password: Option<Password>,
    /// Its log, where rounds are read from.
    pub log: Option<PathBuf>,
    /// Words of the intents that are carried out.
    pub allow: BTreeSet<String>,
    /// First words of the raw commands that may be sent, in lower case, where those are among them.
    pub commands: BTreeSet<String>,
    /// How patient to be.
    pub pace: GamePace,
}
