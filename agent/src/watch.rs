//! Tells which files in the game server's directories are finished, and nothing earlier.
//!
//! The game's scripts open the final name, write and close: there is no temporary file and no rename. So a file is
//! finished when its writer closes it, or when it is moved into place. Seen on a real server: the tracker's file is
//! modified 81 times and closed once, the stats file is written and closed once, endstats is opened, appended to and
//! closed 13 times within seconds, so that only quiet tells its end.
//!
//! | rule | where it is proved |
//! |---|---|
//! | only a close after writing, or a move into place, makes a file ready | `signal::tests`, `tests/it` |
//! | endstats is ready after 2 s without a close | `settle::tests`, `trace_tests` |
//! | a file that only a scan found must be unchanged for 2 s and have no open writer | `settle::tests`, `writers::tests` |
//! | after an overflow, a lost directory and every 60 s everything is looked through | `tests/it` |

mod observe;
mod roots;
mod scan;
mod settle;
mod signal;
mod writers;

#[cfg(test)]
mod trace_tests;

pub use observe::{FileState, Observed, observe};
pub use roots::Roots;
pub use scan::scan;
pub use settle::{Cause, Look, Ready, Settle};
pub use signal::Signal;

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime};

use notify::Watcher as _;
use tokio::sync::mpsc;
use tracing::warn;
use writers::Writers;

/// Signals that wait to be taken; more than these are one overflow, answered by a scan.
const WAITING_SIGNALS: usize = 1024;

/// The kernel's watch could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up file watching; `slomix-agent doctor` shows the limits of inotify")]
pub struct WatchError(#[from] notify::Error);

/// The kernel's watch over some directories, and what it says.
pub struct Watch {
    watcher: notify::RecommendedWatcher,
    signals: mpsc::Receiver<Signal>,
    overflowed: Arc<AtomicBool>,
    writers: Arc<Mutex<Writers>>,
}

impl Watch {
    /// Starts watching nothing; [`Roots`] adds the directories.
    pub fn start() -> Result<Self, WatchError> {
        let (sender, signals) = mpsc::channel(WAITING_SIGNALS);
        let overflowed = Arc::new(AtomicBool::new(false));
        let writers = Arc::new(Mutex::new(Writers::default()));
        let mut ear = Ear { sender, overflowed: Arc::clone(&overflowed), writers: Arc::clone(&writers) };
        let watcher = notify::recommended_watcher(move |event| ear.hear(event))?;
        Ok(Self { watcher, signals, overflowed, writers })
    }

    /// The next signal. Safe to drop while it waits.
    pub async fn next(&mut self) -> Signal {
        if self.overflowed.swap(false, Ordering::AcqRel) {
            return Signal::Overflow;
        }
        match self.signals.recv().await {
            Some(signal) => signal,
            // The watcher that holds the other end is dropped with `self`.
            None => std::future::pending().await,
        }
    }

    /// Whether somebody has written to this file and not closed it yet, as far as events tell.
    pub fn is_being_written(&self, path: &Path, size: u64, now: Instant) -> bool {
        self.writers.lock().unwrap_or_else(PoisonError::into_inner).holds(path, size, now)
    }

    fn add(&mut self, directory: &Path) -> notify::Result<()> {
        self.watcher.watch(directory, notify::RecursiveMode::NonRecursive)
    }

    /// Forgets a directory, whether it is still watched or not.
    fn remove(&mut self, directory: &Path) {
        // An error says that the kernel had dropped the watch already.
        let _ = self.watcher.unwatch(directory);
        self.writers.lock().unwrap_or_else(PoisonError::into_inner).forget_under(directory);
    }
}

/// Sits on the watcher's thread and lets through what matters: most events (our own reads, the 81 writes of one
/// file) end here and wake nobody.
struct Ear {
    sender: mpsc::Sender<Signal>,
    overflowed: Arc<AtomicBool>,
    writers: Arc<Mutex<Writers>>,
}

impl Ear {
    fn hear(&mut self, event: notify::Result<notify::Event>) {
        let now = Instant::now();
        let signal = match event {
            Ok(event) => {
                let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
                writers.hear(&event, now);
                signal::read(&event, SystemTime::now())
            }
            Err(problem) => {
                warn!(error = %problem, "the file watch had a problem, looking through the directories instead");
                Some(Signal::Overflow)
            }
        };
        if let Some(signal) = signal
            && self.sender.try_send(signal).is_err()
        {
            self.overflowed.store(true, Ordering::Release);
        }
    }
}
