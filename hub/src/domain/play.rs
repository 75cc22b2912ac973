//! A file on its way to a round.

use slomix_shared::artifact::{LocalStamp, RoundNumber};
use slomix_shared::formats::stats::StatsFile;
use slomix_shared::game::MapName;

/// One readable stats file that counts, on its way to a round.
#[derive(Debug, Clone)]
pub struct Play<'a> {
    /// The artifact.
    pub artifact: i64,
    /// Its file name.
    pub file_name: &'a str,
    /// The server's wall clock when it was written: about 3 s after the round's end.
    pub stamp: LocalStamp,
    /// The map.
    pub map: &'a MapName,
    /// The map in lower case.
    pub map_key: String,
    /// The half as the name labels it.
    pub number: RoundNumber,
    /// What the file says.
    pub stats: &'a StatsFile,
}
