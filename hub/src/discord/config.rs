//! What the Discord side must be told, as plain values: whoever reads the configuration fills them in.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::id::{ChannelId, RoleId, UserId};
use super::tier::Tier;

/// A text that must never reach a log or a screen: its `Debug` shows that it is there and no more.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into safe keeping; surrounding white space (the line feed of a secret file) is no part of it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The text itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

/// How to reach Discord and where to speak.
#[derive(Debug, Clone)]
pub struct DiscordSettings {
    /// The bot's token.
    pub token: Secret,
    /// Where rounds and sessions are posted.
    pub channel: Option<ChannelId>,
    /// Where commands are answered. Empty: in `channel`; and where that is missing too, everywhere.
    pub command_channels: Vec<ChannelId>,
    /// Where commands of admins are answered beside the channels of everybody.
    pub admin_channels: Vec<ChannelId>,
    /// Who owns the hub: the only one who makes admins.
    pub owner: Option<UserId>,
    /// Who bears one of these roles is an admin.
    pub admin_roles: Vec<RoleId>,
    /// Who bears one of these roles is a moderator.
    pub moderator_roles: Vec<RoleId>,
    /// Where `discord.com` is, for tests and private proxies; `None` asks the name service as everybody does.
    pub api_address: Option<SocketAddr>,
    /// A PEM file with the one authority that may vouch for `api_address`, for tests and private proxies.
    pub api_ca_file: Option<PathBuf>,
    /// How long one request may take before its outcome counts as unknown.
    pub request_timeout: Duration,
}

impl DiscordSettings {
    /// Settings with nothing but the token: no posts, commands everywhere, the real Discord.
    pub fn new(token: Secret) -> Self {
        Self {
            token,
            channel: None,
            command_channels: Vec::new(),
            admin_channels: Vec::new(),
            owner: None,
            admin_roles: Vec::new(),
            moderator_roles: Vec::new(),
            api_address: None,
            api_ca_file: None,
            request_timeout: Duration::from_secs(20),
        }
    }

    /// Whether a command for `tier` that is typed in `channel` is for us.
    pub fn answers_in(&self, channel: ChannelId, tier: Tier) -> bool {
        if tier > Tier::Member && self.admin_channels.contains(&channel) {
            return true;
        }
        match (self.command_channels.as_slice(), self.channel) {
            ([], None) => true,
            ([], Some(posts)) => channel == posts,
            (listed, _) => listed.contains(&channel),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_shows_nothing_of_itself() {
        let settings = DiscordSettings::new(Secret::new("very.secret.token\n"));
        assert_eq!(settings.token.expose(), "very.secret.token");
        assert!(!format!("{settings:?}").contains("very"));
    }

    #[test]
    fn admins_have_channels_of_their_own() {
        let [posts, admins] = [1, 2].map(|n| ChannelId::new(n).unwrap());
        let mut settings = DiscordSettings::new(Secret::new("t"));
        (settings.channel, settings.admin_channels) = (Some(posts), vec![admins]);
        assert!(settings.answers_in(admins, Tier::Moderator) && settings.answers_in(posts, Tier::Owner));
        assert!(!settings.answers_in(admins, Tier::Member));
    }

    #[test]
    fn commands_fall_back_to_the_posts_channel_then_to_everywhere() {
        let [posts, bots, other] = [1, 2, 3].map(|n| ChannelId::new(n).unwrap());
        let mut settings = DiscordSettings::new(Secret::new("t"));
        assert!(settings.answers_in(other, Tier::Member));
        settings.channel = Some(posts);
        assert!(settings.answers_in(posts, Tier::Member) && !settings.answers_in(other, Tier::Member));
        settings.command_channels = vec![bots];
        assert!(settings.answers_in(bots, Tier::Member) && !settings.answers_in(posts, Tier::Member));
    }
}
