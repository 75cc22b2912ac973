//! Opening a ledger, whatever lies in its place.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::damage::{Damage, explain};
use super::super::disk::{Disk, DiskFile, Place, What, read_whole};
use super::super::record::{self, Decoded};
use super::{HEADER, Ledger, LedgerError};

/// A ledger of more bytes than that is none.
const LONGEST: usize = 256 * 1024 * 1024;

impl Ledger {
    /// Opens or makes the ledger at `path`, mends what is broken and tells what it mended. Where nothing can be written,
    /// the ledger is in memory until it can.
    pub fn open(disk: Arc<dyn Disk>, path: &Path) -> (Self, Vec<Damage>) {
        let mut ledger = Self {
            disk,
            path: path.to_owned(),
            file: None,
            length: HEADER.len() as u64,
            entries: HashMap::new(),
            count: 0,
            untold: 0,
            told: 0,
            last_batch: None,
            unwritten: Vec::new(),
            suspect: false,
            was_gone: false,
            unsynced: false,
        };
        let mut damage = Vec::new();
        match ledger.disk.look_at(path) {
            Err(problem) if problem.kind() == io::ErrorKind::NotFound => {}
            found => ledger.take_up(found, &mut damage),
        }
        if ledger.file.is_none() || ledger.suspect {
            // Every record, and whoever tends it, tries again.
            let _ = ledger.rewrite();
        }
        (ledger, damage)
    }

    fn take_up(&mut self, found: io::Result<Place>, damage: &mut Vec<Damage>) {
        let problem = match found {
            // A disk that fails now and then may answer the next time.
            Ok(place) if place.what == What::File => {
                match self.read().or_else(|_| self.read()).or_else(|_| self.read()) {
                    Ok((file, bytes)) => {
                        let whole = bytes.get(..HEADER.len()) == Some(HEADER.as_slice());
                        let torn = bytes.len() < HEADER.len() && HEADER.starts_with(&bytes);
                        if whole {
                            self.file = Some(file);
                        }
                        if whole || torn {
                            self.load(bytes.get(HEADER.len()..).unwrap_or_default(), damage);
                            return;
                        }
                        // It may still hold records that can be read.
                        self.load(&bytes, &mut Vec::new());
                        "it is no ledger, or of a newer agent".to_owned()
                    }
                    Err(problem) => explain(&problem),
                }
            }
            Ok(_) => "it is no file".to_owned(),
            Err(problem) => explain(&problem),
        };
        self.file = None;
        let aside = free_name(&*self.disk, &self.path);
        let moved = self.disk.rename(&self.path, &aside).is_ok();
        damage.push(Damage::LedgerSetAside { aside: moved.then_some(aside), why: problem });
    }

    fn read(&self) -> io::Result<(Arc<dyn DiskFile>, Vec<u8>)> {
        let file = self.disk.open_or_make(&self.path)?;
        let bytes = read_whole(&*file, LONGEST)?;
        Ok((Arc::from(file), bytes))
    }

    /// Remembers every record that can be read, going on behind what cannot. `bytes` are what follows the header.
    fn load(&mut self, bytes: &[u8], damage: &mut Vec<Damage>) {
        let (mut at, mut sound, mut broken) = (0, 0, 0);
        while at < bytes.len() {
            match record::decode(&bytes[at..]) {
                Decoded::Good(record, length) => {
                    // Bytes between two records.
                    broken += usize::from(at > sound);
                    self.remember(&record);
                    at += length;
                    sound = at;
                }
                Decoded::Damaged(_) | Decoded::Torn => at += 1,
            }
        }
        self.length = (HEADER.len() + sound) as u64;
        if broken > 0 {
            damage.push(Damage::LedgerEntries(broken));
        }
        if sound < bytes.len() {
            damage.push(Damage::LedgerTorn((bytes.len() - sound) as u64));
        }
        // An earlier run may have been killed before it synced, or when that had failed, of which nothing can be seen: every
        // start writes the file anew.
        self.suspect = true;
        if sound < bytes.len()
            && let Some(file) = &self.file
        {
            // For the case that it cannot be written anew now.
            let _ = file.set_len(self.length);
        }
    }

    /// Moves a ledger away: another hub knows nothing of what this one says.
    pub fn set_aside(disk: &dyn Disk, path: &Path) -> Result<(), LedgerError> {
        match disk.rename(path, &free_name(disk, path)) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => {
                Err(LedgerError { action: "set aside", path: path.to_owned(), source })
            }
            _ => Ok(()),
        }
    }
}

fn free_name(disk: &dyn Disk, path: &Path) -> PathBuf {
    (1..=1000)
        .map(|number| path.with_extension(format!("old-{number}")))
        .find(|name| disk.look_at(name).is_err())
        .unwrap_or_else(|| path.with_extension("old"))
}
