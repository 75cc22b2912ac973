use std::fmt;

use slomix_shared::artifact::{FileName, Kind, LocalStamp, RoundNumber};
use slomix_shared::game::MapName;

use crate::domain::ids::round_id;
use crate::domain::round::Round;

/// What a round is named by for ever: server, stamp of its file, map and half. Written as in
/// `main/2026-11-09-195037-supply-round-1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoundKey {
    /// The server's key.
    pub server: String,
    /// The server's wall clock when the file was written.
    pub stamp: LocalStamp,
    /// The map, lower case.
    pub map: String,
    /// The half as labelled.
    pub number: RoundNumber,
}

impl RoundKey {
    /// The key of the round that a stats file of this name is.
    pub fn of_file(server: &str, file: &str) -> Option<Self> {
        match FileName::parse(file) {
            Ok(FileName::Round(name)) if name.kind == Kind::Stats => {
                Some(Self { server: server.to_owned(), stamp: name.stamp, map: name.map.key(), number: name.round })
            }
            _ => None,
        }
    }

    /// The key of a round of `server`.
    pub fn of(server: &str, round: &Round) -> Self {
        Self { server: server.to_owned(), stamp: round.stamp, map: round.map.clone(), number: round.number }
    }

    /// As people say it where there is no handle, as in `supply R1 of 2026-11-09 19:50`.
    pub fn words(&self) -> String {
        let when = self.stamp.civil().strftime("%Y-%m-%d %H:%M");
        format!("{} R{} of {when}", self.map, self.number.number())
    }

    /// As [`fmt::Display`] writes it.
    pub fn parse(text: &str) -> Option<Self> {
        let (server, name) = text.split_once('/')?;
        Self::of_file(server, &format!("{name}.txt"))
    }

    /// The round's id.
    pub fn id(&self) -> Option<i64> {
        Some(round_id(&self.server, self.stamp, &MapName::parse(&self.map)?, self.number))
    }
}

impl fmt::Display for RoundKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}-{}-round-{}", self.server, self.stamp, self.map, self.number.number())
    }
}
