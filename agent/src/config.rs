//! What the operator sets: one TOML file, environment variables over it.
//!
//! Every setting is one line of [`SETTINGS`]: its key in the file, its variable, what it is. A key or a variable that
//! is not there is an error that names the nearest one that is.

mod nearest;
mod settings;

use std::path::{Path, PathBuf};
use std::{fs, io};

pub use settings::{SETTINGS, Setting, Shape};

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
    /// Most that safe copies may take while the hub is away. Bytes.
    pub quota: u64,
    /// Rule scripts over those that come with the agent.
    pub rules: Option<PathBuf>,
    /// What is logged: a level, or `target=level` pairs.
    pub log: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            directories: Vec::new(),
            hub_address: None,
            quota: 256 * 1024 * 1024,
            rules: None,
            log: "info".to_owned(),
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
        let table: toml::Table =
            text.parse().map_err(|source| ConfigError::Syntax { path: path.to_owned(), source })?;
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
            found,
            wanted: setting.shape.describe().to_owned(),
        };
        let text = match (setting.shape, value) {
            (Shape::Number, toml::Value::Integer(number)) => number.to_string(),
            (Shape::Text | Shape::Path, toml::Value::String(text)) => text.clone(),
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
                found: format!("`{text}`"),
                wanted: setting.shape.describe().to_owned(),
            })?;
        }
        Ok(())
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

#[cfg(test)]
mod tests;
