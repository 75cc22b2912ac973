//! The side papers of a round: its endstats and its round event, and which round they belong to.
//!
//! | paper | tells | found by |
//! |---|---|---|
//! | endstats | awards, who killed whom, full GUIDs | map, half as labelled, wall-clock stamp |
//! | round event | end reason, who gave up, pauses, full GUIDs | map, half as labelled, Unix end |
//!
//! A paper belongs to the stats file of its map and half that is nearest in time, at most [`WINDOW`] seconds away. The
//! stats file is saved 3 s after the round's end (at once where the map was changed), endstats 1 to 2 s after it, and
//! the event bears the end itself; two plays of one half are never that close.
//!
//! No paper changes a number of the stats file. Where an event contradicts it, the round is flagged
//! (`event_winner_differs`, `event_defender_differs`, `event_duration_differs`).

use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_shared::artifact::{ContentHash, FileName, LocalStamp, RoundFileName, RoundNumber};
use slomix_shared::formats::endstats::{EndstatsError, EndstatsFile};
use slomix_shared::formats::gametime::{Gametime, GametimeError};

use super::clock;

mod awards;
mod event;
mod link;
mod roster;
#[cfg(test)]
mod tests;

pub use awards::{Duel, GivenAward};
pub(super) use link::link;

/// The longest way between a paper and its stats file, in seconds.
pub const WINDOW: i64 = 30;
/// Wall-clock seconds around a stamp within which another stats file may compete for the same paper.
pub const REACH: i64 = 2 * WINDOW;

/// One endstats or round event artifact.
#[derive(Debug, Clone)]
pub struct Paper {
    /// The artifact's id.
    pub artifact: i64,
    /// Its full file name.
    pub file_name: String,
    /// The parts of the name.
    pub name: FileName,
    /// Hash of the content.
    pub hash: ContentHash,
    /// Whether the content that is kept is not the one that arrived.
    pub damaged: bool,
    /// The content, needed to see whether one revision is the beginning of another.
    pub content: Arc<[u8]>,
    /// What the content says.
    pub parsed: Parsed,
    /// Why the agent's rules refuse the content, unless an admin overruled them.
    pub refused: Option<String>,
}

/// What a paper says.
#[derive(Debug, Clone)]
pub enum Parsed {
    /// Of endstats.
    Endstats(Arc<Result<EndstatsFile, EndstatsError>>),
    /// Of a round event.
    Event(Arc<Result<Gametime, GametimeError>>),
}

/// What the papers of a round say, as far as it is believed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoundPapers {
    /// Why the round ended.
    pub end_reason: slomix_shared::formats::gametime::EndReason,
    /// The army that gave up.
    pub surrendered: Option<slomix_shared::game::Side>,
    /// How often the clock stood still.
    pub pauses: Option<i64>,
    /// For how many seconds in all.
    pub pause_seconds: Option<i64>,
    /// The awards, in the order of the file.
    pub awards: Vec<GivenAward>,
    /// Who killed whom how often, in the order of the file.
    pub duels: Vec<Duel>,
    /// Full GUIDs of players of the round.
    pub guids: std::collections::BTreeSet<(i64, slomix_shared::game::FullGuid)>,
}

/// Where a stats file stands: its stamp, its map in lower case and its half as labelled.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The stamp in its name.
    pub stamp: LocalStamp,
    /// The map in lower case.
    pub map_key: &'a str,
    /// The half as labelled.
    pub number: RoundNumber,
}

/// Seconds between a paper and a stats file; none if it cannot be the paper's.
pub fn distance(paper: &FileName, stats: Place<'_>, zone: &TimeZone) -> Option<i64> {
    let seconds = match paper {
        FileName::Round(name) if name.round == stats.number && name.map.key() == stats.map_key => {
            (name.stamp.seconds() - stats.stamp.seconds()).abs()
        }
        FileName::Gametime(name) if name.round == stats.number && name.map.key() == event_map(stats.map_key) => {
            let instants = clock::instants_ms(zone, stats.stamp);
            instants.into_iter().map(|ms| (ms / 1000 - name.end_unix).abs()).min()?
        }
        _ => return None,
    };
    (seconds <= WINDOW).then_some(seconds)
}

/// The one of some stats files that a paper belongs to: the nearest, the earlier one of two.
pub fn home<'a>(
    paper: &FileName,
    stats: impl IntoIterator<Item = &'a RoundFileName>,
    zone: &TimeZone,
) -> Option<&'a RoundFileName> {
    let near = stats.into_iter().filter_map(|name| {
        let place = Place { stamp: name.stamp, map_key: &name.map.key(), number: name.round };
        Some((distance(paper, place, zone)?, name))
    });
    near.min_by_key(|(distance, name)| (*distance, name.stamp)).map(|(_, name)| name)
}

/// The wall clock that the server showed when a paper was made.
pub fn local_stamp(paper: &FileName, zone: &TimeZone) -> LocalStamp {
    match paper {
        FileName::Round(name) => name.stamp,
        FileName::Gametime(name) => clock::local_stamp(zone, name.end_unix),
    }
}

/// The map as a round event's name spells it.
fn event_map(map_key: &str) -> String {
    map_key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' || c == '-' { c } else { '_' }).collect()
}
