//! Discord's numbers as own types, so that a channel is never taken for a message.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// A Discord channel or thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelId(NonZeroU64);

/// A message in a Discord channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MessageId(NonZeroU64);

/// A person or bot on Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserId(NonZeroU64);

/// A role on a Discord server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleId(NonZeroU64);

/// The text is no Discord id: a whole number above zero.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{0}` is not a Discord id: in Discord, switch on developer mode, right-click what is meant (channel, user, role) and copy its id"
)]
pub struct NotAnId(String);

macro_rules! discord_id {
    ($id:ident) => {
        impl $id {
            /// Takes a number for an id; Discord has no id 0.
            pub fn new(number: u64) -> Option<Self> {
                NonZeroU64::new(number).map(Self)
            }

            /// The number that Discord knows.
            pub fn get(self) -> u64 {
                self.0.get()
            }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $id {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.trim().parse().map(Self).map_err(|_| NotAnId(text.to_owned()))
            }
        }
    };
}

discord_id!(ChannelId);
discord_id!(MessageId);
discord_id!(UserId);
discord_id!(RoleId);

impl From<ChannelId> for serenity::all::ChannelId {
    fn from(id: ChannelId) -> Self {
        Self::from(id.0)
    }
}

impl From<serenity::all::ChannelId> for ChannelId {
    fn from(id: serenity::all::ChannelId) -> Self {
        Self(id.into())
    }
}

impl From<MessageId> for serenity::all::MessageId {
    fn from(id: MessageId) -> Self {
        Self::from(id.0)
    }
}

impl From<serenity::all::MessageId> for MessageId {
    fn from(id: serenity::all::MessageId) -> Self {
        Self(id.into())
    }
}

impl From<serenity::all::UserId> for UserId {
    fn from(id: serenity::all::UserId) -> Self {
        Self(id.into())
    }
}

impl From<serenity::all::RoleId> for RoleId {
    fn from(id: serenity::all::RoleId) -> Self {
        Self(id.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_positive_number_is_an_id() {
        assert_eq!(" 42 ".parse::<ChannelId>().unwrap().get(), 42);
        for wrong in ["", "0", "-1", "#general", "18446744073709551616"] {
            assert!(wrong.parse::<MessageId>().is_err(), "{wrong}");
        }
    }
}
