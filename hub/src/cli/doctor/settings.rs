//! The configuration, and Discord as far as it goes without the network.

use crate::config::Config;

use super::super::Place;
use super::{About, Finding};

/// The configuration; the defaults where it cannot be used.
pub(super) fn look(place: &Place, findings: &mut Vec<Finding>) -> Config {
    let about = About("config");
    let file = place.config.as_ref().map(|path| path.display().to_string());
    match Config::load(place.config.as_deref(), |name| std::env::var(name).ok()) {
        Err(error) => {
            findings.push(about.bad(error.to_string()));
            // What else there is can be looked at all the same. Without file and environment there is nothing to refuse.
            Config::load(None, |_| None).expect("the defaults are a configuration")
        }
        Ok(config) => {
            let keys: Vec<&str> = config.servers.iter().map(|server| server.key.as_str()).collect();
            let file = file.unwrap_or_else(|| "no file, so the defaults and the environment hold".to_owned());
            findings.push(about.good(format!("{file}; game servers: {}", keys.join(", "))));
            findings.extend(config.notes.iter().map(|note| about.odd(note.clone())));
            findings.push(discord(&config));
            config
        }
    }
}

fn discord(config: &Config) -> Finding {
    let about = About("Discord");
    match &config.discord {
        None => about.odd("off, since there is no token: set DISCORD_BOT_TOKEN, or `token_file` in [discord]"),
        Some(settings) => match settings.channel {
            Some(channel) => about.good(format!("a token is there, rounds go to channel {channel}")),
            // The configuration's own note says what to do.
            None => about.good("a token is there"),
        },
    }
}
