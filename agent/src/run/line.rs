use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use slomix_shared::artifact::{ContentHash, FileName, MAX_FILE_BYTES};
use slomix_shared::wire::{Ack, AckOutcome, ResetCode};
use tracing::{debug, error, info, warn};

use super::Moment;
use super::work::Built;
use crate::ship::LoadError;
use crate::spool::{Copies, FileKey, Ledger, Outcome, Pending, Queue, Record};
use crate::watch::{Cause, Look, Observed, Ready, Settle, Watch, observe};

/// Every file on its way: waiting to be finished, waiting to be sent, under way, known.
pub(super) struct Line {
    pub(super) settle: Settle,
    pub(super) queue: Queue,
    pub(super) ledger: Ledger,
    pub(super) copies: Copies,
    in_flight: HashSet<FileKey>,
    /// Answered by the hub in a way that this agent does not know: kept until the next connection.
    held: Vec<Pending>,
    /// Too large to travel, with their size.
    pub(super) oversize: BTreeMap<PathBuf, u64>,
    /// Could not be read, with the reason.
    pub(super) unreadable: BTreeMap<PathBuf, String>,
    pub(super) tally: Tally,
}

/// What the agent counts.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Finished files that only a look found, though an event should have told of them.
    pub(super) missed: u64,
    /// Safe copies that were dropped for the quota.
    pub(super) dropped: u64,
    /// Looks through the directories.
    pub(super) looks: u64,
    /// The last acknowledged file and when, Unix milliseconds.
    pub(super) last_ack: Option<(String, i64)>,
    /// The disk does not take what the agent writes.
    pub(super) disk_full: bool,
}

impl Line {
    pub(super) fn new(settle: Settle, ledger: Ledger, copies: Copies, at: Moment) -> Self {
        let mut line = Self {
            settle,
            queue: Queue::default(),
            ledger,
            copies,
            in_flight: HashSet::new(),
            held: Vec::new(),
            oversize: BTreeMap::new(),
            unreadable: BTreeMap::new(),
            tally: Tally::default(),
        };
        line.take_up_copies(at);
        line
    }

    /// Safe copies of an earlier run wait like any other file; those that were acknowledged go.
    fn take_up_copies(&mut self, at: Moment) {
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
            self.queue.push(Pending { file, cause, fresh: false, copy: Some(path), alone: false, since_ms: at.ms() });
        }
    }

    /// A writer closed a file, or it was moved into its place.
    pub(super) fn closed(&mut self, path: PathBuf, closed_at: std::time::SystemTime, watch: &Watch, at: Moment) {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if let Some(ready) = self.settle.closed(path, FileName::kind_of(&name), closed_at, at.now) {
            self.ready(&ready, watch, at);
        }
    }

    /// Takes up what has settled.
    pub(super) fn settle_due(&mut self, watch: &Watch, at: Moment) {
        while let Some(ready) = self.settle.due(at.now) {
            self.ready(&ready, watch, at);
        }
    }

    fn ready(&mut self, ready: &Ready, watch: &Watch, at: Moment) {
        let file = match observe(&ready.path) {
            Ok(Some(file)) => file,
            Ok(None) => return,
            Err(problem) => {
                self.cannot_read(&ready.path, &problem.to_string());
                return;
            }
        };
        let being_written = watch.is_being_written(&file.path, file.state.size, at.now);
        match ready.cause {
            // Another close will come.
            Cause::Closed(_) if being_written => return,
            Cause::Found(look) if being_written || ready.unchanged_from != Some(file.state) => {
                self.settle.wait_again(&file, look, at.now);
                return;
            }
            _ => {}
        }
        self.arrived(file, ready.cause, at);
    }

    /// A finished file: into the queue, unless it is known.
    fn arrived(&mut self, file: Observed, cause: Cause, at: Moment) {
        if file.state.size > MAX_FILE_BYTES as u64 {
            if self.oversize.insert(file.path.clone(), file.state.size) != Some(file.state.size) {
                error!(
                    path = %file.path.display(), bytes = file.state.size, limit = MAX_FILE_BYTES,
                    "the file is too large to travel and stays here"
                );
            }
            return;
        }
        self.oversize.remove(&file.path);
        let key = FileKey::from(&file);
        let fresh = match cause {
            // Written again within a tick of the clock it may be another content of the same size and time: it is
            // read, and what is known is known by its hash.
            Cause::Closed(_) => true,
            Cause::Found(_) if self.is_known(&key) => return,
            Cause::Found(look) => {
                if look.finds_what_was_missed() {
                    self.tally.missed += 1;
                    warn!(file = file.name, "no event told of this file, a look through the directory found it");
                }
                look != Look::Start
            }
        };
        if self.in_flight.contains(&key) {
            return;
        }
        debug!(file = file.name, bytes = file.state.size, "finished");
        self.queue.push(Pending { file, cause, fresh, copy: None, alone: false, since_ms: at.ms() });
    }

    fn is_known(&self, key: &FileKey) -> bool {
        self.ledger.outcome(key).is_some() || self.in_flight.contains(key) || self.queue.contains(key)
    }

    /// What a look through one directory saw.
    pub(super) fn looked(&mut self, directory: &Path, files: &[Observed], look: Look, watch: &Watch, at: Moment) {
        self.tally.looks += 1;
        self.forget_gone(directory, files);
        for file in files {
            if self.is_known(&FileKey::from(file)) {
                continue;
            }
            if let Some(ready) = self.settle.found(file, look, at.wall, at.now) {
                self.ready(&ready, watch, at);
            }
        }
    }

    /// What is listed and is not there any more is not listed any more.
    fn forget_gone(&mut self, directory: &Path, files: &[Observed]) {
        if self.oversize.is_empty() && self.unreadable.is_empty() {
            return;
        }
        let there: HashSet<&Path> = files.iter().map(|file| file.path.as_path()).collect();
        let stays = |path: &Path| path.parent() != Some(directory) || there.contains(path);
        self.oversize.retain(|path, _| stays(path));
        self.unreadable.retain(|path, _| stays(path));
    }

    /// Files for the next batch.
    pub(super) fn take(&mut self, files: usize, bytes: u64, open: impl Fn(crate::spool::Lane) -> bool) -> Vec<Pending> {
        let taken = self.queue.take(files, bytes, open);
        self.in_flight.extend(taken.iter().map(Pending::key));
        taken
    }

    /// The contents that the hub has under the names of these files.
    pub(super) fn known_contents(&self, files: &[Pending]) -> HashMap<FileKey, Vec<ContentHash>> {
        files.iter().map(Pending::key).map(|key| (key.clone(), self.ledger.contents(&key))).collect()
    }

    /// How many files wait for the hub's word.
    pub(super) fn unacked(&self) -> usize {
        self.queue.len() + self.in_flight.len() + self.held.len()
    }

    /// Sorts out what could not be put into a batch, or need not be.
    pub(super) fn built(&mut self, built: Built, at: Moment) {
        for (pending, hash) in built.known {
            let key = pending.key();
            let outcome = self.ledger.outcome_of_content(&key, hash).cloned().unwrap_or(Outcome::Duplicate);
            self.settled(&key, Some(hash), outcome, at);
        }
        for (pending, problem) in built.failed {
            let key = pending.key();
            self.in_flight.remove(&key);
            match problem {
                LoadError::Gone => {
                    warn!(file = key.name, "the file was gone before it could be sent");
                    self.remember(&key, None, Outcome::Lost("gone before it could be sent".to_owned()), at);
                }
                LoadError::Changed => {
                    // Its next close makes it ready at once; should none be told it is looked at again.
                    if let Ok(Some(file)) = observe(&pending.file.path) {
                        self.settle.wait_again(&file, Look::Renewed, at.now);
                    }
                }
                LoadError::Unreadable(problem) => self.cannot_read(&pending.file.path, &problem.to_string()),
            }
        }
    }

    fn cannot_read(&mut self, path: &Path, problem: &str) {
        // Every look tries again; told once.
        if self.unreadable.insert(path.to_owned(), problem.to_owned()).is_none() {
            warn!(path = %path.display(), problem, "cannot read the file; `slomix-agent doctor` helps");
        }
    }

    /// The hub's word about a batch.
    pub(super) fn acked(&mut self, files: Vec<(Pending, ContentHash)>, ack: Ack, at: Moment) {
        if ack.sequence_reset {
            warn!("the hub saw a batch number go backwards: does another agent run with the same identity?");
        }
        for ((pending, hash), item) in files.into_iter().zip(ack.items) {
            let key = pending.key();
            let outcome = match item.outcome {
                AckOutcome::Received => Outcome::Received,
                AckOutcome::Duplicate => Outcome::Duplicate,
                AckOutcome::Refused { reason } => {
                    error!(file = key.name, reason, "the hub refused the file; it stays here");
                    Outcome::Refused(reason)
                }
                AckOutcome::Unrecognised => {
                    warn!(file = key.name, "the hub gave an answer that this agent does not know; the file waits");
                    self.in_flight.remove(&key);
                    self.held.push(pending);
                    continue;
                }
            };
            info!(file = key.name, bytes = key.state.size, outcome = outcome.word(), "acknowledged");
            self.tally.last_ack = Some((key.name.clone(), at.ms()));
            self.unreadable.remove(&pending.file.path);
            self.settled(&key, Some(hash), outcome, at);
        }
    }

    fn settled(&mut self, key: &FileKey, hash: Option<ContentHash>, outcome: Outcome, at: Moment) {
        self.in_flight.remove(key);
        let durable = outcome.is_durable();
        self.remember(key, hash, outcome, at);
        if durable {
            self.drop_copy(key);
        }
    }

    fn remember(&mut self, key: &FileKey, hash: Option<ContentHash>, outcome: Outcome, at: Moment) {
        let record = Record {
            kind: key.kind,
            name: key.name.clone(),
            size: key.state.size,
            modified_ns: key.state.modified_ns,
            hash,
            outcome,
            at_ms: at.ms(),
        };
        let written = self.ledger.append(record);
        self.disk(written.map_err(|problem| problem.to_string()));
    }

    /// Notes, and tells once, whether the disk takes what the agent writes.
    pub(super) fn disk(&mut self, result: Result<(), String>) {
        match result {
            Ok(()) if self.tally.disk_full => {
                info!("the disk takes what the agent writes again");
                self.tally.disk_full = false;
            }
            Err(problem) if !self.tally.disk_full => {
                error!(problem, "cannot write to the data directory; files go on from their own directories");
                self.tally.disk_full = true;
            }
            _ => {}
        }
    }

    fn drop_copy(&mut self, key: &FileKey) {
        if let Err(problem) = self.copies.remove(key) {
            warn!(file = key.name, error = %problem, "cannot remove a safe copy that is not needed any more");
        }
    }

    /// A batch did not get across: its files wait again. Where the hub could make no sense of it each goes alone, and
    /// one that was alone is given up.
    pub(super) fn failed(&mut self, files: Vec<Pending>, senseless: Option<ResetCode>, at: Moment) {
        let single = files.len() == 1;
        for mut pending in files {
            let key = pending.key();
            self.in_flight.remove(&key);
            if let (Some(code), true) = (senseless, single) {
                error!(file = key.name, ?code, "the hub cannot read a batch with this file; it stays here");
                self.remember(&key, None, Outcome::Refused(format!("the hub cannot read it ({code:?})")), at);
                continue;
            }
            pending.alone |= senseless.is_some();
            self.queue.push(pending);
        }
    }

    /// A new connection: what was held back is tried again.
    pub(super) fn release_held(&mut self) {
        for pending in std::mem::take(&mut self.held) {
            self.queue.push(pending);
        }
    }

    /// The next file that should have a safe copy, and its plan; makes room for it.
    pub(super) fn plan_copy(&mut self, skip: &HashSet<FileKey>) -> Option<Result<crate::spool::Plan, FileKey>> {
        let file = self.queue.next_uncopied(|pending| !skip.contains(&pending.key()))?.file.clone();
        match self.copies.plan(&file) {
            Ok((plan, dropped)) => {
                for key in dropped {
                    self.tally.dropped += 1;
                    warn!(file = key.name, "the safe copy was dropped for the quota");
                    self.queue.set_copy(&key, None);
                }
                if plan.is_none() {
                    self.tally.dropped += 1;
                    warn!(file = file.name, "no safe copy: the quota is used up by files of more worth");
                }
                Some(plan.ok_or_else(|| FileKey::from(&file)))
            }
            Err(problem) => {
                self.disk(Err(problem.to_string()));
                Some(Err(FileKey::from(&file)))
            }
        }
    }

    /// A copy is made.
    pub(super) fn copied(&mut self, plan: &crate::spool::Plan) {
        let key = FileKey::from(&plan.file);
        let path = self.copies.add(plan);
        if self.ledger.outcome(&key).is_some_and(Outcome::is_durable) {
            self.drop_copy(&key);
        } else {
            self.queue.set_copy(&key, Some(&path));
        }
    }

    /// Writes the ledger anew when most of it is about files that are gone.
    pub(super) fn compact(&mut self, present: &HashSet<FileKey>) {
        let before = self.ledger.len();
        match self.ledger.compact(|key| present.contains(key)) {
            Ok(()) => info!(before, after = self.ledger.len(), "forgot files that are gone"),
            Err(problem) => warn!(error = %problem, "cannot write the ledger anew, the old one stays"),
        }
    }
}
