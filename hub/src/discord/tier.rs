//! Who may do what.

use std::fmt;
use std::str::FromStr;

/// What somebody may do; each tier may do what the ones before it may.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Everybody: reads.
    #[default]
    Member,
    /// Names teams, puts players where they belong.
    Moderator,
    /// Operates the hub.
    Admin,
    /// Makes admins. There is one, and the configuration names him.
    Owner,
}

/// The text names no tier that can be given.
#[derive(Debug, thiserror::Error)]
#[error("{0} is no tier: give admin or moderator")]
pub struct NoTier(String);

impl Tier {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Moderator => "moderator",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Only what can be given: nobody is made a member or an owner.
impl FromStr for Tier {
    type Err = NoTier;

    fn from_str(text: &str) -> Result<Self, NoTier> {
        match text.to_lowercase().as_str() {
            "admin" => Ok(Self::Admin),
            "moderator" | "mod" => Ok(Self::Moderator),
            _ => Err(NoTier(text.to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_tier_may_more() {
        assert!(Tier::Member < Tier::Moderator && Tier::Moderator < Tier::Admin && Tier::Admin < Tier::Owner);
        for tier in [Tier::Moderator, Tier::Admin] {
            assert_eq!(tier.name().to_uppercase().parse::<Tier>().unwrap(), tier);
        }
        for wrong in ["owner", "member", "root", ""] {
            assert!(wrong.parse::<Tier>().is_err(), "{wrong}");
        }
    }
}
