use std::fmt;

use serde::{Deserialize, Serialize};

/// What a file is, told by its name alone.
///
/// A kind that a later version adds reads as [`Kind::Unrecognised`] here, so that an older peer still keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The round's numbers, `…-round-N.txt`, written by `c0rnp0rn8.lua` 3 s after the round's end.
    Stats,
    /// Awards and versus lines, `…-round-N-endstats.txt`, written by `endstats.lua` in many short appends.
    Endstats,
    /// The round event, `gametime-….json`, written by `stats_discord_webhook.lua`.
    Gametime,
    /// Positions and engagements, `…-round-N_engagements.txt`, written by `proximity_tracker.lua`.
    Proximity,
    /// Weapon rows, `…-round-N_ws.txt`: every known writer has them commented out.
    WeaponSidecar,
    /// No grammar fits the name. Kept and quarantined for its name.
    #[serde(other)]
    Unrecognised,
}

impl Kind {
    /// Every kind, in the order in which they are sent after an outage: numbers first, telemetry last.
    pub const ALL: [Self; 6] =
        [Self::Stats, Self::Endstats, Self::Gametime, Self::Unrecognised, Self::WeaponSidecar, Self::Proximity];

    /// The kind's name as stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stats => "stats",
            Self::Endstats => "endstats",
            Self::Gametime => "gametime",
            Self::Proximity => "proximity",
            Self::WeaponSidecar => "weapon_sidecar",
            Self::Unrecognised => "unrecognised",
        }
    }

    /// The kind with this stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
