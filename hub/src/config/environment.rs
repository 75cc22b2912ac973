//! Environment variables over the file.

use std::str::FromStr;

use super::ConfigError;
use super::database::inherited_database;
use super::file::{self, File, Server};
use super::value::Url;

/// The environment, by lookup.
pub(super) struct Environment<'a> {
    look_up: &'a dyn Fn(&str) -> Option<String>,
}

impl<'a> Environment<'a> {
    pub(super) fn new(look_up: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { look_up }
    }

    /// A variable's text; none where it is not set or empty.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let text = (self.look_up)(name)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A variable under a name from before this program: a comment after the value is no part of it.
    fn inherited(&self, name: &str) -> Option<String> {
        let text = self.text(name)?;
        let text = text.split_once(" #").map_or(text.as_str(), |(value, _)| value).trim();
        (!text.is_empty() && !text.starts_with('#')).then(|| text.to_owned())
    }

    /// The first of these that is set: ours by the section and key, then those that operators know.
    fn find(&self, ours: &'static str, known: &[&'static str]) -> Option<(&'static str, String)> {
        self.text(ours)
            .map(|text| (ours, text))
            .or_else(|| known.iter().find_map(|name| Some((*name, self.inherited(name)?))))
    }

    fn set<T: FromStr<Err: ToString>>(
        &self,
        target: &mut Option<T>,
        ours: &'static str,
        known: &[&'static str],
    ) -> Result<(), ConfigError> {
        if let Some((name, text)) = self.find(ours, known) {
            *target = Some(text.parse().map_err(|problem: T::Err| wrong(name, &problem))?);
        }
        Ok(())
    }

    /// As [`Self::set`] for one of Discord's ids, where 0 has always meant none.
    fn set_id<T: FromStr<Err: ToString>>(
        &self,
        target: &mut Option<T>,
        ours: &'static str,
        known: &[&'static str],
    ) -> Result<(), ConfigError> {
        let known: Vec<&'static str> =
            known.iter().copied().filter(|name| self.inherited(name).is_some_and(|text| text != "0")).collect();
        self.set(target, ours, &known)
    }

    fn set_list<T: FromStr<Err: ToString>>(
        &self,
        target: &mut Option<Vec<T>>,
        ours: &'static str,
        known: &[&'static str],
    ) -> Result<(), ConfigError> {
        if let Some((name, text)) = self.find(ours, known) {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            let list: Result<Vec<T>, T::Err> = parts.map(str::parse).collect();
            *target = Some(list.map_err(|problem| wrong(name, &problem))?);
        }
        Ok(())
    }

    /// Lays the variables over what the file says.
    pub(super) fn lay_over(&self, file: &mut File) -> Result<(), ConfigError> {
        self.lay_over_database(&mut file.database)?;
        self.set(&mut file.link.listen, "SLOMIX_HUB_LINK_LISTEN", &[])?;
        self.set(&mut file.link.tcp, "SLOMIX_HUB_LINK_TCP", &[])?;
        self.set(&mut file.link.public_address, "SLOMIX_HUB_LINK_PUBLIC_ADDRESS", &[])?;
        self.set(&mut file.http.listen, "SLOMIX_HUB_HTTP_LISTEN", &[])?;
        self.set(&mut file.admin.listen, "SLOMIX_HUB_ADMIN_LISTEN", &[])?;

        let discord = &mut file.discord;
        let token = self.find("SLOMIX_HUB_DISCORD_TOKEN", &["DISCORD_BOT_TOKEN"]);
        let token_file = self.text("SLOMIX_HUB_DISCORD_TOKEN_FILE");
        if token.is_some() || token_file.is_some() {
            // The environment replaces what the file says of the token, in either form.
            (discord.token, discord.token_file) = (None, token_file.map(Into::into));
            discord.token_is_here = false;
        }
        self.set(&mut discord.token, "SLOMIX_HUB_DISCORD_TOKEN", &["DISCORD_BOT_TOKEN"])?;
        let channel = ["PRODUCTION_CHANNEL_ID", "STATS_CHANNEL_ID"];
        self.set_id(&mut discord.channel, "SLOMIX_HUB_DISCORD_CHANNEL", &channel)?;
        let commands = ["BOT_COMMAND_CHANNELS"];
        self.set_list(&mut discord.command_channels, "SLOMIX_HUB_DISCORD_COMMAND_CHANNELS", &commands)?;
        let admins = ["ADMIN_CHANNEL_ID"];
        self.set_list(&mut discord.admin_channels, "SLOMIX_HUB_DISCORD_ADMIN_CHANNELS", &admins)?;
        self.set_id(&mut discord.owner, "SLOMIX_HUB_DISCORD_OWNER", &["OWNER_USER_ID"])?;
        self.set_list(&mut discord.admin_roles, "SLOMIX_HUB_DISCORD_ADMIN_ROLES", &[])?;
        self.set_list(&mut discord.moderator_roles, "SLOMIX_HUB_DISCORD_MODERATOR_ROLES", &[])?;
        self.set(&mut discord.api_address, "SLOMIX_HUB_DISCORD_API_ADDRESS", &[])?;
        self.set(&mut discord.api_ca_file, "SLOMIX_HUB_DISCORD_API_CA_FILE", &[])?;

        self.set(&mut file.announce.hours, "SLOMIX_HUB_ANNOUNCE_HOURS", &[])?;
        self.set(&mut file.announce.maps, "SLOMIX_HUB_ANNOUNCE_MAPS", &[])?;
        self.set(&mut file.announce.digests, "SLOMIX_HUB_ANNOUNCE_DIGESTS", &[])?;
        let sessions = &mut file.sessions;
        self.set(&mut sessions.gap_minutes, "SLOMIX_HUB_SESSIONS_GAP_MINUTES", &["SESSION_GAP_MINUTES"])?;
        let window = ["ROUND_MATCH_WINDOW_MINUTES"];
        self.set(&mut sessions.match_window_minutes, "SLOMIX_HUB_SESSIONS_MATCH_WINDOW_MINUTES", &window)?;
        self.set_list(&mut sessions.filler_maps, "SLOMIX_HUB_SESSIONS_FILLER_MAPS", &["EXCLUDED_MAPS"])?;
        self.set(&mut sessions.surrender_scope, "SLOMIX_HUB_SESSIONS_SURRENDER_SCOPE", &[])?;
        self.lay_over_server(file)
    }

    /// The environment replaces what the file says of the database, in either form: by our names, else by those that
    /// operators have had for PostgreSQL, if they chose it.
    fn lay_over_database(&self, database: &mut file::Database) -> Result<(), ConfigError> {
        const OURS: &str = "SLOMIX_HUB_DATABASE_URL";
        const SHORT: [&str; 1] = ["SLOMIX_DATABASE_URL"];
        let url = self.find(OURS, &SHORT);
        let url_file = self.text("SLOMIX_HUB_DATABASE_URL_FILE");
        if url.is_some() || url_file.is_some() {
            *database = file::Database { url_file: url_file.map(Into::into), ..file::Database::default() };
            return self.set(&mut database.url, OURS, &SHORT);
        }
        if let Some(url) = inherited_database(|name| self.inherited(name))? {
            *database = file::Database { url: Some(Url(url)), ..file::Database::default() };
        }
        Ok(())
    }

    /// Names for PostgreSQL that are set and choose nothing. They chose it in the system that they come from.
    pub(super) fn note_of_unused(&self, on_a_server: bool) -> Option<String> {
        let told = |name: &&str| self.inherited(name).is_some();
        let set = ["POSTGRES_HOST", "POSTGRES_DATABASE", "POSTGRES_PASSWORD", "DB_HOST", "DB_NAME", "DB_PASSWORD"];
        let name = set.iter().find(|name| told(name)).filter(|_| !on_a_server && !told(&"DATABASE_TYPE"))?;
        Some(format!(
            "{name} is set and DATABASE_TYPE is not, so the database is the file in the data directory: set \
             DATABASE_TYPE=postgresql to use the server"
        ))
    }

    /// The variables of the one server.
    fn lay_over_server(&self, file: &mut File) -> Result<(), ConfigError> {
        const NAMES: [&str; 4] =
            ["SLOMIX_HUB_SERVER_KEY", "SLOMIX_HUB_SERVER_NAME", "SLOMIX_HUB_SERVER_ZONE", "SLOMIX_HUB_SERVER_CHANNEL"];
        let Some(name) = NAMES.into_iter().find(|name| self.text(name).is_some()) else { return Ok(()) };
        if file.server.is_empty() {
            file.server.push(Server::default());
        }
        let [server] = file.server.as_mut_slice() else {
            return Err(wrong(name, &"the file has several [[server]]: set this there, at the right one"));
        };
        self.set(&mut server.key, NAMES[0], &[])?;
        self.set(&mut server.name, NAMES[1], &[])?;
        self.set(&mut server.zone, NAMES[2], &[])?;
        self.set_id(&mut server.channel, NAMES[3], &[])
    }
}

pub(super) fn wrong(name: &str, problem: &impl ToString) -> ConfigError {
    ConfigError::Value { place: name.to_owned(), problem: problem.to_string() }
}
