use std::fmt;

use slomix_shared::artifact::ContentHash;
use slomix_shared::game::Side;

use crate::domain::round::TeamSign;

use super::{Bound, RoundKey, army_of_word, side_word};

/// One correction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Correction {
    /// The round counts for nothing.
    Void {
        /// Which.
        round: RoundKey,
    },
    /// The army of a player in a round.
    Side {
        /// Which.
        round: RoundKey,
        /// The key of his line in the file.
        player: String,
        /// None if he only watched.
        side: Option<Side>,
    },
    /// The army that won a round.
    Winner {
        /// Which.
        round: RoundKey,
        /// The army.
        side: Side,
    },
    /// The army that defended in a round.
    Defender {
        /// Which.
        round: RoundKey,
        /// The army.
        side: Side,
    },
    /// The team of a player in a session.
    Team {
        /// A round of the session.
        round: RoundKey,
        /// His key.
        player: String,
        /// +1 team A, −1 team B.
        team: TeamSign,
    },
    /// What a team is called.
    Name {
        /// A round that it played.
        round: RoundKey,
        /// +1 if it was team A, −1 if team B.
        team: TeamSign,
        /// The name.
        name: String,
        /// The keys of its core at that time: who it is elsewhere.
        roster: Vec<String>,
    },
    /// Which content of a file counts.
    Pin {
        /// The server's key.
        server: String,
        /// The file's name.
        file: String,
        /// The content's hash.
        hash: ContentHash,
    },
    /// A player is another one.
    Merge {
        /// His key.
        player: String,
        /// The other's key.
        into: String,
    },
    /// A GUID is somebody else at times.
    Split {
        /// Which.
        guid: String,
        /// When.
        bound: Bound,
    },
    /// The zone of a server's clock.
    Zone {
        /// The server's key.
        server: String,
        /// Its IANA name.
        zone: String,
    },
}

impl Correction {
    /// The kinds that [`Self::from_stored`] knows.
    pub const KINDS: [&'static str; 10] =
        ["void", "side", "winner", "defender", "team", "name", "pin", "merge", "split", "zone"];

    /// The kind's name.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Void { .. } => "void",
            Self::Side { .. } => "side",
            Self::Winner { .. } => "winner",
            Self::Defender { .. } => "defender",
            Self::Team { .. } => "team",
            Self::Name { .. } => "name",
            Self::Pin { .. } => "pin",
            Self::Merge { .. } => "merge",
            Self::Split { .. } => "split",
            Self::Zone { .. } => "zone",
        }
    }

    /// What it is about, and what it says of it, as stored.
    pub fn stored(&self) -> (String, String) {
        match self {
            Self::Void { round } => (round.to_string(), String::new()),
            Self::Side { round, player, side } => (format!("{round} {player}"), side_word(*side).to_owned()),
            Self::Winner { round, side } | Self::Defender { round, side } => {
                (round.to_string(), side_word(Some(*side)).to_owned())
            }
            Self::Team { round, player, team } => (format!("{round} {player}"), team_word(*team).to_owned()),
            Self::Name { round, team, name, roster } => {
                (format!("{round} {}", team_word(*team)), format!("{name}\n{}", roster.join(" ")))
            }
            Self::Pin { server, file, hash } => (format!("{server}/{file}"), hash.to_string()),
            Self::Merge { player, into } => (player.clone(), into.clone()),
            Self::Split { guid, bound } => (guid.clone(), bound.text()),
            Self::Zone { server, zone } => (server.clone(), zone.clone()),
        }
    }

    /// The correction that a row tells; none for what is no correction or cannot be read.
    pub fn from_stored(kind: &str, target: &str, value: &str) -> Option<Self> {
        let round = || RoundKey::parse(target);
        let of_round = || {
            let (round, rest) = target.split_once(' ')?;
            Some((RoundKey::parse(round)?, rest.to_owned()))
        };
        Some(match kind {
            "void" => Self::Void { round: round()? },
            "side" => {
                let (round, player) = of_round()?;
                let side = army_of_word(value);
                if side.is_none() && value != side_word(None) {
                    return None;
                }
                Self::Side { round, player, side }
            }
            "winner" => Self::Winner { round: round()?, side: army_of_word(value)? },
            "defender" => Self::Defender { round: round()?, side: army_of_word(value)? },
            "team" => {
                let (round, player) = of_round()?;
                Self::Team { round, player, team: team_of_word(value)? }
            }
            "name" => {
                let (round, team) = of_round()?;
                let (name, roster) = value.split_once('\n')?;
                let roster = roster.split_whitespace().map(str::to_owned).collect();
                Self::Name { round, team: team_of_word(&team)?, name: name.to_owned(), roster }
            }
            "pin" => {
                let (server, file) = target.split_once('/')?;
                Self::Pin { server: server.to_owned(), file: file.to_owned(), hash: value.parse().ok()? }
            }
            "merge" => Self::Merge { player: target.to_owned(), into: value.to_owned() },
            "split" => Self::Split { guid: target.to_owned(), bound: Bound::parse(value)? },
            "zone" => Self::Zone { server: target.to_owned(), zone: value.to_owned() },
            _ => return None,
        })
    }

    /// The server that it is about; none for players, who are the same everywhere.
    pub fn server(&self) -> Option<&str> {
        match self {
            Self::Merge { .. } | Self::Split { .. } => None,
            Self::Pin { server, .. } | Self::Zone { server, .. } => Some(server),
            _ => self.round().map(|round| round.server.as_str()),
        }
    }

    /// The same about another round; what is about no round stays as it is.
    #[must_use]
    pub fn at(&self, other: &RoundKey) -> Self {
        let mut moved = self.clone();
        match &mut moved {
            Self::Void { round }
            | Self::Side { round, .. }
            | Self::Winner { round, .. }
            | Self::Defender { round, .. }
            | Self::Team { round, .. }
            | Self::Name { round, .. } => round.clone_from(other),
            Self::Pin { .. } | Self::Merge { .. } | Self::Split { .. } | Self::Zone { .. } => {}
        }
        moved
    }

    /// The round that it names.
    pub fn round(&self) -> Option<&RoundKey> {
        match self {
            Self::Void { round }
            | Self::Side { round, .. }
            | Self::Winner { round, .. }
            | Self::Defender { round, .. }
            | Self::Team { round, .. }
            | Self::Name { round, .. } => Some(round),
            Self::Pin { .. } | Self::Merge { .. } | Self::Split { .. } | Self::Zone { .. } => None,
        }
    }
}

fn team_word(team: TeamSign) -> &'static str {
    if team < 0 { "b" } else { "a" }
}

fn team_letter(team: TeamSign) -> &'static str {
    if team < 0 { "B" } else { "A" }
}

fn team_of_word(word: &str) -> Option<TeamSign> {
    match word {
        "a" => Some(1),
        "b" => Some(-1),
        _ => None,
    }
}

impl fmt::Display for Correction {
    /// What it says, in a sentence without a stop.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Void { round } => write!(f, "round {round} counts for nothing"),
            Self::Side { round, player, side: Some(side) } => {
                write!(f, "{player} was {} in round {round}", side_word(Some(*side)))
            }
            Self::Side { round, player, side: None } => write!(f, "{player} only watched round {round}"),
            Self::Winner { round, side } => write!(f, "{} won round {round}", side_word(Some(*side))),
            Self::Defender { round, side } => write!(f, "{} defended in round {round}", side_word(Some(*side))),
            Self::Team { round, player, team } => {
                write!(f, "{player} is in team {} in the session of round {round}", team_letter(*team))
            }
            Self::Name { round, team, name, .. } => {
                write!(f, "team {} in the session of round {round} is called {name}", team_letter(*team))
            }
            Self::Pin { server, file, hash } => write!(f, "of {server}/{file} the content {} counts", hash.short()),
            Self::Merge { player, into } => {
                write!(f, "{player} is merged into {into}: all rounds of the first stand under the second")
            }
            Self::Split { guid, bound: Bound::Name(name) } => write!(f, "{guid} is somebody else where called {name}"),
            Self::Split { guid, bound: Bound::From(stamp) } => write!(f, "{guid} is somebody else from {stamp} on"),
            Self::Zone { server, zone } => write!(f, "the clock of server {server} is that of {zone}"),
        }
    }
}
