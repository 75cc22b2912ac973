use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};

use slomix_shared::artifact::{ContentHash, FileName, MAX_FILE_BYTES};
use slomix_shared::identity::BootId;
use slomix_shared::wire::{Ack, AckOutcome, BatchMark, ResetCode};
use tracing::{debug, error, info, warn};

use super::Moment;
use super::work::Built;
use crate::ship::LoadError;
use crate::spool::{FileKey, Outcome, Pending, Spool};
use crate::watch::{Cause, Look, Observed, Ready, Settle, Watch, observe};

/// Every file on its way: waiting to be finished, waiting to be sent, under way, known.
pub(super) struct Line {
    pub(super) settle: Settle,
    pub(super) spool: Spool,
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
    /// Looks through the directories.
    pub(super) looks: u64,
    /// The last acknowledged file and when, Unix milliseconds.
    pub(super) last_ack: Option<(String, i64)>,
}

impl Line {
    pub(super) fn new(settle: Settle, spool: Spool) -> Self {
        Self { settle, spool, oversize: BTreeMap::new(), unreadable: BTreeMap::new(), tally: Tally::default() }
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
        let fresh = match cause {
            // Written again within a tick of the clock it may be another content of the same size and time: it is
            // read, and what is known is known by its hash.
            Cause::Closed(_) => true,
            Cause::Found(_) if self.spool.is_known(&file) => return,
            Cause::Found(look) => {
                // One that could not be read is looked at anew each time, and no event was missed.
                if look.finds_what_was_missed() && !self.unreadable.contains_key(&file.path) {
                    self.tally.missed += 1;
                    warn!(file = file.name, "no event told of this file, a look through the directory found it");
                }
                look != Look::Start
            }
        };
        debug!(file = file.name, bytes = file.state.size, "finished");
        self.spool.push(Pending { file, cause, fresh, copy: None, alone: false, since_ms: at.steady_ms });
    }

    /// What a look through one directory saw.
    pub(super) fn looked(&mut self, directory: &Path, files: &[Observed], look: Look, watch: &Watch, at: Moment) {
        self.tally.looks += 1;
        self.forget_gone(directory, files);
        self.spool.looked(directory, files, at.ms());
        for file in files {
            if self.spool.is_known(file) {
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

    /// Sorts out what could not be put into a batch, or need not be.
    pub(super) fn built(&mut self, built: Built, at: Moment) {
        for (key, why) in built.bad_copies {
            self.spool.bad_copy(&key, &why, at.ms());
        }
        for (pending, hash) in built.known {
            let key = pending.key();
            let outcome = self.spool.ledger.outcome_of_content(&key, hash).cloned().unwrap_or(Outcome::Duplicate);
            self.spool.settled(&key, Some(hash), outcome, at.ms());
        }
        for (pending, problem) in built.failed {
            match problem {
                LoadError::Gone => self.spool.gone(pending, at.ms()),
                LoadError::Changed => {
                    self.spool.let_go(&pending.key());
                    // Its next close makes it ready at once; should none be told it is looked at again.
                    if let Ok(Some(file)) = observe(&pending.file.path) {
                        self.settle.wait_again(&file, Look::Renewed, at.now);
                    }
                }
                LoadError::Unreadable(problem) => {
                    self.cannot_read(&pending.file.path, &problem.to_string());
                    if pending.copy.is_some() {
                        // No look finds it.
                        self.spool.hold(pending, at.ms());
                    } else {
                        self.spool.let_go(&pending.key());
                    }
                }
            }
        }
    }

    fn cannot_read(&mut self, path: &Path, problem: &str) {
        // Every look tries again; told once.
        if self.unreadable.insert(path.to_owned(), problem.to_owned()).is_none() {
            warn!(path = %path.display(), problem, "cannot read the file; `slomix-agent doctor` helps");
        }
    }

    /// The hub's word about a batch of the run `boot`.
    pub(super) fn acked(&mut self, files: Vec<(Pending, ContentHash)>, ack: Ack, boot: BootId, at: Moment) {
        // One of which the hub keeps nothing is no batch to it.
        let kept = ack.items.iter().any(|item| item.outcome.is_durable());
        let batch = kept.then_some(BatchMark { boot, sequence: ack.sequence });
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
                    self.spool.hold(pending, at.ms());
                    continue;
                }
            };
            info!(file = key.name, bytes = key.state.size, outcome = outcome.word(), "acknowledged");
            self.tally.last_ack = Some((key.name.clone(), at.ms()));
            self.unreadable.remove(&pending.file.path);
            self.spool.settled(&key, Some(hash), outcome, at.ms());
        }
        if let Some(batch) = batch {
            self.spool.acknowledged(batch, at.ms());
        }
    }

    /// A batch did not get across: its files wait again. Where the hub could make no sense of it each goes alone, and
    /// one that was alone is given up.
    pub(super) fn failed(&mut self, files: Vec<Pending>, senseless: Option<ResetCode>, at: Moment) {
        let single = files.len() == 1;
        for mut pending in files {
            if let (Some(code), true) = (senseless, single) {
                let key = pending.key();
                error!(file = key.name, ?code, "the hub cannot read a batch with this file; it stays here");
                let refused = Outcome::Refused(format!("the hub cannot read it ({code:?})"));
                self.spool.settled(&key, None, refused, at.ms());
                continue;
            }
            pending.alone |= senseless.is_some();
            self.spool.put_back(pending, at.ms());
        }
    }

    /// Writes the ledger anew when most of it is about files that are gone.
    pub(super) fn compact_if_stale(&mut self, present: &HashSet<FileKey>) {
        let ledger = &mut self.spool.ledger;
        if !ledger.is_mostly_stale(present.len()) {
            return;
        }
        let before = ledger.len();
        match ledger.compact(|key| present.contains(key)) {
            Ok(()) => info!(before, after = ledger.len(), "forgot files that are gone"),
            Err(problem) => warn!(error = %problem, "cannot write the ledger anew yet"),
        }
    }
}
