use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use slomix_shared::wire::Intent;

use super::Config;
use crate::gameserver::Password;

/// What a setting's value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// A path in quotes.
    Path,
    /// Text in quotes.
    Text,
    /// A whole number.
    Number,
    /// Text in quotes that is shown to nobody.
    Secret,
    /// Words in quotes, between brackets; with commas between in a variable.
    Words,
}

impl Shape {
    /// In words, for an error.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Path => "a path that is not empty, in quotes",
            Self::Text => "text that is not empty, in quotes",
            Self::Number => "a whole number that is not negative",
            Self::Secret => {
                "text in quotes without spaces, quotation marks, `;`, `%`, `\\`, `//` and `/*`, of at most 256 bytes"
            }
            Self::Words => {
                "a list of status, players, list_maps, say, kick, change_map, restart and rcon, as in [\"status\", \"say\"]"
            }
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
pub const SETTINGS: [Setting; 15] = [
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
            config.hub_address = Some(host_port(text)?);
            Ok(())
        },
    },
    Setting {
        key: "hub.tcp_address",
        env: "SLOMIX_AGENT_HUB_TCP_ADDRESS",
        shape: Shape::Text,
        what: "host:port of the hub for TCP, should it be another than for UDP",
        set: |config, text| {
            config.fallback.address = Some(host_port(text)?);
            Ok(())
        },
    },
    Setting {
        key: "hub.tcp_after",
        env: "SLOMIX_AGENT_HUB_TCP_AFTER",
        shape: Shape::Number,
        what: "calls over UDP without an answer before TCP is tried, 0 for never (3)",
        set: |config, text| {
            config.fallback.after = text.parse().map_err(drop)?;
            Ok(())
        },
    },
    Setting {
        key: "spool.quota_mib",
        env: "SLOMIX_AGENT_SPOOL_QUOTA_MIB",
        shape: Shape::Number,
        what: "most MiB of safe copies while the hub is away (512); stats files always have one, whatever they take",
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
        key: "gameserver.address",
        env: "SLOMIX_AGENT_GAMESERVER",
        shape: Shape::Text,
        what: "address:port of the game server on this host, as in 127.0.0.1:27960",
        set: |config, text| {
            config.game_address = Some(game_address(text).ok_or(())?);
            Ok(())
        },
    },
    Setting {
        key: "gameserver.rcon_password",
        env: "SLOMIX_AGENT_RCON_PASSWORD",
        shape: Shape::Secret,
        what: "of the game server's console; this file must then be closed to others",
        set: |config, text| {
            config.rcon_password = Some(Password::parse(text).map_err(drop)?);
            Ok(())
        },
    },
    Setting {
        key: "gameserver.rcon_password_file",
        env: "SLOMIX_AGENT_RCON_PASSWORD_FILE",
        shape: Shape::Path,
        what: "a file, closed to others, with that password in its first line",
        set: |config, text| {
            config.rcon_password_file = Some(PathBuf::from(full(text)?));
            Ok(())
        },
    },
    Setting {
        key: "gameserver.log",
        env: "SLOMIX_AGENT_GAME_LOG",
        shape: Shape::Path,
        what: "the game's log (g_log, with g_logSync 1), to follow rounds while they are played",
        set: |config, text| {
            config.game_log = Some(PathBuf::from(full(text)?));
            Ok(())
        },
    },
    Setting {
        key: "control.allow",
        env: "SLOMIX_AGENT_CONTROL_ALLOW",
        shape: Shape::Words,
        what: "what the hub may have done at the game server (all but rcon)",
        set: |config, text| {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            let known = |word: &str| Intent::WORDS.contains(&word).then(|| word.to_owned());
            config.control_allow = words.map(known).collect::<Option<_>>().ok_or(())?;
            Ok(())
        },
    },
    Setting {
        key: "control.rcon",
        env: "SLOMIX_AGENT_CONTROL_RCON",
        shape: Shape::Words,
        what: "raw commands that may be sent where `rcon` is allowed, by their first words",
        set: |config, text| {
            let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
            let known = |word: &str| {
                let plain = word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
                plain.then(|| word.to_ascii_lowercase())
            };
            config.control_rcon = words.map(known).collect::<Option<_>>().ok_or(())?;
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

/// An address of this host, which `UdpRoad::open` makes sure of; the game's own port where none is named.
fn game_address(text: &str) -> Option<SocketAddr> {
    const PORT: u16 = 27960;
    let text = text.strip_prefix("localhost").map_or_else(|| text.to_owned(), |rest| format!("127.0.0.1{rest}"));
    let address = text.parse().or_else(|_| text.parse().map(|ip: IpAddr| SocketAddr::new(ip, PORT))).ok()?;
    // A server that listens on every address is reached at this one.
    let everywhere = address.ip().is_unspecified() && address.is_ipv4();
    Some(if everywhere { SocketAddr::new(Ipv4Addr::LOCALHOST.into(), address.port()) } else { address })
        .filter(|address| address.port() != 0)
}

fn host_port(text: &str) -> Result<String, ()> {
    let (host, port) = text.rsplit_once(':').ok_or(())?;
    let port: u16 = port.parse().map_err(drop)?;
    if host.is_empty() { Err(()) } else { Ok(format!("{host}:{port}")) }
}

fn full(text: &str) -> Result<&str, ()> {
    if text.trim().is_empty() { Err(()) } else { Ok(text) }
}
