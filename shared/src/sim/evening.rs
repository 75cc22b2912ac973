use jiff::civil::DateTime;
use jiff::{SignedDuration, civil};

use super::delivery::{FileWrite, SimFile};
use super::host::Host;
use super::plan::{Plan, PlanError, Rhythm};
use super::pool::{self, Person};
use super::truth::{MapTruth, RoundTruth, TeamPair};
use crate::artifact::LocalStamp;

/// Plays `plan` lazily, an evening at a time.
pub fn play(plan: &Plan) -> Result<Evenings, PlanError> {
    plan.check()?;
    Ok(Evenings { plan: plan.clone(), people: pool::people(), number: 0, ended: None })
}

/// The evenings of a plan; see [`play`].
#[derive(Debug)]
pub struct Evenings {
    plan: Plan,
    people: Vec<Person>,
    number: u32,
    /// When the last one ended.
    ended: Option<LocalStamp>,
}

impl Iterator for Evenings {
    type Item = Evening;

    fn next(&mut self) -> Option<Evening> {
        if self.number == self.plan.evenings {
            return None;
        }
        let days = match self.plan.rhythm {
            Rhythm::EveryDays(days) => self.number * days.max(1),
            Rhythm::Pauseless => 0,
        };
        let planned = SignedDuration::from_hours(i64::from(days) * 24);
        let planned = stamp_of(self.plan.first_evening.saturating_add(planned));
        // an evening that runs over holds up the next
        let start = self.ended.map_or(planned, |ended| ended.max(planned));
        let evening = Host::new(&self.plan, &self.people, self.number, start).play();
        self.number += 1;
        self.ended = Some(LocalStamp::from_seconds(evening.start.seconds() + (evening.ends_ms / 1000) as i64));
        Some(evening)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.plan.evenings - self.number) as usize;
        (left, Some(left))
    }
}

fn stamp_of(wall_clock: DateTime) -> LocalStamp {
    LocalStamp::from_seconds(wall_clock.duration_since(civil::date(2000, 1, 1).at(0, 0, 0, 0)).as_secs())
}

/// One evening.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evening {
    /// The server's wall clock at the start; every `…_ms` of the evening counts from here.
    pub start: LocalStamp,
    /// When the last round ended.
    pub ends_ms: u64,
    /// The maps in order.
    pub maps: Vec<MapPlay>,
    /// The teams, a new pair after each shuffle.
    pub teams: Vec<TeamPair>,
    /// Files that belong to no round or are somebody's copy, however named.
    pub strays: Vec<Stray>,
}

/// A file beside the rounds' own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    /// The file.
    pub file: SimFile,
    /// What it is.
    pub what: StrayKind,
}

/// What a stray file is. `of` names the file that was copied.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "`of` is explained above")]
pub enum StrayKind {
    /// No byte.
    Empty,
    /// No stats file at all.
    RandomBytes,
    /// Line 1 and nothing else.
    HeaderOnly,
    /// The same bytes under a later name.
    Copy { of: String },
    /// The same bytes but for line 1, under a later name.
    CopyWithOtherHeader { of: String },
    /// The same bytes under a name that no script writes.
    MalformedName { of: String },
}

/// One map as played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapPlay {
    /// Its result.
    pub truth: MapTruth,
    /// Its rounds in order.
    pub rounds: Vec<SimRound>,
}

/// One round: its files and its truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SimRound {
    /// None when it was lost.
    pub stats: Option<SimFile>,
    /// None where the writer makes none.
    pub endstats: Option<SimFile>,
    /// What happened.
    pub truth: RoundTruth,
}

impl Evening {
    /// Every round in order.
    pub fn rounds(&self) -> impl Iterator<Item = &SimRound> {
        self.maps.iter().flat_map(|map| &map.rounds)
    }

    /// Every file of the evening with its last content.
    pub fn files(&self) -> impl Iterator<Item = &SimFile> {
        self.rounds()
            .flat_map(|round| round.stats.iter().chain(&round.endstats))
            .chain(self.strays.iter().map(|stray| &stray.file))
    }

    /// Every open, write and close in the order in which they happen, which is not always that of the stamps.
    pub fn delivery(&self) -> Vec<FileWrite<'_>> {
        let mut writes: Vec<_> = self.files().flat_map(SimFile::writes).collect();
        writes.sort_by_key(|write| write.at_ms);
        writes
    }
}
