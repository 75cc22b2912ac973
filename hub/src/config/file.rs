//! The file as it is written: everything may be missing.

use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::de::DeTable;

use super::value::{Address, HostPort, Key, Scope, Tcp, Tokened, Url, Whole, Zone, id, ids};
use super::{ConfigError, keys};
use crate::discord::id::{ChannelId, RoleId, UserId};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct File {
    pub(super) server: Vec<Server>,
    pub(super) database: Database,
    pub(super) link: Link,
    pub(super) http: Listener,
    pub(super) admin: Listener,
    pub(super) discord: Discord,
    pub(super) announce: Announce,
    pub(super) sessions: Sessions,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Server {
    pub(super) key: Option<Key>,
    pub(super) name: Option<String>,
    pub(super) zone: Option<Zone>,
    #[serde(deserialize_with = "id")]
    pub(super) channel: Option<ChannelId>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Database {
    pub(super) url: Option<Url>,
    /// Whether the URL stands in this file, and not in the environment.
    #[serde(skip)]
    pub(super) url_is_here: bool,
    pub(super) url_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Link {
    pub(super) listen: Option<Address>,
    pub(super) tcp: Option<Tcp>,
    pub(super) public_address: Option<HostPort>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Listener {
    pub(super) listen: Option<Address>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Discord {
    pub(super) token: Option<Tokened>,
    /// Whether the token stands in this file, and not in the environment.
    #[serde(skip)]
    pub(super) token_is_here: bool,
    pub(super) token_file: Option<PathBuf>,
    #[serde(deserialize_with = "id")]
    pub(super) channel: Option<ChannelId>,
    #[serde(deserialize_with = "ids")]
    pub(super) command_channels: Option<Vec<ChannelId>>,
    #[serde(deserialize_with = "ids")]
    pub(super) admin_channels: Option<Vec<ChannelId>>,
    #[serde(deserialize_with = "id")]
    pub(super) owner: Option<UserId>,
    #[serde(deserialize_with = "ids")]
    pub(super) admin_roles: Option<Vec<RoleId>>,
    #[serde(deserialize_with = "ids")]
    pub(super) moderator_roles: Option<Vec<RoleId>>,
    pub(super) api_address: Option<Address>,
    pub(super) api_ca_file: Option<PathBuf>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Announce {
    pub(super) hours: Option<Whole>,
    pub(super) maps: Option<bool>,
    pub(super) digests: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Sessions {
    pub(super) gap_minutes: Option<Whole>,
    pub(super) match_window_minutes: Option<Whole>,
    pub(super) filler_maps: Option<Vec<String>>,
    pub(super) surrender_scope: Option<Scope>,
}

impl File {
    pub(super) fn read(path: &Path) -> Result<Self, ConfigError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, path),
            Err(source) if source.kind() == io::ErrorKind::NotFound => Err(ConfigError::Missing(path.to_owned())),
            Err(source) => Err(ConfigError::Read { path: path.to_owned(), source }),
        }
    }

    pub(super) fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let place = Place { path, text };
        let table = DeTable::parse(text).map_err(|error| place.fault(&error))?;
        keys::check(table.get_ref(), &place)?;
        let mut told: Self = toml::from_str(text).map_err(|error| place.fault(&error))?;
        told.database.url_is_here = told.database.url.is_some();
        told.discord.token_is_here = told.discord.token.is_some();
        Ok(told)
    }
}

/// Where in the file something stands.
pub(super) struct Place<'a> {
    path: &'a Path,
    text: &'a str,
}

impl Place<'_> {
    /// File and line of a byte.
    pub(super) fn of(&self, at: usize) -> String {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = 1 + before.matches('\n').count();
        format!("{}, line {line}", self.path.display())
    }

    /// The parser's message, without the line's text: that may hold a secret.
    fn fault(&self, error: &toml::de::Error) -> ConfigError {
        let place = error.span().map_or_else(|| self.path.display().to_string(), |span| self.of(span.start));
        ConfigError::Value { place, problem: plainly(error.message()) }
    }
}

/// What belongs where something else stands, in words of the file and without what stands there.
fn plainly(message: &str) -> String {
    let wanted = message.strip_prefix("invalid type: ").and_then(|found| found.rsplit_once(", expected "));
    match wanted {
        Some((_, "a string" | "path string")) => "here belongs a text, in quotes".to_owned(),
        Some(("map", "a sequence")) => {
            "this section may be there more than once: write [[server]], in two brackets".to_owned()
        }
        Some((_, "a sequence")) => "here belongs a list, as in [\"one\", \"another\"]".to_owned(),
        Some((_, wanted)) if wanted.starts_with("struct ") => {
            "this is a section with keys of its own: write it as [section], and the keys below it".to_owned()
        }
        _ => message.to_owned(),
    }
}
