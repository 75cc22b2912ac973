//! The durable memory of what became of files: an append-only file, mirrored in memory.
//!
//! | what goes wrong | what is done |
//! |---|---|
//! | a torn tail, damaged bytes anywhere | every record that can be read is kept, the file is written anew |
//! | no ledger, a newer one, a directory or a link in its place, one that cannot be read | it is set aside, what can be read of it is kept |
//! | removed or replaced while the agent runs | written anew from memory |
//! | no room, an input or output error | kept in memory, and tried again with the next record and every half minute |
//!
//! The file is only ever replaced by a whole and durable one.

mod load;

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use slomix_shared::artifact::{ContentHash, FileName, Kind};
use slomix_shared::wire::BatchMark;

use super::FileKey;
use super::damage::Damage;
use super::disk::{Disk, DiskFile, replace, write_all_at};
use super::record::{self, Outcome, Record};
use crate::watch::FileState;

/// First bytes of the file; the last one is the version of the layout.
const HEADER: &[u8; 8] = b"SLXLEDG\x01";
/// Below this many entries nothing is gained by writing the file anew.
const COMPACT_FROM: usize = 1024;

/// The ledger could not be moved away or written.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} the ledger {}", path.display())]
pub struct LedgerError {
    action: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

#[derive(Debug, Clone)]
struct Entry {
    kind: Kind,
    state: FileState,
    hash: Option<ContentHash>,
    outcome: Outcome,
    at_ms: i64,
}

/// The durable memory of what became of files.
#[derive(Debug)]
pub struct Ledger {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    /// None while it could not be opened or made.
    file: Option<Arc<dyn DiskFile>>,
    /// Length up to which the file is sound. Bytes.
    length: u64,
    entries: HashMap<String, Vec<Entry>>,
    count: usize,
    /// Lost files that the hub does not know of, and those that it knows of.
    untold: u64,
    told: u64,
    /// The last batch that the hub acknowledged, and when that was remembered, Unix milliseconds.
    last_batch: Option<(BatchMark, i64)>,
    /// Records that could not be written yet: the disk is full or failing.
    unwritten: Vec<Record>,
    /// The file is not to be relied on: it is written anew as soon as that can be done.
    suspect: bool,
    /// It was removed or replaced, which has not been told yet.
    was_gone: bool,
    unsynced: bool,
}

impl Ledger {
    /// What became of this version of a file, if the hub has spoken of it.
    pub fn outcome(&self, key: &FileKey) -> Option<&Outcome> {
        self.find(key).map(|entry| &entry.outcome).filter(|outcome| outcome.settles())
    }

    /// Why this version of a file has no safe copy, where that was remembered.
    pub fn bare(&self, key: &FileKey) -> Option<&str> {
        match self.find(key).map(|entry| &entry.outcome) {
            Some(Outcome::Bare(why)) => Some(why),
            _ => None,
        }
    }

    /// The hash of this version's content, where it was remembered.
    pub fn hash(&self, key: &FileKey) -> Option<ContentHash> {
        self.find(key)?.hash
    }

    /// Whether this version was lost.
    pub fn is_lost(&self, key: &FileKey) -> bool {
        self.find(key).is_some_and(|entry| entry.outcome.lost().is_some())
    }

    /// Why this version was lost, if it was and the hub does not know.
    pub fn untold_why(&self, key: &FileKey) -> Option<String> {
        match &self.find(key)?.outcome {
            Outcome::Lost(why) => Some(why.clone()),
            _ => None,
        }
    }

    /// How many files were lost, and how many of them the hub does not know of.
    pub fn gaps(&self) -> (u64, u64) {
        (self.untold + self.told, self.untold)
    }

    fn count_gap(&mut self, outcome: &Outcome, by: impl Fn(u64) -> u64) {
        match outcome {
            Outcome::Lost(_) => self.untold = by(self.untold),
            Outcome::Told(_) => self.told = by(self.told),
            _ => {}
        }
    }

    /// The contents that the hub has spoken of under this kind and name.
    pub fn contents(&self, key: &FileKey) -> Vec<ContentHash> {
        self.of_name(key).filter(|entry| entry.outcome.settles()).filter_map(|entry| entry.hash).collect()
    }

    /// What became of another version of the same file with the same content: a touched or copied file is known.
    pub fn outcome_of_content(&self, key: &FileKey, hash: ContentHash) -> Option<&Outcome> {
        let known = |entry: &&Entry| entry.hash == Some(hash) && entry.outcome.settles();
        self.of_name(key).find(known).map(|entry| &entry.outcome)
    }

    /// What was lost and was this: this version, or one of the same content under another time.
    pub fn lost_before(&self, key: &FileKey, hash: Option<ContentHash>) -> Vec<Record> {
        let same = |entry: &&Entry| entry.state == key.state || (hash.is_some() && entry.hash == hash);
        let lost = self.of_name(key).filter(|entry| entry.outcome.lost().is_some()).filter(same);
        lost.map(|entry| entry.record(&key.name)).collect()
    }

    fn of_name(&self, key: &FileKey) -> impl Iterator<Item = &Entry> {
        let entries = self.entries.get(&key.name).map(Vec::as_slice).unwrap_or_default();
        let kind = key.kind;
        entries.iter().filter(move |entry| entry.kind == kind)
    }

    fn find(&self, key: &FileKey) -> Option<&Entry> {
        let state = key.state;
        self.of_name(key).find(|entry| entry.state == state)
    }

    /// What was remembered with an outcome that is `wanted`, oldest first.
    pub fn records(&self, wanted: impl Fn(&Outcome) -> bool) -> Vec<Record> {
        let records = self.entries.iter().flat_map(|(name, entries)| {
            entries.iter().filter(|entry| wanted(&entry.outcome)).map(|entry| entry.record(name))
        });
        let mut records: Vec<_> = records.collect();
        records.sort_by(|a, b| (a.at_ms, &a.name).cmp(&(b.at_ms, &b.name)));
        records
    }

    /// Everything the hub refused or that was lost, oldest first: what an operator should look at.
    pub fn complaints(&self) -> Vec<Record> {
        self.records(|outcome| matches!(outcome, Outcome::Refused(_)) || outcome.lost().is_some())
    }

    /// How many files the hub has, and how many it refused.
    pub fn counts(&self) -> (u64, u64) {
        let outcomes = self.entries.values().flatten().map(|entry| &entry.outcome);
        outcomes.fold((0, 0), |(acked, refused), outcome| match outcome {
            Outcome::Received | Outcome::Duplicate => (acked + 1, refused),
            Outcome::Refused(_) => (acked, refused + 1),
            _ => (acked, refused),
        })
    }

    /// Remembers a record, in memory at once and in the file as soon as the disk takes it.
    ///
    /// An error says that it is in memory only; every later call tries again, so nothing is lost but by a crash.
    pub fn append(&mut self, record: Record) -> io::Result<()> {
        self.remember(&record);
        self.unwritten.push(record);
        self.write()
    }

    /// The last batch that the hub acknowledged, as far as it is remembered. Of one run it is that with the highest
    /// sequence, since acknowledgements overtake each other.
    pub fn last_batch(&self) -> Option<BatchMark> {
        self.last_batch.map(|(batch, _)| batch)
    }

    /// Writes what the disk did not take before.
    pub fn write(&mut self) -> io::Result<()> {
        let Some(file) = self.file.clone() else { return self.rewrite() };
        let bytes: Vec<u8> = self.unwritten.iter().filter_map(record::encode).flatten().collect();
        if !bytes.is_empty() {
            if let Err(problem) = write_all_at(&*file, &bytes, self.length) {
                // What did get written is half a record; it would be cut at the next start anyway.
                let _ = file.set_len(self.length);
                return Err(problem);
            }
            self.length += bytes.len() as u64;
            self.unsynced = true;
        }
        self.unwritten.clear();
        Ok(())
    }

    /// Looks whether the ledger still lies in its place, and writes it anew where it does not, or where it is not to be
    /// relied on.
    pub fn tend(&mut self) -> Option<Damage> {
        self.check();
        if self.file.is_none() || self.suspect {
            // Tried again the next time.
            let _ = self.rewrite();
        }
        std::mem::take(&mut self.was_gone).then_some(Damage::LedgerGone)
    }

    fn check(&mut self) {
        let here = self.disk.look_at(&self.path).ok().map(|place| place.id);
        let ours = self.file.as_ref().and_then(|file| file.look().ok()).map(|place| place.id);
        if ours.is_some() && here != ours {
            self.file = None;
            self.was_gone = true;
        }
    }

    /// The file, if it has something that is not durable yet. Whoever takes it syncs it, which may take milliseconds,
    /// and says so with [`Self::sync_failed`] where that failed.
    pub fn to_sync(&mut self) -> Option<Arc<dyn DiskFile>> {
        if std::mem::take(&mut self.unsynced) { self.file.clone() } else { None }
    }

    /// A sync failed: what was written since the last one may never reach the disk, even if the next one succeeds.
    pub fn sync_failed(&mut self) {
        self.suspect = true;
    }

    /// Makes all that was remembered durable, now.
    pub fn sync(&mut self) -> io::Result<()> {
        self.check();
        self.write()?;
        if self.suspect {
            return self.rewrite();
        }
        if self.to_sync().is_none_or(|file| file.sync().is_ok()) {
            return Ok(());
        }
        self.sync_failed();
        self.rewrite()
    }

    /// Whether records wait for the disk.
    pub fn is_behind(&self) -> bool {
        !self.unwritten.is_empty() || self.file.is_none()
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Whether so few of the entries are about the `present` files that the ledger is worth writing anew.
    pub fn is_mostly_stale(&self, present: usize) -> bool {
        if self.count < COMPACT_FROM || present >= self.count / 2 {
            return false;
        }
        let kept = self.entries.values().flatten().filter(|entry| !entry.outcome.is_durable()).count();
        present < (self.count - kept) / 2
    }

    /// Forgets what was refused: another identity may fare better.
    pub fn forget_refusals(&mut self) -> Result<(), LedgerError> {
        for entries in self.entries.values_mut() {
            entries.retain(|entry| !matches!(entry.outcome, Outcome::Refused(_)));
        }
        self.compact(|_| true)
    }

    /// Forgets that the hub has files of an instant (Unix milliseconds) or later, so that they are sent again when they
    /// are seen; the answer is how many those are. A file is of the moment in its name, which copying does not change, or
    /// where its name has none of its last change.
    pub fn forget_taken(&mut self, since_ms: i64) -> Result<usize, LedgerError> {
        let mut forgotten = 0;
        for (name, entries) in &mut self.entries {
            let named_ms = latest_of(name);
            entries.retain(|entry| {
                let goes = entry.outcome.is_durable() && named_ms.unwrap_or(entry.state.modified_ms()) >= since_ms;
                forgotten += usize::from(goes);
                !goes
            });
        }
        self.compact(|_| true)?;
        Ok(forgotten)
    }

    /// Forgets versions that `is_present` does not know and writes the rest to a new file, which then takes the old
    /// one's place. All but what the hub has is kept.
    pub fn compact(&mut self, is_present: impl Fn(&FileKey) -> bool) -> Result<(), LedgerError> {
        self.entries.retain(|name, entries| {
            entries.retain(|entry| !entry.outcome.is_durable() || is_present(&entry.record(name).key()));
            !entries.is_empty()
        });
        self.count = self.entries.values().map(Vec::len).sum();
        self.rewrite().map_err(|source| {
            // Until it can be written, the old one knows too much, which the next start would believe.
            self.suspect = true;
            LedgerError { action: "rewrite", path: self.path.clone(), source }
        })
    }

    /// Writes what is in memory to a new file, which takes the old one's place once it is durable.
    fn rewrite(&mut self) -> io::Result<()> {
        let mut bytes = HEADER.to_vec();
        for (name, entries) in &self.entries {
            bytes.extend(entries.iter().filter_map(|entry| record::encode(&entry.record(name))).flatten());
        }
        let last = self.last_batch.map(|(batch, at_ms)| Record::of_batch(batch, at_ms));
        bytes.extend(last.as_ref().and_then(record::encode).into_iter().flatten());
        let file = replace(&*self.disk, &self.path.with_extension("new"), &self.path, &[&bytes])?;
        self.file = Some(Arc::from(file));
        self.length = bytes.len() as u64;
        self.unwritten.clear();
        (self.unsynced, self.suspect) = (false, false);
        Ok(())
    }

    fn remember(&mut self, record: &Record) {
        if let Some(batch) = record.batch {
            let is_later = |known: BatchMark| known.boot != batch.boot || known.sequence < batch.sequence;
            if self.last_batch().is_none_or(is_later) {
                self.last_batch = Some((batch, record.at_ms));
            }
            return;
        }
        let entry = Entry {
            kind: record.kind,
            state: record.key().state,
            hash: record.hash,
            outcome: record.outcome.clone(),
            at_ms: record.at_ms,
        };
        self.count_gap(&entry.outcome, |count| count + 1);
        let entries = self.entries.entry(record.name.clone()).or_default();
        let place = entries.iter().position(|old| old.kind == entry.kind && old.state == entry.state);
        let old = match (place, &entry.outcome) {
            (Some(place), Outcome::Forgotten) => {
                self.count -= 1;
                Some(entries.swap_remove(place))
            }
            (None, Outcome::Forgotten) => None,
            (Some(place), _) => Some(std::mem::replace(&mut entries[place], entry)),
            (None, _) => {
                entries.push(entry);
                self.count += 1;
                None
            }
        };
        if let Some(old) = old {
            self.count_gap(&old.outcome, |count| count.saturating_sub(1));
        }
    }
}

impl Entry {
    fn record(&self, name: &str) -> Record {
        Record {
            kind: self.kind,
            name: name.to_owned(),
            size: self.state.size,
            modified_ns: self.state.modified_ns,
            hash: self.hash,
            outcome: self.outcome.clone(),
            at_ms: self.at_ms,
            batch: None,
        }
    }
}

/// The latest instant (Unix milliseconds) that the moment in a file's name may mean: a round's name tells the wall clock
/// and no zone.
fn latest_of(name: &str) -> Option<i64> {
    const WESTERNMOST_MS: i64 = 12 * 3_600_000;
    match FileName::parse(name).ok()? {
        FileName::Round(round) => Some(round.stamp.as_if_utc_ms() + WESTERNMOST_MS),
        FileName::Gametime(event) => Some(event.end_unix.saturating_mul(1_000)),
    }
}

#[cfg(test)]
mod tests;
