use std::collections::{BTreeMap, HashSet};
use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tracing::warn;

use super::report::Directory;
use super::{Moment, RunError};
use crate::watch::{Look, Observed, Roots, Signal, Watch, observe};

/// Decides when which directory is looked through.
pub(super) struct Watchman {
    pub(super) watch: Watch,
    roots: Roots,
    every: Duration,
    next_look: Instant,
    next_report: Instant,
    /// Looks that are wanted, and those that are under way: one a directory at a time.
    wanted: BTreeMap<PathBuf, Look>,
    under_way: HashSet<PathBuf>,
    started: bool,
    settled_in: bool,
    seen: BTreeMap<PathBuf, Seen>,
    /// How often file events were lost.
    pub(super) overflows: u64,
}

fn hashed(name: &OsStr) -> u64 {
    let mut hasher = DefaultHasher::new();
    name.hash(&mut hasher);
    hasher.finish()
}

/// What the last look saw.
#[derive(Default)]
struct Seen {
    files: Option<u64>,
    /// The names then, and of what was closed since, hashed: most of them are long and there may be very many.
    names: HashSet<u64>,
    problem: Option<String>,
}

impl Watchman {
    pub(super) fn start(directories: &[PathBuf], every: Duration, at: Moment) -> Result<Self, RunError> {
        Ok(Self {
            watch: Watch::start()?,
            roots: Roots::new(directories, at.now),
            every,
            next_look: at.now + every,
            next_report: at.now + every,
            wanted: BTreeMap::new(),
            under_way: HashSet::new(),
            started: false,
            settled_in: false,
            overflows: 0,
            seen: directories.iter().map(|directory| (directory.clone(), Seen::default())).collect(),
        })
    }

    /// A signal that is not about one file.
    pub(super) fn hear(&mut self, signal: &Signal, at: Moment) {
        match signal {
            Signal::Vanished(path) => self.roots.vanished(path, &mut self.watch, at.now),
            Signal::Overflow => {
                warn!("more file events than are kept: looking through the directories");
                self.overflows += 1;
                self.want_all(Look::Overflow);
            }
            Signal::Closed { .. } => {}
        }
    }

    /// A file was closed: the number of files holds between two looks.
    pub(super) fn closed(&mut self, path: &Path) {
        let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else { return };
        let travels = matches!(observe(path), Ok(Some(_)));
        let Some(seen) = self.seen.get_mut(directory).filter(|_| travels) else { return };
        if let Some(files) = seen.files.as_mut().filter(|_| seen.names.insert(hashed(name))) {
            *files += 1;
        }
    }

    /// Directories that are to be looked through now.
    pub(super) fn due(&mut self, at: Moment) -> Vec<(PathBuf, Look)> {
        let renewed = if self.started { Look::Renewed } else { Look::Start };
        self.started = true;
        if self.roots.next_try().is_some_and(|next| next <= at.now) {
            for directory in self.roots.renew(&mut self.watch, at.now) {
                self.want(directory, renewed);
            }
        }
        if self.next_look <= at.now {
            self.next_look = at.now + self.every;
            self.roots.check(&mut self.watch, at.now);
            self.want_all(Look::Periodic);
        }
        let ready: Vec<_> = self.wanted.extract_if(.., |directory, _| !self.under_way.contains(directory)).collect();
        self.under_way.extend(ready.iter().map(|(directory, _)| directory.clone()));
        ready
    }

    pub(super) fn next_due(&self) -> Option<Instant> {
        [Some(self.next_look), self.roots.next_try()].into_iter().flatten().min()
    }

    /// Has everything looked through once more, as after a start; the hub is told when that is done.
    pub(super) fn look_again(&mut self) {
        self.settled_in = false;
        self.want_all(Look::Start);
    }

    /// Whether the first look at everything is done, or the one that was wanted last.
    pub(super) fn is_settled_in(&self) -> bool {
        self.settled_in
    }

    /// Whether the hub should be told again how things stand.
    pub(super) fn report_is_due(&mut self, at: Moment) -> bool {
        let due = self.next_report <= at.now;
        if due {
            self.next_report = at.now + self.every;
        }
        due
    }

    /// A look is done; its files, if it could be done.
    pub(super) fn looked(
        &mut self,
        directory: &Path,
        found: io::Result<Vec<Observed>>,
        at: Moment,
    ) -> Option<Vec<Observed>> {
        self.under_way.remove(directory);
        if !self.settled_in && self.under_way.is_empty() && self.wanted.is_empty() {
            // The first look at everything is worth telling at once.
            self.settled_in = true;
            self.next_report = at.now;
        }
        let seen = self.seen.entry(directory.to_owned()).or_default();
        match found {
            Ok(files) => {
                seen.files = Some(files.len() as u64);
                seen.names = files.iter().filter_map(|file| file.path.file_name()).map(hashed).collect();
                seen.problem = None;
                Some(files)
            }
            Err(problem) => {
                let text = problem.to_string();
                let gone = problem.kind() == io::ErrorKind::NotFound;
                if seen.problem.as_ref() != Some(&text) && !gone {
                    warn!(directory = %directory.display(), problem = text, "cannot look through the directory");
                }
                seen.problem = Some(text);
                seen.files = None;
                seen.names.clear();
                None
            }
        }
    }

    /// Files in all directories together, if every one could be looked through.
    pub(super) fn present(&self) -> Option<usize> {
        self.seen.values().map(|seen| seen.files).sum::<Option<u64>>().map(|files| files as usize)
    }

    /// The directories.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.roots.paths().map(Path::to_owned).collect()
    }

    pub(super) fn directories(&self) -> Vec<Directory> {
        let lost: HashSet<&Path> = self.roots.lost().collect();
        let state = |path: &Path| {
            let seen = self.seen.get(path);
            let problem = seen.and_then(|seen| seen.problem.clone());
            let unwatched = || "not there yet, or not to be watched: `slomix-agent doctor` says more".to_owned();
            Directory {
                path: path.to_owned(),
                files: seen.and_then(|seen| seen.files),
                problem: problem.or_else(|| lost.contains(path).then(unwatched)),
            }
        };
        self.roots.paths().map(state).collect()
    }

    fn want_all(&mut self, look: Look) {
        let lost: HashSet<PathBuf> = self.roots.lost().map(Path::to_owned).collect();
        let watched: Vec<_> = self.roots.paths().filter(|path| !lost.contains(*path)).map(Path::to_owned).collect();
        for directory in watched {
            self.want(directory, look);
        }
    }

    /// Of two reasons for one look the earlier one counts: it claims less.
    fn want(&mut self, directory: PathBuf, look: Look) {
        let entry = self.wanted.entry(directory).or_insert(look);
        *entry = (*entry).min(look);
    }
}
