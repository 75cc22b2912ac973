use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tracing::{info, warn};

use super::Watch;

/// First and longest wait between two tries to watch a directory that is not there.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The watched directories, each watched or waiting to be.
///
/// The game makes its directories when it first writes to them, and operators move and mount them: a directory that
/// is not there is tried again for ever, and whoever renews its watch must look through it.
#[derive(Debug)]
pub struct Roots(Vec<Root>);

#[derive(Debug)]
struct Root {
    path: PathBuf,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Device and inode of the directory that is watched.
    Watched(u64, u64),
    Lost {
        retry: Instant,
        wait: Duration,
        told: bool,
    },
}

impl Roots {
    /// These directories, none of them watched yet.
    pub fn new(directories: &[PathBuf], now: Instant) -> Self {
        let lost = || State::Lost { retry: now, wait: FIRST_WAIT, told: false };
        Self(directories.iter().map(|path| Root { path: path.clone(), state: lost() }).collect())
    }

    /// All of them.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().map(|root| root.path.as_path())
    }

    /// Those that are not watched.
    pub fn lost(&self) -> impl Iterator<Item = &Path> {
        self.0.iter().filter(|root| matches!(root.state, State::Lost { .. })).map(|root| root.path.as_path())
    }

    /// A signal said that `path` is gone; if it is one of the directories its watch is to be renewed.
    pub fn vanished(&mut self, path: &Path, watch: &mut Watch, now: Instant) {
        for root in self.0.iter_mut().filter(|root| root.path == path) {
            root.lose(watch, now);
        }
    }

    /// Finds directories whose place another one has taken unseen (an unmount, a mount on top).
    pub fn check(&mut self, watch: &mut Watch, now: Instant) {
        for root in &mut self.0 {
            if let State::Watched(device, inode) = root.state
                && identity(&root.path) != Some((device, inode))
            {
                root.lose(watch, now);
            }
        }
    }

    /// Tries the directories whose time has come; the answer are those that must now be looked through: the watched
    /// again, and those that are there but cannot be watched.
    pub fn renew(&mut self, watch: &mut Watch, now: Instant) -> Vec<PathBuf> {
        let mut look = Vec::new();
        for root in &mut self.0 {
            let State::Lost { retry, wait, told } = root.state else { continue };
            if retry > now {
                continue;
            }
            let problem = match watch.add(&root.path).map(|()| identity(&root.path)) {
                Ok(Some((device, inode))) => {
                    info!(directory = %root.path.display(), "watching");
                    root.state = State::Watched(device, inode);
                    look.push(root.path.clone());
                    continue;
                }
                Ok(None) => {
                    watch.remove(&root.path);
                    "it is no directory".to_owned()
                }
                Err(problem) => {
                    if root.path.is_dir() {
                        look.push(root.path.clone());
                    }
                    problem.to_string()
                }
            };
            if !told {
                warn!(directory = %root.path.display(), problem, "cannot watch the directory yet, trying again");
            }
            root.state = State::Lost { retry: now + wait, wait: (wait * 2).min(LONGEST_WAIT), told: true };
        }
        look
    }

    /// When [`Roots::renew`] has something to try next.
    pub fn next_try(&self) -> Option<Instant> {
        self.0
            .iter()
            .filter_map(|root| match root.state {
                State::Lost { retry, .. } => Some(retry),
                State::Watched(..) => None,
            })
            .min()
    }
}

impl Root {
    fn lose(&mut self, watch: &mut Watch, now: Instant) {
        watch.remove(&self.path);
        warn!(directory = %self.path.display(), "the directory is gone from its place");
        self.state = State::Lost { retry: now, wait: FIRST_WAIT, told: true };
    }
}

fn identity(directory: &Path) -> Option<(u64, u64)> {
    let meta = fs::metadata(directory).ok()?;
    meta.is_dir().then(|| (meta.dev(), meta.ino()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_watched_when_it_appears_and_again_when_it_was_replaced() {
        let top = tempfile::tempdir().unwrap();
        let path = top.path().join("gamestats");
        let mut watch = Watch::start().unwrap();
        let start = Instant::now();
        let mut roots = Roots::new(std::slice::from_ref(&path), start);
        assert!(roots.renew(&mut watch, start).is_empty());
        assert_eq!(roots.next_try(), Some(start + FIRST_WAIT));
        assert!(roots.renew(&mut watch, start).is_empty(), "not before its time");

        fs::create_dir(&path).unwrap();
        let later = start + FIRST_WAIT;
        assert_eq!(roots.renew(&mut watch, later), std::slice::from_ref(&path));
        assert_eq!((roots.next_try(), roots.lost().count()), (None, 0));

        fs::rename(&path, top.path().join("old")).unwrap();
        fs::create_dir(&path).unwrap();
        roots.check(&mut watch, later);
        assert_eq!(roots.renew(&mut watch, later), [path]);
    }

    #[test]
    fn tries_grow_apart() {
        let mut watch = Watch::start().unwrap();
        let mut now = Instant::now();
        let mut roots = Roots::new(&[PathBuf::from("/nowhere/at/all")], now);
        let mut waits = Vec::new();
        for _ in 0..7 {
            roots.renew(&mut watch, now);
            let next = roots.next_try().unwrap();
            waits.push((next - now).as_millis());
            now = next;
        }
        assert_eq!(waits, [250, 500, 1000, 2000, 4000, 5000, 5000]);
    }
}
