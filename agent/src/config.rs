//! What the operator sets: one TOML file, environment variables over it.
//!
//! Every setting is one line of [`SETTINGS`]: its key in the file, its variable, what it is. A key or a variable that
//! is not there is an error that names the nearest one that is.

mod nearest;
mod settings;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub use settings::{SETTINGS, Setting, Shape};
use slomix_shared::wire::Intent;

use crate::gameserver::{GamePace, GameSettings, Password, PasswordProblem};
use crate::ship::Fallback;

/// Environment variables with this beginning are ours; an unknown one is an error.
pub const ENV_PREFIX: &str = "SLOMIX_AGENT_";
/// Variables that the command line reads by itself.
const CLI_VARIABLES: [&str; 2] = ["SLOMIX_AGENT_CONFIG", "SLOMIX_AGENT_DATA"];
/// The file that is read when none is named and it is there.
pub const DEFAULT_FILE: &str = "slomix-agent.toml";

/// The settings, defaults filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Directories to watch, in the order given.
    pub directories: Vec<PathBuf>,
    /// Where the hub is reached, over what `join` stored: `host:port`.
    pub hub_address: Option<String>,
    /// When and where the hub is called over TCP.
    pub fallback: Fallback,
    /// Most that safe copies may take while the hub is away. Bytes.
    pub quota: u64,
    /// Rule scripts over those that come with the agent.
    pub rules: Option<PathBuf>,
    /// What is logged: a level, or `target=level` pairs.
    pub log: String,
    /// Where the game server on this host answers.
    pub game_address: Option<SocketAddr>,
    /// Of its console.
    pub rcon_password: Option<Password>,
    /// Where that stands instead.
    pub rcon_password_file: Option<PathBuf>,
    /// The game's log.
    pub game_log: Option<PathBuf>,
    /// Words of what the hub may have done at the game server.
    pub control_allow: BTreeSet<String>,
    /// First words of raw commands that may be sent where `rcon` is allowed, in lower case.
    pub control_rcon: BTreeSet<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            hub_address: None,
            fallback: Fallback::default(),
            quota: 512 * 1024 * 1024,
            rules: None,
            log: "info".to_owned(),
            game_address: None,
            rcon_password: None,
            rcon_password_file: None,
            game_log: None,
            // A raw command can be anything, so it takes a word of the operator's own.
            control_allow: Intent::WORDS
                .iter()
                .filter(|word| **word != "rcon")
                .map(|word| (*word).to_owned())
                .collect(),
            control_rcon: crate::control::USUAL.map(str::to_owned).into(),
        }
    }
}

/// The settings cannot be used. Each says which one, where it stands and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration file {}", path.display())]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file is no TOML.
    #[error("{} is not valid TOML", path.display())]
    Syntax {
        /// Which.
        path: PathBuf,
        /// Where in it.
        #[source]
        source: toml::de::Error,
    },
    /// The file is no TOML, and holds a password that an error must not show.
    #[error("{} is not valid TOML in line {line} (which is not shown, since a password stands in the file)", path.display())]
    SecretSyntax {
        /// Which.
        path: PathBuf,
        /// Where in it, from 1.
        line: usize,
    },
    /// The password of the game server's console cannot be used.
    #[error(transparent)]
    Password(#[from] PasswordProblem),
    /// The password stands in two places.
    #[error("gameserver.rcon_password and gameserver.rcon_password_file are both set: keep one of them")]
    TwoPasswords,
    /// It is not said which game server is meant.
    #[error(
        "[gameserver] says something of a game server, but not where it is: set gameserver.address, as in \"127.0.0.1:27960\""
    )]
    NoGameAddress,
    /// A key or variable that does not exist.
    #[error("{place} sets `{key}`, which is no setting{}", nearest::hint(near.as_deref()))]
    Unknown {
        /// The file or the environment.
        place: String,
        /// The key.
        key: String,
        /// The known one that is most like it.
        near: Option<String>,
    },
    /// A value that the setting cannot take.
    #[error("{place} sets `{key}` to {found}, but it must be {wanted}")]
    Value {
        /// The file or the environment.
        place: String,
        /// The key.
        key: String,
        /// What stands there.
        found: String,
        /// What should.
        wanted: String,
    },
}

impl Config {
    /// Reads `file`, or the default file if it is there, and the environment over it.
    pub fn load(file: Option<&Path>, env: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let path = file.unwrap_or(Path::new(DEFAULT_FILE));
        let mut config = Self::default();
        match fs::read_to_string(path) {
            Ok(text) => config.read_file(path, &text)?,
            Err(problem) if file.is_none() && problem.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(ConfigError::Read { path: path.to_owned(), source }),
        }
        config.read_env(env)?;
        Ok(config)
    }

    fn read_file(&mut self, path: &Path, text: &str) -> Result<(), ConfigError> {
        let place = path.display().to_string();
        let table: toml::Table = text.parse().map_err(|source: toml::de::Error| {
            if !text.contains("rcon_password") {
                return ConfigError::Syntax { path: path.to_owned(), source };
            }
            let start = source.span().map_or(0, |span| text.floor_char_boundary(span.start));
            ConfigError::SecretSyntax { path: path.to_owned(), line: text[..start].matches('\n').count() + 1 }
        })?;
        for (key, value) in table {
            match value {
                toml::Value::Table(section) if settings::is_section(&key) => {
                    for (name, value) in section {
                        self.set_from_file(&place, &format!("{key}.{name}"), &value)?;
                    }
                }
                value => self.set_from_file(&place, &key, &value)?,
            }
        }
        if self.rcon_password.is_some() {
            Password::expect_closed_file(path)?;
        }
        Ok(())
    }

    fn set_from_file(&mut self, place: &str, key: &str, value: &toml::Value) -> Result<(), ConfigError> {
        let Some(setting) = SETTINGS.iter().find(|setting| setting.key == key) else {
            let near = nearest::of(key, SETTINGS.iter().map(|setting| setting.key));
            return Err(ConfigError::Unknown { place: place.to_owned(), key: key.to_owned(), near });
        };
        let wrong = |found: String| ConfigError::Value {
            place: place.to_owned(),
            key: key.to_owned(),
            found: shown(setting, found),
            wanted: setting.shape.describe().to_owned(),
        };
        let text = match (setting.shape, value) {
            (Shape::Number, toml::Value::Integer(number)) => number.to_string(),
            (Shape::Text | Shape::Path | Shape::Secret, toml::Value::String(text)) => text.clone(),
            (Shape::Words, toml::Value::Array(words)) => {
                let words: Option<Vec<&str>> = words.iter().map(toml::Value::as_str).collect();
                words.ok_or_else(|| wrong(value.to_string()))?.join(",")
            }
            (_, other) => return Err(wrong(other.to_string())),
        };
        (setting.set)(self, &text).map_err(|()| wrong(format!("`{text}`")))
    }

    fn read_env(&mut self, env: impl Iterator<Item = (String, String)>) -> Result<(), ConfigError> {
        let place = "the environment";
        for (key, text) in env.filter(|(key, _)| key.starts_with(ENV_PREFIX)) {
            if CLI_VARIABLES.contains(&key.as_str()) {
                continue;
            }
            let Some(setting) = SETTINGS.iter().find(|setting| setting.env == key) else {
                let known = SETTINGS.iter().map(|setting| setting.env).chain(CLI_VARIABLES);
                let near = nearest::of(&key, known);
                return Err(ConfigError::Unknown { place: place.to_owned(), key, near });
            };
            (setting.set)(self, &text).map_err(|()| ConfigError::Value {
                place: place.to_owned(),
                key,
                found: shown(setting, format!("`{text}`")),
                wanted: setting.shape.describe().to_owned(),
            })?;
        }
        Ok(())
    }

    /// What there is to know of the game server; none where none is configured. Reads the password's file.
    pub fn game(&self) -> Result<Option<GameSettings>, ConfigError> {
        let Some(address) = self.game_address else {
            let nothing = self.rcon_password.is_none() && self.rcon_password_file.is_none() && self.game_log.is_none();
            return if nothing { Ok(None) } else { Err(ConfigError::NoGameAddress) };
        };
        let password = match (&self.rcon_password, &self.rcon_password_file) {
            (Some(_), Some(_)) => return Err(ConfigError::TwoPasswords),
            (Some(password), None) => Some(password.clone()),
            (None, Some(path)) => Some(Password::read(path)?),
            (None, None) => None,
        };
        let (log, allow, commands) = (self.game_log.clone(), self.control_allow.clone(), self.control_rcon.clone());
        Ok(Some(GameSettings { address, password, log, allow, commands, pace: GamePace::default() }))
    }

    /// Adds directories of the command line to those of the file, each once.
    pub fn add_directories(&mut self, directories: &[PathBuf]) {
        for directory in directories {
            if !self.directories.contains(directory) {
                self.directories.push(directory.clone());
            }
        }
    }
}

/// What stands there, unless that is a secret.
fn shown(setting: &Setting, found: String) -> String {
    if setting.shape == Shape::Secret { "something else".to_owned() } else { found }
}

#[cfg(test)]
mod tests;
