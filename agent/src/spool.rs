//! What the agent knows of its files across restarts and outages.
//!
//! The watched directories are the first spool: a finished file lies there. On top of them
//! - the [`Ledger`] remembers, durably, what became of files,
//! - the [`Copies`] keep what is new while the hub is away, should the game server clean its directory,
//! - the [`Ballast`] holds room on the disk for acknowledgements,
//! - the [`Queue`] says what goes next,
//! - and the [`Spool`] is all of them together.
//!
//! A file that has no safe copy and is gone from its directory is a *gap*: it is remembered, told to the hub, and closed
//! should the file come after all. Whatever lies in the data directory, the agent starts, and mends it.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | what was acknowledged is at the hub once; what was not is here or named as a gap; no stats are dropped; every start works | `model`, over crashes, torn and lost writes, flipped bits, full and failing disks |
//! | what was acknowledged is known after any restart; a torn tail costs what was torn and is told | `ledger::tests` |
//! | a full disk stops no file and loses no acknowledgement | `ledger::tests`, `tests/it/full_disk.rs` |
//! | the quota drops telemetry first and never stats; a month without the hub fits | `copies::tests`, `month` |
//! | newest stats first, then the oldest of the rest, telemetry last | `queue::tests`, `tests/it` |
//! | files, folders and rights that are not as they were left | `copies::tests`, `ledger::tests`, `tests/it/mending.rs` |

mod ballast;
mod copies;
mod damage;
mod disk;
mod gaps;
mod ledger;
mod queue;
mod record;
mod room;
mod waiting;

#[cfg(test)]
mod model;
#[cfg(test)]
mod month;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use ballast::{BALLAST, Ballast};
use copies::Bad;
pub use copies::{Copies, CopyError, CopyFault, Packed};
pub use damage::Damage;
pub(crate) use damage::explain;
pub(crate) use disk::read_whole;
pub use disk::{Disk, DiskFile, Place, SystemDisk, What};
pub use ledger::{Ledger, LedgerError};
pub use queue::{Lane, Pending, Queue};
pub use record::{Decoded, Outcome, Record, decode as decode_record};
use slomix_shared::artifact::{ContentHash, Kind};
use slomix_shared::wire::BatchMark;
use tracing::{info, warn};

use crate::watch::{Cause, FileState, Look, Observed};

/// One version of one file, known without reading it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// Told by the name.
    pub kind: Kind,
    /// Bare name.
    pub name: String,
    /// Size and time.
    pub state: FileState,
}

impl From<&Observed> for FileKey {
    fn from(file: &Observed) -> Self {
        Self { kind: file.kind, name: file.name.clone(), state: file.state }
    }
}

/// Where the spool's parts lie.
#[derive(Debug, Clone)]
pub struct Places {
    /// The ledger.
    pub ledger: PathBuf,
    /// The folder of safe copies.
    pub copies: PathBuf,
    /// The ballast.
    pub ballast: PathBuf,
    /// Bytes of the ballast: [`BALLAST`].
    pub ballast_size: u64,
}

/// Every file that the agent has and the hub has not acknowledged, and what became of the others.
#[derive(Debug)]
pub struct Spool {
    disk: Arc<dyn Disk>,
    /// What waits to be sent.
    pub queue: Queue,
    /// What became of files.
    pub ledger: Ledger,
    /// Safe copies.
    pub copies: Copies,
    ballast: Ballast,
    /// With the moment since which each waits, as its pending has it.
    in_flight: HashMap<FileKey, i64>,
    /// Waits for another connection, or for the disk.
    held: Vec<Pending>,
    /// Why waiting files have no safe copy, where something kept them from it.
    bare: HashMap<FileKey, Bare>,
    /// What was mended in this run: when, Unix milliseconds, and what, the newest last.
    mended: Vec<(i64, String)>,
    /// Safe copies that were dropped, or not made, for the quota.
    dropped: u64,
    /// Files that came after they had been lost.
    came_after_all: u64,
    /// Why the disk does not take what the agent writes, while it does not.
    disk_problem: Option<String>,
}

/// Why a file has no safe copy, and the hash of its content, where that was read.
#[derive(Debug, Clone)]
struct Bare {
    why: String,
    hash: Option<ContentHash>,
}

/// What was mended is listed up to here.
const LISTED: usize = 20;

impl Spool {
    /// Takes up what an earlier run left, whatever that is. `quota` in bytes, the time in Unix milliseconds.
    pub fn open(disk: Arc<dyn Disk>, places: &Places, quota: u64, now_ms: i64) -> Self {
        let (ledger, ledger_damage) = Ledger::open(Arc::clone(&disk), &places.ledger);
        let (copies, bad_copies) = Copies::open(Arc::clone(&disk), &places.copies, quota);
        let ballast = Ballast::find(Arc::clone(&disk), &places.ballast, places.ballast_size);
        let mut spool = Self {
            disk,
            queue: Queue::default(),
            ledger,
            copies,
            ballast,
            in_flight: HashMap::new(),
            held: Vec::new(),
            bare: HashMap::new(),
            mended: Vec::new(),
            dropped: 0,
            came_after_all: 0,
            disk_problem: None,
        };
        for damage in ledger_damage {
            spool.mend(&damage, now_ms);
        }
        for Bad { path, why, key } in bad_copies {
            if let Some(key) = key.filter(|key| spool.ledger.outcome(key).is_none()) {
                spool.remember_bare(&key, None, &format!("its safe copy could not be used: {why}"), now_ms);
            }
            // What it was is remembered before it is moved away; until that can be done it stays as it is.
            let aside = spool.sync().is_ok().then(|| spool.copies.set_path_aside(&path, &why));
            spool.mend(&aside.unwrap_or(Damage::CopySetAside { aside: None, why }), now_ms);
        }
        spool.take_up_copies(now_ms);
        spool.tend(now_ms);
        spool
    }

    /// Safe copies of an earlier run wait like any other file; those that were acknowledged go.
    fn take_up_copies(&mut self, now_ms: i64) {
        let copies: Vec<_> = self.copies.iter().map(|(key, path)| (key.clone(), path.to_owned())).collect();
        for (key, path) in copies {
            match self.ledger.outcome(&key) {
                Some(outcome) if outcome.is_durable() => {
                    self.drop_copy(&key);
                    continue;
                }
                // What the hub refused is kept for whoever looks at it.
                Some(_) => continue,
                None => {}
            }
            let file = Observed { path: path.clone(), name: key.name, kind: key.kind, state: key.state };
            let cause = Cause::Found(Look::Start);
            self.queue.push(Pending { file, cause, fresh: false, copy: Some(path), alone: false, since_ms: now_ms });
        }
    }

    /// The disk that it is on.
    pub fn disk(&self) -> Arc<dyn Disk> {
        Arc::clone(&self.disk)
    }

    /// A finished file waits, unless it is under way.
    pub fn push(&mut self, pending: Pending) {
        if !self.in_flight.contains_key(&pending.key()) {
            self.queue.push(pending);
        }
    }

    /// Whether the hub has spoken of this version, or it is waiting or under way. A waiting one that was known by its copy
    /// alone is now known to lie at its own place, too.
    pub fn is_known(&mut self, file: &Observed) -> bool {
        let key = FileKey::from(file);
        if self.ledger.outcome(&key).is_some() || self.in_flight.contains_key(&key) || self.is_held(&key) {
            return true;
        }
        self.queue.found_at(&key, &file.path)
    }

    fn is_held(&self, key: &FileKey) -> bool {
        self.held.iter().any(|pending| pending.file.state == key.state && pending.key() == *key)
    }

    /// Files for the next batch.
    pub fn take(&mut self, files: usize, bytes: u64, open: impl Fn(Lane) -> bool) -> Vec<Pending> {
        let taken = self.queue.take(files, bytes, open);
        self.in_flight.extend(taken.iter().map(|pending| (pending.key(), pending.since_ms)));
        taken
    }

    /// The contents that the hub has under the names of these files.
    pub fn known_contents(&self, files: &[Pending]) -> HashMap<FileKey, Vec<ContentHash>> {
        files.iter().map(Pending::key).map(|key| (key.clone(), self.ledger.contents(&key))).collect()
    }

    /// A file is not under way any more, and nothing became of it: its next close or look finds it again.
    pub fn let_go(&mut self, key: &FileKey) {
        self.in_flight.remove(key);
    }

    /// A file is not under way any more and waits again.
    pub fn put_back(&mut self, mut pending: Pending, now_ms: i64) {
        if self.come_back(&mut pending, now_ms) {
            self.queue.push(pending);
        }
    }

    /// Takes a file that was under way back; whether it is known where it lies.
    fn come_back(&mut self, pending: &mut Pending, now_ms: i64) -> bool {
        let key = pending.key();
        self.in_flight.remove(&key);
        pending.copy = self.copies.path(&key);
        if pending.copy.is_some() || !pending.file.path.starts_with(self.copies.directory()) {
            return true;
        }
        let gone = || Bare { why: "its safe copy is gone".to_owned(), hash: None };
        let Bare { why, hash } = self.bare.get(&key).cloned().unwrap_or_else(gone);
        self.remember_bare(&key, hash, &why, now_ms);
        false
    }

    /// A file that was under way lies neither in the spool nor where it was seen.
    pub fn gone(&mut self, mut pending: Pending, now_ms: i64) {
        pending.copy = None;
        // Of one that was known by its copy alone, a look tells whether it lies in a directory.
        if self.come_back(&mut pending, now_ms) {
            self.lost(&pending.key(), now_ms);
        }
    }

    /// A file is not under way any more; it waits until [`Self::release_held`].
    pub fn hold(&mut self, mut pending: Pending, now_ms: i64) {
        if self.come_back(&mut pending, now_ms) {
            self.held.push(pending);
        }
    }

    /// What was held back is tried again.
    pub fn release_held(&mut self, now_ms: i64) {
        for pending in std::mem::take(&mut self.held) {
            self.put_back(pending, now_ms);
        }
    }

    /// The hub has spoken of a file.
    pub fn settled(&mut self, key: &FileKey, hash: Option<ContentHash>, outcome: Outcome, now_ms: i64) {
        self.in_flight.remove(key);
        self.bare.remove(key);
        let durable = outcome.is_durable();
        if durable {
            self.close_gaps(key, hash, now_ms);
        }
        self.remember(key, hash, outcome, now_ms);
        if durable {
            self.drop_copy(key);
        }
    }

    fn remember(&mut self, key: &FileKey, hash: Option<ContentHash>, outcome: Outcome, now_ms: i64) {
        let FileKey { kind, name, state } = key.clone();
        let FileState { size, modified_ns } = state;
        let record = Record { kind, name, size, modified_ns, hash, outcome, at_ms: now_ms, batch: None };
        self.append(record);
    }

    /// The hub has acknowledged a batch, whose files are settled.
    pub fn acknowledged(&mut self, batch: BatchMark, now_ms: i64) {
        self.append(Record::of_batch(batch, now_ms));
    }

    fn append(&mut self, record: Record) {
        let mut written = self.ledger.append(record);
        if written.as_ref().is_err_and(disk::is_full) && self.ballast.release() {
            info!("the disk is full: the ballast is let go, for acknowledgements");
            written = self.ledger.write();
        }
        self.disk_said(written);
    }

    fn drop_copy(&mut self, key: &FileKey) {
        if let Err(problem) = self.copies.remove(key) {
            warn!(file = key.name, error = %problem, "cannot remove a safe copy that is not needed any more");
        }
    }

    /// Notes, and tells once, whether the disk takes what the agent writes.
    pub fn disk_said(&mut self, result: io::Result<()>) {
        match result {
            Ok(()) if self.disk_problem.is_some() => {
                info!("the disk takes what the agent writes again");
                self.disk_problem = None;
            }
            Err(problem) if self.disk_problem.is_none() => {
                let problem = damage::explain(&problem);
                tracing::error!(problem, "cannot write to the data directory; files go on from their own directories");
                self.disk_problem = Some(problem);
            }
            _ => {}
        }
    }

    /// Why the disk does not take what the agent writes, while it does not.
    pub fn disk_problem(&self) -> Option<&str> {
        self.disk_problem.as_deref()
    }

    /// Looks whether ledger, copies and ballast are still what they should be, mends what is not, and writes what could
    /// not be written before. To be called now and then.
    pub fn tend(&mut self, now_ms: i64) {
        if let Some(damage) = self.ledger.tend() {
            self.mend(&damage, now_ms);
        }
        let gone = self.copies.check();
        if !gone.is_empty() {
            self.mend(&Damage::CopiesGone(gone.len()), now_ms);
        }
        for (key, hash) in gone {
            self.uncopied(&key, hash, "its safe copy was removed from the spool", now_ms);
        }
        self.ballast.check();
        let mut written = self.ledger.write();
        if written.as_ref().is_err_and(disk::is_full) && self.ballast.release() {
            written = self.ledger.write();
        }
        let written = written.and_then(|()| self.ballast.hold());
        self.disk_said(written);
    }

    fn mend(&mut self, damage: &Damage, now_ms: i64) {
        let words = damage.words();
        warn!("{words}");
        self.mended.push((now_ms, words));
        if self.mended.len() > LISTED {
            self.mended.remove(0);
        }
    }

    /// What was mended in this run, when (Unix milliseconds) and what: the newest ones, the newest last.
    pub fn mended(&self) -> &[(i64, String)] {
        &self.mended
    }

    /// Whether room for acknowledgements is held.
    pub fn holds_ballast(&self) -> bool {
        self.ballast.is_held()
    }

    /// Safe copies that were dropped, or not made, for the quota, in this run.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Files that came after they had been lost, in this run.
    pub fn came_after_all(&self) -> u64 {
        self.came_after_all
    }

    /// The folder of safe copies.
    pub fn copies_lie_in(&self) -> &Path {
        self.copies.directory()
    }
}
