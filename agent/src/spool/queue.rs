use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use slomix_shared::artifact::Kind;

use super::FileKey;
use crate::watch::{Cause, Observed};

/// Which files share a batch, in the order in which they go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lane {
    /// Stats, newest first: what people wait for.
    Stats,
    /// All that is small, oldest first.
    Events,
    /// Telemetry, oldest first.
    Telemetry,
}

impl Lane {
    /// The lane of a kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Stats => Self::Stats,
            Kind::Endstats | Kind::Gametime | Kind::WeaponSidecar | Kind::Unrecognised => Self::Events,
            Kind::Proximity => Self::Telemetry,
        }
    }
}

/// A finished file that the hub has not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The file as it lay in its directory.
    pub file: Observed,
    /// How it came to notice.
    pub cause: Cause,
    /// It became ready in this run, not in the look through the directories at its start.
    pub fresh: bool,
    /// A safe copy of it in the spool.
    pub copy: Option<PathBuf>,
    /// The hub could make no sense of a batch with it: it goes in a batch of its own.
    pub alone: bool,
    /// When it became ready, Unix milliseconds.
    pub since_ms: i64,
}

impl Pending {
    /// The version that this is about.
    pub fn key(&self) -> FileKey {
        FileKey::from(&self.file)
    }

    fn place(&self) -> Place {
        Place::of(&self.key(), self.fresh)
    }
}

/// Where a file stands: lanes in order, within a lane what became ready in this run before the backlog (stats are
/// ordered by their time alone).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    lane: Lane,
    backlog: bool,
    newest_first: Option<(Reverse<i64>, Reverse<String>)>,
    oldest_first: (i64, String),
    size: u64,
    kind: Kind,
}

impl Place {
    fn of(key: &FileKey, fresh: bool) -> Self {
        let lane = Lane::of(key.kind);
        let (time, name) = (key.state.modified_ns, key.name.clone());
        let (newest_first, oldest_first) = match lane {
            Lane::Stats => (Some((Reverse(time), Reverse(name))), (0, String::new())),
            Lane::Events | Lane::Telemetry => (None, (time, name)),
        };
        let backlog = !fresh && lane != Lane::Stats;
        Self { lane, backlog, newest_first, oldest_first, size: key.state.size, kind: key.kind }
    }
}

/// What waits to be sent, in order. Pure.
#[derive(Debug, Default)]
pub struct Queue {
    places: BTreeMap<Place, Pending>,
    bytes: u64,
}

impl Queue {
    /// Puts a file into its place. One that waits already stays, and keeps its copy and its close.
    pub fn push(&mut self, mut pending: Pending) {
        for fresh in [true, false] {
            if let Some(old) = self.remove(&Place::of(&pending.key(), fresh)) {
                pending.copy = pending.copy.or(old.copy);
                pending.fresh |= old.fresh;
                pending.alone |= old.alone;
                pending.since_ms = pending.since_ms.min(old.since_ms);
                if matches!(pending.cause, Cause::Found(_)) {
                    pending.cause = old.cause;
                }
            }
        }
        self.bytes += pending.file.state.size;
        self.places.insert(pending.place(), pending);
    }

    /// Whether this version waits.
    pub fn contains(&self, key: &FileKey) -> bool {
        [true, false].iter().any(|fresh| self.places.contains_key(&Place::of(key, *fresh)))
    }

    /// The next files of one lane, at most `files` and (but for the first) at most `bytes` together. Lanes that
    /// `open` does not allow are passed over.
    pub fn take(&mut self, files: usize, bytes: u64, open: impl Fn(Lane) -> bool) -> Vec<Pending> {
        let Some(first) = self.places.keys().find(|place| open(place.lane)).cloned() else { return Vec::new() };
        let lane = first.lane;
        let (mut taken, mut size) = (Vec::new(), 0);
        let mut next = Some(first);
        while let Some(place) = next {
            size += place.size;
            let alone = self.places.get(&place).is_some_and(|pending| pending.alone);
            if taken.len() == files || (!taken.is_empty() && (alone || size > bytes)) {
                break;
            }
            taken.extend(self.remove(&place));
            if alone {
                break;
            }
            next =
                self.places.range(place..).next().map(|(place, _)| place).filter(|place| place.lane == lane).cloned();
        }
        taken
    }

    /// The next file that has no safe copy yet and that `wanted` approves of. One that lay there before this run began is
    /// as good as any: the hub has not spoken of it.
    pub fn next_uncopied(&self, wanted: impl Fn(&Pending) -> bool) -> Option<&Pending> {
        self.places.values().find(|pending| pending.copy.is_none() && wanted(pending))
    }

    /// Notes where the safe copy of a waiting file lies, or that there is none any more.
    pub fn set_copy(&mut self, key: &FileKey, copy: Option<&Path>) {
        for fresh in [true, false] {
            if let Some(pending) = self.places.get_mut(&Place::of(key, fresh)) {
                pending.copy = copy.map(Path::to_owned);
            }
        }
    }

    /// A waiting version was seen at `path`; whether it waits.
    pub fn found_at(&mut self, key: &FileKey, path: &Path) -> bool {
        let mut waits = false;
        for fresh in [true, false] {
            if let Some(pending) = self.places.get_mut(&Place::of(key, fresh)) {
                if pending.copy.as_ref() == Some(&pending.file.path) {
                    path.clone_into(&mut pending.file.path);
                }
                waits = true;
            }
        }
        waits
    }

    /// Where a waiting version lies.
    pub fn path_of(&self, key: &FileKey) -> Option<&Path> {
        let pending = [true, false].iter().find_map(|fresh| self.places.get(&Place::of(key, *fresh)));
        pending.map(|pending| pending.file.path.as_path())
    }

    /// Takes a version out.
    pub fn forget(&mut self, key: &FileKey) {
        for fresh in [true, false] {
            self.remove(&Place::of(key, fresh));
        }
    }

    /// Files that wait.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Bytes that wait.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// All that waits, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Pending> {
        self.places.values()
    }

    fn remove(&mut self, place: &Place) -> Option<Pending> {
        let pending = self.places.remove(place)?;
        self.bytes -= pending.file.state.size;
        Some(pending)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use slomix_shared::artifact::FileName;

    use super::*;
    use crate::watch::FileState;

    fn pending(name: &str, size: u64, second: i64, fresh: bool) -> Pending {
        Pending {
            file: Observed {
                path: PathBuf::from("/d").join(name),
                name: name.to_owned(),
                kind: FileName::kind_of(name),
                state: FileState { size, modified_ns: second * 1_000_000_000 },
            },
            cause: Cause::Found(crate::watch::Look::Start),
            fresh,
            copy: None,
            alone: false,
            since_ms: 0,
        }
    }

    const R1: &str = "2026-11-09-195037-supply-round-1.txt";
    const R2: &str = "2026-11-09-200312-supply-round-2.txt";
    const END: &str = "2026-11-09-200310-supply-round-2-endstats.txt";
    const GAMETIME: &str = "gametime-supply-R2-1794250724.json";
    const TRACK_1: &str = "2026-11-09-195035-supply-round-1_engagements.txt";
    const TRACK_2: &str = "2026-11-09-200309-supply-round-2_engagements.txt";

    fn names(taken: &[Pending]) -> Vec<&str> {
        taken.iter().map(|pending| pending.file.name.as_str()).collect()
    }

    fn filled() -> Queue {
        let mut queue = Queue::default();
        for (name, second) in [(TRACK_2, 20), (GAMETIME, 21), (R1, 10), (END, 22), (TRACK_1, 9), (R2, 23), ("odd", 1)] {
            queue.push(pending(name, 100, second, false));
        }
        queue
    }

    #[test]
    fn newest_stats_then_the_oldest_of_the_rest_then_telemetry() {
        let mut queue = filled();
        assert_eq!((queue.len(), queue.bytes()), (7, 700));
        let mut order = Vec::new();
        while let [next] = queue.take(1, 1000, |_| true).as_slice() {
            order.push(next.file.name.clone());
        }
        assert_eq!(order, [R2, R1, "odd", GAMETIME, END, TRACK_1, TRACK_2]);
        assert_eq!((queue.len(), queue.bytes()), (0, 0));
    }

    #[test]
    fn what_became_ready_in_this_run_goes_before_the_backlog_of_its_lane() {
        let mut queue = filled();
        queue.push(pending("new", 100, 99, true));
        queue.take(2, 1000, |_| true);
        assert_eq!(names(&queue.take(2, 1000, |_| true)), ["new", "odd"]);
    }

    #[test]
    fn a_batch_has_one_lane_and_keeps_to_its_bounds() {
        let mut queue = filled();
        assert_eq!(names(&queue.take(64, 1000, |_| true)), [R2, R1]);
        assert_eq!(names(&queue.take(64, 250, |_| true)), ["odd", GAMETIME]);
        assert_eq!(names(&queue.take(64, 50, |_| true)), [END], "the first goes whatever its size");
        assert_eq!(names(&queue.take(1, 1000, |_| true)), [TRACK_1]);
        assert!(queue.take(64, 1000, |lane| lane == Lane::Stats).is_empty());
    }

    #[test]
    fn a_file_that_waits_already_keeps_what_is_known_of_it() {
        let mut queue = Queue::default();
        let closed = Cause::Closed(SystemTime::UNIX_EPOCH);
        queue.push(Pending { cause: closed, copy: Some(PathBuf::from("/c")), ..pending(R1, 5, 1, true) });
        queue.push(pending(R1, 5, 1, false));
        assert_eq!((queue.len(), queue.bytes()), (1, 5));
        assert!(queue.contains(&pending(R1, 5, 1, false).key()));
        assert!(!queue.contains(&pending(R1, 6, 1, false).key()));
        let taken = queue.take(1, 10, |_| true);
        assert_eq!((taken[0].cause, taken[0].fresh), (closed, true));
        assert_eq!(taken[0].copy.as_deref(), Some(std::path::Path::new("/c")));
    }

    #[test]
    fn a_file_that_goes_alone_shares_no_batch() {
        let mut queue = filled();
        queue.push(Pending { alone: true, ..pending(R1, 100, 10, false) });
        assert_eq!(names(&queue.take(64, 1000, |_| true)), [R2]);
        assert_eq!(names(&queue.take(64, 1000, |_| true)), [R1]);
        assert_eq!(queue.take(64, 1000, |_| true).len(), 3);
    }

    #[test]
    fn every_file_is_copied_once_and_stats_first() {
        let mut queue = filled();
        queue.push(pending("new", 1, 50, true));
        let mut copied = Vec::new();
        while let Some(next) = queue.next_uncopied(|_| true) {
            let key = next.key();
            queue.set_copy(&key, Some(Path::new("/c")));
            copied.push(key.name);
        }
        assert_eq!(copied.len(), queue.len());
        assert_eq!(copied[..2], [R2, R1]);
    }
}
