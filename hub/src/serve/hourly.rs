//! What the hub did, hour by hour, since it started: for reports over the last hours.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::{Source, Status};

const HOUR: Duration = Duration::from_hours(1);
/// Hours that are remembered: a month.
const MOST: usize = 720;

/// The counters at one instant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sample {
    /// When, Unix milliseconds.
    pub(super) at_ms: i64,
    /// Files that are kept.
    pub(super) files: i64,
    /// Files that cannot be read.
    pub(super) quarantined: i64,
    /// Posts and edits that reached Discord.
    pub(super) posted: u64,
    /// Tries that failed.
    pub(super) failed: u64,
    /// Commands.
    pub(super) commands: u64,
    /// Commands that failed.
    pub(super) command_errors: u64,
    /// Connections to Discord that broke.
    pub(super) broken: u64,
}

/// Samples, an hour apart, the oldest first.
#[derive(Debug, Clone, Default)]
pub(super) struct Hourly(Arc<Mutex<VecDeque<Sample>>>);

impl Sample {
    /// The counters that a status tells; none while the database does not answer.
    pub(super) fn of(status: &Status) -> Option<Self> {
        let files = status.archive.as_ref()?.iter().map(|kept| kept.files).sum();
        let fates = status.dispositions.as_ref()?;
        let quarantined = fates.iter().filter(|fate| fate.state == "quarantined").map(|fate| fate.files).sum();
        let counts = &status.discord.counts.0;
        Some(Self {
            at_ms: status.now_ms,
            files,
            quarantined,
            posted: counts.posted + counts.edited,
            failed: counts.failed,
            commands: counts.commands,
            command_errors: counts.command_errors,
            broken: counts.broken,
        })
    }

    /// What was done from an earlier sample on.
    pub(super) fn since(&self, earlier: &Self) -> Self {
        Self {
            at_ms: self.at_ms - earlier.at_ms,
            files: self.files - earlier.files,
            quarantined: self.quarantined - earlier.quarantined,
            posted: self.posted.saturating_sub(earlier.posted),
            failed: self.failed.saturating_sub(earlier.failed),
            commands: self.commands.saturating_sub(earlier.commands),
            command_errors: self.command_errors.saturating_sub(earlier.command_errors),
            broken: self.broken.saturating_sub(earlier.broken),
        }
    }
}

impl Hourly {
    fn add(&self, sample: Sample) {
        let mut samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if samples.len() == MOST {
            samples.pop_front();
        }
        samples.push_back(sample);
    }

    /// The sample nearest to an instant that is not after it, else the first one.
    pub(super) fn at(&self, ms: i64) -> Option<Sample> {
        let samples = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        samples.iter().rev().find(|sample| sample.at_ms <= ms).or(samples.front()).copied()
    }

    /// Takes a sample now and every hour. Runs until it is aborted.
    pub(super) async fn watch(self, source: Source) {
        let mut ticks = tokio::time::interval(HOUR);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Some(sample) = Sample::of(&source.status().await) {
                self.add(sample);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(at_ms: i64, files: i64) -> Sample {
        Sample { at_ms, files, posted: files as u64, ..Sample::default() }
    }

    #[test]
    fn the_hours_asked_for_or_as_many_as_there_are() {
        let hourly = Hourly::default();
        assert_eq!(hourly.at(0), None);
        for hour in 1..=3 {
            hourly.add(sample(hour * 100, hour * 10));
        }
        assert_eq!(hourly.at(250), Some(sample(200, 20)));
        assert_eq!(hourly.at(50), Some(sample(100, 10)), "as far as it goes back");
        let done = sample(350, 37).since(&sample(200, 20));
        assert_eq!((done.at_ms, done.files, done.posted), (150, 17, 17));
        for hour in 4..2_000 {
            hourly.add(sample(hour * 100, hour));
        }
        assert!(hourly.0.lock().unwrap().len() <= MOST);
    }
}
