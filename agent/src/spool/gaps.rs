//! Files that are lost: remembered, told to the hub, and closed should they come after all.

use std::collections::HashSet;
use std::io;
use std::path::Path;

use slomix_shared::artifact::ContentHash;
use tracing::{info, warn};

use super::{Bare, FileKey, Outcome, Record, Spool};
use crate::watch::Observed;

const NEVER_COPIED: &str = "it was gone from its directory before it could be sent, and had no safe copy";

impl Spool {
    /// A file has no safe copy any more. One that was known by that alone waits no more until a look finds it.
    pub(super) fn uncopied(&mut self, key: &FileKey, hash: Option<ContentHash>, why: &str, now_ms: i64) {
        self.queue.set_copy(key, None);
        let by_its_copy = self.queue.path_of(key).is_none_or(|path| path.starts_with(self.copies.directory()));
        if by_its_copy && !self.in_flight.contains_key(key) {
            self.queue.forget(key);
            self.held.retain(|pending| pending.key() != *key);
            self.remember_bare(key, hash, why, now_ms);
        } else {
            self.bare.entry(key.clone()).or_insert_with(|| Bare { why: why.to_owned(), hash });
        }
    }

    /// Remembers, over restarts, that a file lies in its own directory alone.
    pub(super) fn remember_bare(&mut self, key: &FileKey, hash: Option<ContentHash>, why: &str, now_ms: i64) {
        self.bare.entry(key.clone()).or_insert_with(|| Bare { why: why.to_owned(), hash });
        if self.ledger.outcome(key).is_none() && self.ledger.bare(key).is_none() && !self.ledger.is_lost(key) {
            self.remember(key, hash, Outcome::Bare(why.to_owned()), now_ms);
        }
    }

    /// A file is neither in its directory nor in the spool.
    pub fn lost(&mut self, key: &FileKey, now_ms: i64) {
        self.in_flight.remove(key);
        self.queue.forget(key);
        let bare = self.bare.remove(key);
        let read = bare.as_ref().and_then(|bare| bare.hash);
        let hash = read.or_else(|| self.ledger.hash(key)).or_else(|| self.copies.hash(key));
        let why = match bare.map(|bare| bare.why).or_else(|| self.ledger.bare(key).map(str::to_owned)) {
            Some(why) => format!("{why}, and it is gone from its directory"),
            None => match &self.disk_problem {
                Some(problem) => format!("it could not be copied ({problem}), and it is gone from its directory"),
                None => NEVER_COPIED.to_owned(),
            },
        };
        warn!(file = key.name, why, "a file is lost");
        self.remember(key, hash, Outcome::Lost(why), now_ms);
    }

    /// A look has found `files` and no others in `directory`: what should lie there, has no copy and does not is lost.
    pub fn looked(&mut self, directory: &Path, files: &[Observed], now_ms: i64) {
        let waiting = self.queue.iter().filter(|pending| pending.copy.is_none());
        let mut waiting = waiting.filter(|pending| pending.file.path.parent() == Some(directory)).peekable();
        if waiting.peek().is_none() {
            return;
        }
        let there: HashSet<&Path> = files.iter().map(|file| file.path.as_path()).collect();
        let gone =
            |path: &Path| self.disk.look_at(path).is_err_and(|problem| problem.kind() == io::ErrorKind::NotFound);
        let lost = waiting.filter(|pending| !there.contains(pending.file.path.as_path()) && gone(&pending.file.path));
        let lost: Vec<_> = lost.map(super::Pending::key).collect();
        for key in lost {
            self.lost(&key, now_ms);
        }
    }

    /// Whether files are remembered of which a look at all directories must tell whether they are still there.
    pub fn misses(&self) -> bool {
        !self.missing().is_empty()
    }

    fn missing(&self) -> Vec<Record> {
        let mut records = self.ledger.records(|outcome| matches!(outcome, Outcome::Bare(_)));
        records.retain(|record| {
            let key = record.key();
            !self.queue.contains(&key)
                && !self.in_flight.contains_key(&key)
                && !self.copies.contains(&key)
                && !self.is_held(&key)
        });
        records
    }

    /// These are all the files in all directories: what is missing is lost, also where another version has taken its
    /// place.
    pub fn all_present(&mut self, present: &HashSet<FileKey>, now_ms: i64) {
        for record in self.missing() {
            let key = record.key();
            // One that is there is taken up by the next look.
            if !present.contains(&key) {
                self.lost(&key, now_ms);
            }
        }
    }

    /// Lost files that the hub does not know of yet, the oldest first.
    pub fn untold(&self, most: usize) -> Vec<Record> {
        let mut untold = self.ledger.records(|outcome| matches!(outcome, Outcome::Lost(_)));
        untold.truncate(most);
        untold
    }

    /// How many lost files there are, and how many of them the hub does not know of.
    pub fn gaps(&self) -> (u64, u64) {
        self.ledger.gaps()
    }

    /// The hub has taken note of these.
    pub fn told(&mut self, gaps: &[Record]) {
        for gap in gaps {
            if let Some(why) = self.ledger.untold_why(&gap.key()) {
                self.remember(&gap.key(), gap.hash, Outcome::Told(why), gap.at_ms);
            }
        }
    }

    /// A file has arrived at the hub: if it was lost, it is not any more.
    pub(super) fn close_gaps(&mut self, key: &FileKey, hash: Option<ContentHash>, now_ms: i64) {
        for gap in self.ledger.lost_before(key, hash) {
            self.came_after_all += 1;
            info!(file = gap.name, "a file that was lost has come after all");
            self.remember(&gap.key(), None, Outcome::Forgotten, now_ms);
        }
    }
}
