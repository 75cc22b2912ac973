//! From what was told to a configuration that holds together.

use std::collections::BTreeSet;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::tz::TimeZone;

use super::file::{self, File};
use super::value::{Address, HostPort, Scope, Tcp, Whole};
use super::{Config, ConfigError, DEFAULT_SERVER, LINK_PORT, Link, Server, Sessions};
use crate::discord::config::{DiscordSettings, Secret};
use crate::domain::input::SurrenderScope;
use crate::link::ListenTcp;
use crate::pipeline::Extras;
use crate::store::{BadUrl, DatabaseUrl};

pub(super) fn build(told: File, path: &Path) -> Result<Config, ConfigError> {
    let mut notes = Vec::new();
    let servers = servers(told.server, path, &mut notes)?;
    let database = database(told.database, path, &mut notes)?;
    let channel = told.discord.channel;
    let discord = discord(told.discord, &servers, path, &mut notes)?;
    let listen = |address: Option<Address>, otherwise: (Ipv4Addr, u16)| {
        address.map_or_else(|| SocketAddr::from(otherwise), |address| address.0)
    };
    let http = listen(told.http.listen, (Ipv4Addr::LOCALHOST, 8080));
    let admin = listen(told.admin.listen, (Ipv4Addr::LOCALHOST, 8081));
    if !admin.ip().is_loopback() {
        notes.push(format!(
            "/status and /metrics at {admin} can be read from outside this machine, and they name hosts: let only \
             your monitoring reach that port"
        ));
    }
    Ok(Config {
        link: Link {
            listen: listen(told.link.listen, (Ipv4Addr::UNSPECIFIED, LINK_PORT)),
            tcp: told.link.tcp.map_or(ListenTcp::Beside, |Tcp(tcp)| tcp),
            public_address: told.link.public_address.map(|HostPort(address)| address),
        },
        http,
        admin,
        announce_hours: told.announce.hours.map_or(6, |Whole(hours)| hours),
        extras: Extras { maps: told.announce.maps.unwrap_or(true), digests: told.announce.digests.unwrap_or(true) },
        sessions: sessions(told.sessions, path)?,
        servers,
        database,
        discord,
        channel,
        notes,
    })
}

fn servers(told: Vec<file::Server>, path: &Path, notes: &mut Vec<String>) -> Result<Vec<Server>, ConfigError> {
    let told = if told.is_empty() { vec![file::Server::default()] } else { told };
    let alone = told.len() == 1;
    let mut keys = BTreeSet::new();
    let mut servers = Vec::with_capacity(told.len());
    for server in told {
        let key = match server.key {
            Some(key) => key.0,
            None if alone => DEFAULT_SERVER.to_owned(),
            None => return Err(wrong(path, "each [[server]] needs a `key`, such as `main`")),
        };
        if !keys.insert(key.clone()) {
            return Err(wrong(path, &format!("two [[server]] have the key `{key}`: a key is one server's for ever")));
        }
        if server.zone.is_none() {
            notes.push(format!(
                "the server `{key}` has no zone, so its clock is taken for UTC: set `zone` to what \
                 `timedatectl` says on the game server"
            ));
        }
        servers.push(Server {
            name: server.name.unwrap_or_else(|| key.clone()),
            zone_told: server.zone.is_some(),
            zone: server.zone.map_or(TimeZone::UTC, |zone| zone.0),
            channel: server.channel,
            key,
        });
    }
    Ok(servers)
}

fn database(told: file::Database, path: &Path, notes: &mut Vec<String>) -> Result<Option<DatabaseUrl>, ConfigError> {
    const SECRET: &str = "the database's password";
    match (told.url, told.url_file) {
        (Some(_), Some(_)) => Err(wrong(path, "[database] has `url` and `url_file`: leave one of the two out")),
        (Some(url), None) => {
            if told.url_is_here {
                note_if_open(SECRET, path, notes);
            }
            Ok(Some(url.0))
        }
        (None, Some(file)) => {
            note_if_open(SECRET, &file, notes);
            let text = std::fs::read_to_string(&file);
            let text = text.map_err(|source| ConfigError::UrlFile { path: file.clone(), source })?;
            let url = text.parse().map_err(|error: BadUrl| wrong(&file, &error.to_string()))?;
            Ok(Some(url))
        }
        (None, None) => Ok(None),
    }
}

fn discord(
    told: file::Discord,
    servers: &[Server],
    path: &Path,
    notes: &mut Vec<String>,
) -> Result<Option<DiscordSettings>, ConfigError> {
    let token = match (told.token, told.token_file) {
        (Some(_), Some(_)) => {
            return Err(wrong(path, "[discord] has `token` and `token_file`: leave one of the two out"));
        }
        (Some(token), None) => {
            if told.token_is_here {
                note_if_open(TOKEN, path, notes);
            }
            Some(token.0)
        }
        (None, Some(file)) => {
            note_if_open(TOKEN, &file, notes);
            let text = std::fs::read_to_string(&file);
            Some(Secret::new(&text.map_err(|source| ConfigError::TokenFile { path: file, source })?))
        }
        (None, None) => None,
    };
    let own: Vec<_> = servers.iter().filter_map(|server| server.channel).collect();
    let Some(token) = token.filter(|token| !token.expose().is_empty()) else {
        if told.channel.is_some() || !own.is_empty() {
            notes.push("a Discord channel is set and no token, so nothing is posted: set DISCORD_BOT_TOKEN".to_owned());
        }
        return Ok(None);
    };
    let mut settings = DiscordSettings::new(token);
    if told.channel.is_none() && own.is_empty() {
        notes.push(
            "a Discord token is set and no channel, so commands are answered and nothing is posted: set `channel` \
             in [discord] or PRODUCTION_CHANNEL_ID"
                .to_owned(),
        );
    }
    settings.channel = told.channel.or_else(|| own.first().copied());
    settings.command_channels = told.command_channels.unwrap_or_default();
    if settings.command_channels.is_empty() && !own.is_empty() {
        // Commands are answered wherever rounds are posted.
        let all: BTreeSet<_> = told.channel.into_iter().chain(own).collect();
        settings.command_channels = all.into_iter().collect();
    }
    settings.admin_channels = told.admin_channels.unwrap_or_default();
    settings.owner = told.owner;
    settings.admin_roles = told.admin_roles.unwrap_or_default();
    settings.moderator_roles = told.moderator_roles.unwrap_or_default();
    settings.api_address = told.api_address.map(|address| address.0);
    settings.api_ca_file = told.api_ca_file;
    Ok(Some(settings))
}

const TOKEN: &str = "the Discord token";

/// A file with a secret that other users of the machine can read is worth a word.
fn note_if_open(secret: &str, file: &Path, notes: &mut Vec<String>) {
    let mode = std::fs::metadata(file).map_or(0, |found| found.permissions().mode() & 0o777);
    if mode & 0o077 != 0 {
        let file = file.display();
        notes.push(format!(
            "{file} holds {secret} and is open to other users (mode {mode:03o}): close it with chmod 600 {file}"
        ));
    }
}

fn sessions(told: file::Sessions, path: &Path) -> Result<Sessions, ConfigError> {
    let gap_minutes = told.gap_minutes.map_or(60, |Whole(minutes)| minutes);
    let match_window_minutes = told.match_window_minutes.map_or(45, |Whole(minutes)| minutes);
    if match_window_minutes >= gap_minutes {
        return Err(wrong(
            path,
            &format!(
                "match_window_minutes ({match_window_minutes}) must be less than gap_minutes ({gap_minutes}): two \
                 halves of a map belong to one session"
            ),
        ));
    }
    let filler_maps = told.filler_maps.unwrap_or_else(|| vec!["mp_sillyctf".to_owned()]);
    let filler_maps = filler_maps.iter().map(|map| map.to_lowercase()).collect();
    let surrender_scope = told.surrender_scope.map_or_else(SurrenderScope::default, |Scope(scope)| scope);
    Ok(Sessions { gap_minutes, match_window_minutes, filler_maps, surrender_scope })
}

fn wrong(path: &Path, problem: &str) -> ConfigError {
    let place = if path.as_os_str().is_empty() { "the configuration".to_owned() } else { path.display().to_string() };
    ConfigError::Value { place, problem: problem.to_owned() }
}
