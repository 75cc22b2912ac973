use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use slomix_shared::artifact::Kind;

use super::observe::{FileState, Observed};

/// Why a directory was looked through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Look {
    /// The agent started.
    Start,
    /// Its watch was set up or renewed.
    Renewed,
    /// Events were lost.
    Overflow,
    /// It was time.
    Periodic,
}

impl Look {
    /// Whether a finished file that this look finds should have been told by an event.
    pub fn finds_what_was_missed(self) -> bool {
        matches!(self, Self::Overflow | Self::Periodic)
    }
}

/// How a file came to notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// Its close (or its move into place) was seen then.
    Closed(SystemTime),
    /// It was found by looking.
    Found(Look),
}

/// A path that may be finished: look at it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// The file.
    pub path: PathBuf,
    /// How it came to notice.
    pub cause: Cause,
    /// Of a found file, the state that must still be true; if not it has to wait again.
    pub unchanged_from: Option<FileState>,
}

#[derive(Debug)]
struct Wait {
    due: Instant,
    cause: Cause,
    state: Option<FileState>,
}

/// Decides when a file that was closed or found is finished. Pure: clocks come in.
#[derive(Debug)]
pub struct Settle {
    quiet: Duration,
    waiting: HashMap<PathBuf, Wait>,
    order: BTreeSet<(Instant, PathBuf)>,
}

impl Settle {
    /// `quiet` is how long endstats must not be closed again, and a found file not change.
    pub fn new(quiet: Duration) -> Self {
        Self { quiet, waiting: HashMap::new(), order: BTreeSet::new() }
    }

    /// A file was closed. Ready at once, except for endstats, which its writer opens and closes many times.
    pub fn closed(&mut self, path: PathBuf, kind: Kind, at: SystemTime, now: Instant) -> Option<Ready> {
        self.forget(&path);
        let cause = Cause::Closed(at);
        if kind != Kind::Endstats {
            return Some(Ready { path, cause, unchanged_from: None });
        }
        self.wait(path, Wait { due: now + self.quiet, cause, state: None });
        None
    }

    /// A scan saw a file. Ready at once if it has not been written to for a while by the machine's clock; else it
    /// must stay as it is for that long. One that waits for its quiet already goes on waiting.
    pub fn found(&mut self, file: &Observed, look: Look, wall: SystemTime, now: Instant) -> Option<Ready> {
        if let Some(wait) = self.waiting.get(&file.path)
            && (wait.state.is_none() || wait.state == Some(file.state))
        {
            return None;
        }
        self.forget(&file.path);
        if let Some(age) = age(file.state, wall)
            && age >= self.quiet
        {
            let (path, cause) = (file.path.clone(), Cause::Found(look));
            return Some(Ready { path, cause, unchanged_from: Some(file.state) });
        }
        self.wait_again(file, look, now);
        None
    }

    /// A found file has changed since, or its writer is at work: it waits from the start.
    pub fn wait_again(&mut self, file: &Observed, look: Look, now: Instant) {
        self.forget(&file.path);
        let wait = Wait { due: now + self.quiet, cause: Cause::Found(look), state: Some(file.state) };
        self.wait(file.path.clone(), wait);
    }

    /// The next file whose time has come.
    pub fn due(&mut self, now: Instant) -> Option<Ready> {
        if self.order.first()?.0 > now {
            return None;
        }
        let (_, path) = self.order.pop_first()?;
        let wait = self.waiting.remove(&path)?;
        Some(Ready { path, cause: wait.cause, unchanged_from: wait.state })
    }

    /// When [`Settle::due`] has something next.
    pub fn next_due(&self) -> Option<Instant> {
        self.order.first().map(|(due, _)| *due)
    }

    /// How many files wait.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    fn wait(&mut self, path: PathBuf, wait: Wait) {
        self.order.insert((wait.due, path.clone()));
        self.waiting.insert(path, wait);
    }

    fn forget(&mut self, path: &Path) {
        if let Some(wait) = self.waiting.remove(path) {
            self.order.remove(&(wait.due, path.to_owned()));
        }
    }
}

/// How long ago the file was written to; none where its time lies in the future.
fn age(state: FileState, wall: SystemTime) -> Option<Duration> {
    let now = wall.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    now.checked_sub(Duration::from_nanos(u64::try_from(state.modified_ns).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Duration::from_secs(2);
    const WALL: Duration = Duration::from_hours(500_000);
    const SECOND: Duration = Duration::from_secs(1);

    fn wall() -> SystemTime {
        SystemTime::UNIX_EPOCH + WALL
    }

    /// A file that was written to `age` ago.
    fn file(size: u64, age: Duration) -> Observed {
        Observed {
            path: PathBuf::from("/d/f"),
            name: "f".to_owned(),
            kind: Kind::Stats,
            state: FileState { size, modified_ns: WALL.saturating_sub(age).as_nanos() as i64 },
        }
    }

    #[test]
    fn a_close_is_the_end_of_everything_but_endstats() {
        for kind in Kind::ALL {
            let mut settle = Settle::new(QUIET);
            let ready = settle.closed(PathBuf::from("/d/f"), kind, wall(), Instant::now());
            assert_eq!(ready.is_some(), kind != Kind::Endstats, "{kind}");
        }
    }

    #[test]
    fn endstats_waits_for_quiet_after_its_last_close() {
        let (mut settle, start) = (Settle::new(QUIET), Instant::now());
        for close in 0..13 {
            let now = start + SECOND * close;
            assert_eq!(settle.due(now), None);
            assert_eq!(settle.closed(PathBuf::from("/d/e"), Kind::Endstats, wall() + SECOND * close, now), None);
        }
        let last = start + SECOND * 12;
        assert_eq!(settle.next_due(), Some(last + QUIET));
        assert_eq!(settle.due(last + SECOND), None);
        let ready = settle.due(last + QUIET).unwrap();
        assert_eq!(ready.cause, Cause::Closed(wall() + SECOND * 12));
        assert!(settle.is_empty());
    }

    #[test]
    fn a_found_file_must_have_rested() {
        let (mut settle, now) = (Settle::new(QUIET), Instant::now());
        assert!(settle.found(&file(5, QUIET), Look::Start, wall(), now).is_some());
        assert_eq!(settle.found(&file(5, SECOND), Look::Start, wall(), now), None);
        assert_eq!(settle.found(&file(5, SECOND), Look::Start, wall(), now + SECOND), None, "still the same wait");
        let ready = settle.due(now + QUIET).unwrap();
        assert_eq!((ready.cause, ready.unchanged_from), (Cause::Found(Look::Start), Some(file(5, SECOND).state)));
    }

    #[test]
    fn a_found_file_that_changes_waits_from_the_start() {
        let (mut settle, now) = (Settle::new(QUIET), Instant::now());
        settle.found(&file(5, SECOND), Look::Start, wall(), now);
        settle.found(&file(9, Duration::ZERO), Look::Start, wall(), now + SECOND);
        assert_eq!(settle.due(now + QUIET), None);
        assert!(settle.due(now + SECOND + QUIET).is_some());
    }

    #[test]
    fn a_time_in_the_future_is_no_proof_of_rest() {
        let (mut settle, now) = (Settle::new(QUIET), Instant::now());
        let mut odd = file(5, Duration::ZERO);
        odd.state.modified_ns += 3_600_000_000_000;
        assert_eq!(settle.found(&odd, Look::Start, wall(), now), None);
        assert!(settle.due(now + QUIET).is_some());
    }

    #[test]
    fn a_scan_does_not_cut_the_quiet_of_endstats_short() {
        let (mut settle, now) = (Settle::new(QUIET), Instant::now());
        settle.closed(PathBuf::from("/d/f"), Kind::Endstats, wall(), now);
        assert_eq!(settle.found(&file(5, QUIET * 10), Look::Start, wall(), now), None);
        assert_eq!(settle.len(), 1);
        assert!(matches!(settle.due(now + QUIET).unwrap().cause, Cause::Closed(_)));
    }
}
