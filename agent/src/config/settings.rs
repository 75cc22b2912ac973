use std::path::PathBuf;

use super::Config;

/// What a setting's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A path in quotes.
    Path,
    /// Text in quotes.
    Text,
    /// A whole number.
    Number,
}

impl Shape {
    /// In words, for an error.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Path => "a path that is not empty, in quotes",
            Self::Text => "text that is not empty, in quotes",
            Self::Number => "a whole number that is not negative",
        }
    }
}

/// One setting.
pub struct Setting {
    /// Its key in the file, with its section.
    pub key: &'static str,
    /// Its environment variable.
    pub env: &'static str,
    /// What its value looks like.
    pub shape: Shape,
    /// What it is, in a line.
    pub what: &'static str,
    pub(super) set: fn(&mut Config, &str) -> Result<(), ()>,
}

/// All settings.
pub const SETTINGS: [Setting; 7] = [
    Setting {
        key: "watch.gamestats",
        env: "SLOMIX_AGENT_GAMESTATS",
        shape: Shape::Path,
        what: "where c0rnp0rn8.lua and endstats.lua write",
        set: add_directory,
    },
    Setting {
        key: "watch.gametimes",
        env: "SLOMIX_AGENT_GAMETIMES",
        shape: Shape::Path,
        what: "where stats_discord_webhook.lua writes",
        set: add_directory,
    },
    Setting {
        key: "watch.proximity",
        env: "SLOMIX_AGENT_PROXIMITY",
        shape: Shape::Path,
        what: "where proximity_tracker.lua writes",
        set: add_directory,
    },
    Setting {
        key: "hub.address",
        env: "SLOMIX_AGENT_HUB_ADDRESS",
        shape: Shape::Text,
        what: "host:port of the hub, should it have moved since `join`",
        set: |config, text| {
            let (host, port) = text.rsplit_once(':').ok_or(())?;
            let port: u16 = port.parse().map_err(drop)?;
            config.hub_address = Some(format!("{host}:{port}")).filter(|_| !host.is_empty());
            config.hub_address.as_ref().map(drop).ok_or(())
        },
    },
    Setting {
        key: "spool.quota_mib",
        env: "SLOMIX_AGENT_SPOOL_QUOTA_MIB",
        shape: Shape::Number,
        what: "most MiB of safe copies while the hub is away (256)",
        set: |config, text| {
            let mib: u64 = text.parse().map_err(drop)?;
            config.quota = mib.checked_mul(1024 * 1024).ok_or(())?;
            Ok(())
        },
    },
    Setting {
        key: "validate.rules",
        env: "SLOMIX_AGENT_RULES",
        shape: Shape::Path,
        what: "a directory of rule scripts over those that come with the agent",
        set: |config, text| {
            config.rules = Some(PathBuf::from(full(text)?));
            Ok(())
        },
    },
    Setting {
        key: "log",
        env: "SLOMIX_AGENT_LOG",
        shape: Shape::Text,
        what: "error, warn, info, debug or trace, or target=level pairs (info)",
        set: |config, text| {
            full(text)?.clone_into(&mut config.log);
            Ok(())
        },
    },
];

/// Whether some setting lies in this section.
pub(super) fn is_section(name: &str) -> bool {
    SETTINGS.iter().any(|setting| setting.key.split_once('.').is_some_and(|(section, _)| section == name))
}

fn add_directory(config: &mut Config, text: &str) -> Result<(), ()> {
    config.add_directories(&[PathBuf::from(full(text)?)]);
    Ok(())
}

fn full(text: &str) -> Result<&str, ()> {
    if text.trim().is_empty() { Err(()) } else { Ok(text) }
}
