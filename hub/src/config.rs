//! The hub's configuration: one TOML file, environment variables over it, defaults below.
//!
//! Every key can be set by `SLOMIX_HUB_<SECTION>_<KEY>`; where operators have a name for it already, that name works
//! too (`slomix-hub.example.toml` lists them). A variable that is there but empty counts as not set.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::data_dir::DataDir;
use crate::discord::config::DiscordSettings;
use crate::discord::id::ChannelId;
use crate::domain::input::{Rules, SurrenderScope};
use crate::link::ListenTcp;
use crate::pipeline::{Channels, Extras, RuleBook};
use crate::store::{DatabaseUrl, Location};

mod build;
mod database;
mod environment;
mod error;
mod file;
mod keys;
mod value;

pub use error::ConfigError;

/// The key of the server that a hub without any `[[server]]` has.
pub const DEFAULT_SERVER: &str = "main";
/// The port that agents call when nobody said otherwise.
pub const LINK_PORT: u16 = 27999;

/// All that the hub was told, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// The game servers, at least one, their keys all different.
    pub servers: Vec<Server>,
    /// The server that the database is on; none for the file in the data directory.
    pub database: Option<DatabaseUrl>,
    /// Where agents call.
    pub link: Link,
    /// Where pages, JSON and the health checks are.
    pub http: SocketAddr,
    /// Where `/status` and `/metrics` are, which name hosts.
    pub admin: SocketAddr,
    /// How to reach Discord; none without a token.
    pub discord: Option<DiscordSettings>,
    /// Where the rounds of servers without a channel of their own are posted.
    pub channel: Option<ChannelId>,
    /// Only rounds that ended less than this long ago are posted anew, in hours.
    pub announce_hours: i64,
    /// What is posted beside rounds and sessions.
    pub extras: Extras,
    /// What makes a session and a match.
    pub sessions: Sessions,
    /// What an operator should know about these settings, one sentence each.
    pub notes: Vec<String>,
}

/// A game server.
#[derive(Debug, Clone)]
pub struct Server {
    /// Its key, for ever: 1 to 32 of `a`-`z`, `0`-`9`, `_` and `-`.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// The zone of its wall clock, which its file names carry.
    pub zone: TimeZone,
    /// Whether the configuration says so; else what was decided before holds, and UTC where nothing was.
    pub zone_told: bool,
    /// Where its rounds are posted, if not where all are.
    pub channel: Option<ChannelId>,
}

/// Where agents call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The UDP address listened on.
    pub listen: SocketAddr,
    /// Where those are listened for whose UDP is blocked.
    pub tcp: ListenTcp,
    /// What agents are told to call, `host:port`, as they see it from outside.
    pub public_address: Option<String>,
}

/// What makes a session and a match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    /// Two rounds further apart than this belong to two sessions, in minutes.
    pub gap_minutes: i64,
    /// A second half is stamped at most this long after its first half, in minutes. Less than `gap_minutes`.
    pub match_window_minutes: i64,
    /// Maps that nobody plays for the score, lower case.
    pub filler_maps: Vec<String>,
    /// What a surrender concedes.
    pub surrender_scope: SurrenderScope,
}

impl Config {
    /// Reads the file at `path` (else the one that `SLOMIX_HUB_CONFIG` names, else none) and lays the environment
    /// over it. `env` looks a variable up.
    pub fn load(path: Option<&Path>, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let env = environment::Environment::new(&env);
        let named = env.text("SLOMIX_HUB_CONFIG").map(std::path::PathBuf::from);
        let (mut told, path) = match path.map(Path::to_owned).or(named) {
            Some(path) => (file::File::read(&path)?, path),
            None => (file::File::default(), std::path::PathBuf::new()),
        };
        env.lay_over(&mut told)?;
        let mut config = build::build(told, &path)?;
        config.notes.extend(env.note_of_unused(config.database.is_some()));
        Ok(config)
    }

    /// Where the database is, for a hub with this data directory.
    pub fn location(&self, data: &DataDir) -> Location {
        match &self.database {
            Some(url) => Location::Server(url.clone()),
            None => Location::File(data.database()),
        }
    }

    /// As [`Self::load`], with the file's text at hand.
    pub fn parse(text: &str, env: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let path = Path::new("slomix-hub.toml");
        let mut told = file::File::parse(text, path)?;
        environment::Environment::new(&env).lay_over(&mut told)?;
        build::build(told, path)
    }

    /// The server with this key.
    pub fn server(&self, key: &str) -> Option<&Server> {
        self.servers.iter().find(|server| server.key == key)
    }

    /// The rules of a server. One that is in the archive and no longer in the configuration keeps the common rules
    /// and the zone UTC.
    pub fn rules(&self, server: &str) -> Rules {
        let zone = self.server(server).map_or(TimeZone::UTC, |server| server.zone.clone());
        Rules {
            session_gap_minutes: self.sessions.gap_minutes,
            match_window_minutes: self.sessions.match_window_minutes,
            filler_maps: self.sessions.filler_maps.clone(),
            surrender_scope: self.sessions.surrender_scope,
            ..Rules::new(server, zone)
        }
    }

    /// The rules of every server.
    pub fn rule_book(&self) -> RuleBook {
        let config = Arc::new(self.clone());
        Arc::new(move |server| config.rules(server))
    }

    /// Where each server's rounds are posted. Nowhere without a Discord token: posts that nobody can send would
    /// pile up and all come at once when a token is given.
    pub fn channels(&self) -> Channels {
        if self.discord.is_none() {
            return Arc::new(|_| Vec::new());
        }
        let common = self.channel;
        let own: BTreeMap<String, ChannelId> =
            self.servers.iter().filter_map(|server| Some((server.key.clone(), server.channel?))).collect();
        Arc::new(move |server| {
            own.get(server).copied().or(common).map(|channel| channel.to_string()).into_iter().collect()
        })
    }

    /// An address that an invite is to tell, `host` or `host:port`, with the port that agents call where it has none.
    /// The error says what is wrong with it.
    pub fn callable(&self, address: &str) -> Result<String, String> {
        let value::HostPort(address) = address.parse()?;
        Ok(value::with_port(&address, self.link_port()))
    }

    fn link_port(&self) -> u16 {
        if self.link.listen.port() == 0 { LINK_PORT } else { self.link.listen.port() }
    }

    /// What an invite tells an agent to call, where the configuration says it: `public_address`, or the address
    /// listened on where that is one address.
    pub fn invite_address(&self) -> Option<String> {
        let (listen, port) = (self.link.listen, self.link_port());
        match &self.link.public_address {
            Some(address) => Some(value::with_port(address, port)),
            None if listen.ip().is_unspecified() => None,
            None => Some(SocketAddr::new(listen.ip(), port).to_string()),
        }
    }
}

#[cfg(test)]
mod tests;
