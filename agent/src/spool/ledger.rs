use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use slomix_shared::artifact::{ContentHash, FileName, Kind};

use super::FileKey;
use super::record::{self, Decoded, Outcome, Record};
use crate::watch::FileState;

/// First bytes of the file; the last one is the version of the layout.
const HEADER: &[u8; 8] = b"SLXLEDG\x01";
/// Below this many entries nothing is gained by writing the file anew.
const COMPACT_FROM: usize = 1024;

/// The ledger could not be read or set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} the ledger {}", path.display())]
pub struct LedgerError {
    action: &'static str,
    path: PathBuf,
    #[source]
    source: io::Error,
}

/// What was wrong with the file and has been mended. Files whose entry was lost are sent once more, which is harmless.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The end was cut off by a crash or a full disk; this many bytes were dropped.
    TornTail(u64),
    /// So many entries in the middle did not hold what was written.
    Entries(usize),
    /// It was no ledger, or a newer one than this agent reads; it was set aside under this name.
    SetAside(PathBuf),
}

#[derive(Debug, Clone)]
struct Entry {
    kind: Kind,
    state: FileState,
    hash: Option<ContentHash>,
    outcome: Outcome,
    at_ms: i64,
}

/// The durable memory of what the hub has acknowledged: an append-only file, mirrored in memory.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    file: Arc<File>,
    /// Length up to which the file is sound. Bytes.
    length: u64,
    entries: HashMap<String, Vec<Entry>>,
    count: usize,
    /// Records that could not be written yet: the disk is full or failing.
    unwritten: Vec<Record>,
    unsynced: bool,
}

impl Ledger {
    /// Opens or makes the ledger at `path`, mends what is broken and tells what it mended.
    pub fn open(path: &Path) -> Result<(Self, Vec<Damage>), LedgerError> {
        let error = |action: &'static str| move |source| LedgerError { action, path: path.to_owned(), source };
        let mut damage = Vec::new();
        let mut file = open_file(path).map_err(error("open"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(error("read"))?;
        if !bytes.is_empty() && !bytes.starts_with(HEADER) && !HEADER.starts_with(&bytes) {
            let aside = free_name(path);
            fs::rename(path, &aside).map_err(error("set aside"))?;
            damage.push(Damage::SetAside(aside));
            file = open_file(path).map_err(error("open"))?;
            bytes.clear();
        }
        let mut ledger = Self {
            path: path.to_owned(),
            file: Arc::new(file),
            length: HEADER.len() as u64,
            entries: HashMap::new(),
            count: 0,
            unwritten: Vec::new(),
            unsynced: false,
        };
        if bytes.len() < HEADER.len() {
            ledger.file.write_all_at(HEADER, 0).and_then(|()| ledger.file.sync_all()).map_err(error("write"))?;
        } else {
            ledger.load(&bytes, &mut damage).map_err(error("mend"))?;
        }
        Ok((ledger, damage))
    }

    fn load(&mut self, bytes: &[u8], damage: &mut Vec<Damage>) -> io::Result<()> {
        let (mut at, mut broken) = (HEADER.len(), 0);
        let mut sound = at;
        loop {
            match record::decode(&bytes[at..]) {
                Decoded::Good(record, length) => {
                    self.remember(&record);
                    at += length;
                    sound = at;
                }
                Decoded::Damaged(length) if at + length < bytes.len() => {
                    broken += 1;
                    at += length;
                }
                Decoded::Damaged(_) | Decoded::Torn => break,
            }
        }
        self.length = sound as u64;
        if broken > 0 {
            damage.push(Damage::Entries(broken));
        }
        if sound < bytes.len() {
            self.file.set_len(self.length)?;
            damage.push(Damage::TornTail((bytes.len() - sound) as u64));
        }
        Ok(())
    }

    /// What became of this version of a file, if the hub has spoken of it.
    pub fn outcome(&self, key: &FileKey) -> Option<&Outcome> {
        self.find(key).map(|entry| &entry.outcome)
    }

    /// The contents that the hub has spoken of under this kind and name.
    pub fn contents(&self, key: &FileKey) -> Vec<ContentHash> {
        let entries = self.entries.get(&key.name).map(Vec::as_slice).unwrap_or_default();
        entries
            .iter()
            .filter(|entry| entry.kind == key.kind && entry.settles())
            .filter_map(|entry| entry.hash)
            .collect()
    }

    /// What became of another version of the same file with the same content: a touched or copied file is known.
    pub fn outcome_of_content(&self, key: &FileKey, hash: ContentHash) -> Option<&Outcome> {
        let entries = self.entries.get(&key.name)?;
        let known = |entry: &&Entry| entry.kind == key.kind && entry.hash == Some(hash) && entry.settles();
        entries.iter().find(known).map(|entry| &entry.outcome)
    }

    fn find(&self, key: &FileKey) -> Option<&Entry> {
        let entries = self.entries.get(&key.name)?;
        entries.iter().find(|entry| entry.kind == key.kind && entry.state == key.state && entry.settles())
    }

    /// Everything the hub refused or that was lost, oldest first: what an operator should look at.
    pub fn complaints(&self) -> Vec<Record> {
        let mut records: Vec<_> = self
            .entries
            .iter()
            .flat_map(|(name, entries)| entries.iter().map(|entry| entry.record(name)))
            .filter(|record| matches!(record.outcome, Outcome::Refused(_) | Outcome::Lost(_)))
            .collect();
        records.sort_by(|a, b| (a.at_ms, &a.name).cmp(&(b.at_ms, &b.name)));
        records
    }

    /// How many files the hub has, and how many it refused.
    pub fn counts(&self) -> (u64, u64) {
        let outcomes = self.entries.values().flatten().map(|entry| &entry.outcome);
        outcomes.fold((0, 0), |(acked, refused), outcome| match outcome {
            Outcome::Received | Outcome::Duplicate => (acked + 1, refused),
            Outcome::Refused(_) => (acked, refused + 1),
            Outcome::Lost(_) => (acked, refused),
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

    /// Writes what the disk did not take before.
    pub fn write(&mut self) -> io::Result<()> {
        let bytes: Vec<u8> = self.unwritten.iter().filter_map(record::encode).flatten().collect();
        if bytes.is_empty() {
            self.unwritten.clear();
            return Ok(());
        }
        if let Err(problem) = self.file.write_all_at(&bytes, self.length) {
            // What did get written is half a record; it would be cut at the next start anyway.
            let _ = self.file.set_len(self.length);
            return Err(problem);
        }
        self.length += bytes.len() as u64;
        self.unwritten.clear();
        self.unsynced = true;
        Ok(())
    }

    /// The file, if it has something that is not durable yet. Whoever takes it calls `sync_data`, which may take
    /// milliseconds.
    pub fn to_sync(&mut self) -> Option<Arc<File>> {
        std::mem::take(&mut self.unsynced).then(|| Arc::clone(&self.file))
    }

    /// Whether records wait for the disk.
    pub fn is_behind(&self) -> bool {
        !self.unwritten.is_empty()
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
                let taken = matches!(entry.outcome, Outcome::Received | Outcome::Duplicate);
                let goes = taken && named_ms.unwrap_or(entry.state.modified_ms()) >= since_ms;
                forgotten += usize::from(goes);
                !goes
            });
        }
        self.compact(|_| true)?;
        Ok(forgotten)
    }

    /// Moves a ledger away: another hub knows nothing of what this one says.
    pub fn set_aside(path: &Path) -> Result<(), LedgerError> {
        match fs::rename(path, free_name(path)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(LedgerError { action: "set aside", path: path.to_owned(), source })
            }
            _ => Ok(()),
        }
    }

    /// Forgets versions that `is_present` does not know and writes the rest to a new file, which then takes the old
    /// one's place. Refusals and losses are kept.
    pub fn compact(&mut self, is_present: impl Fn(&FileKey) -> bool) -> Result<(), LedgerError> {
        let path = self.path.clone();
        let error = |action: &'static str| move |source| LedgerError { action, path: path.clone(), source };
        let new_path = self.path.with_extension("new");
        let kept = |name: &str, entry: &Entry| !entry.outcome.is_durable() || is_present(&entry.record(name).key());
        let mut bytes = HEADER.to_vec();
        for (name, entries) in &self.entries {
            let records = entries.iter().filter(|entry| kept(name, entry)).map(|entry| entry.record(name));
            bytes.extend(records.filter_map(|record| record::encode(&record)).flatten());
        }
        let _ = fs::remove_file(&new_path);
        let file = open_file(&new_path).map_err(error.clone()("rewrite"))?;
        file.write_all_at(&bytes, 0).and_then(|()| file.sync_all()).map_err(error.clone()("rewrite"))?;
        fs::rename(&new_path, &self.path).map_err(error.clone()("replace"))?;
        sync_directory(&self.path).map_err(error("replace"))?;

        self.entries.retain(|name, entries| {
            entries.retain(|entry| kept(name, entry));
            !entries.is_empty()
        });
        self.count = self.entries.values().map(Vec::len).sum();
        self.file = Arc::new(file);
        self.length = bytes.len() as u64;
        self.unwritten.clear();
        self.unsynced = false;
        Ok(())
    }

    fn remember(&mut self, record: &Record) {
        let entry = Entry {
            kind: record.kind,
            state: record.key().state,
            hash: record.hash,
            outcome: record.outcome.clone(),
            at_ms: record.at_ms,
        };
        let entries = self.entries.entry(record.name.clone()).or_default();
        if let Some(old) = entries.iter_mut().find(|old| old.kind == entry.kind && old.state == entry.state) {
            *old = entry;
        } else {
            entries.push(entry);
            self.count += 1;
        }
    }
}

impl Entry {
    /// Whether the file needs nothing more: what was lost does, should it come back.
    fn settles(&self) -> bool {
        !matches!(self.outcome, Outcome::Lost(_))
    }

    fn record(&self, name: &str) -> Record {
        Record {
            kind: self.kind,
            name: name.to_owned(),
            size: self.state.size,
            modified_ns: self.state.modified_ns,
            hash: self.hash,
            outcome: self.outcome.clone(),
            at_ms: self.at_ms,
        }
    }
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(path)
}

fn free_name(path: &Path) -> PathBuf {
    (1..=1000)
        .map(|number| path.with_extension(format!("old-{number}")))
        .find(|name| !name.exists())
        .unwrap_or_else(|| path.with_extension("old"))
}

/// Makes a rename in the directory of `path` durable.
fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(directory) => File::open(directory)?.sync_all(),
        None => Ok(()),
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
