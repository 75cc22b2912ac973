//! Making safe copies, and room for them.

use std::io;

use tracing::warn;

use super::{Bare, Damage, FileKey, Outcome, Packed, Pending, Spool, disk};
use crate::watch::{Cause, Look, Observed};

const NO_ROOM: &str = "the spool was full of newer files and files of more worth";

impl Spool {
    /// The next file that should have a safe copy and that `wanted` approves of.
    pub fn next_to_copy(&self, wanted: impl Fn(&Pending) -> bool) -> Option<Observed> {
        self.queue.next_uncopied(wanted).map(|pending| pending.file.clone())
    }

    /// Makes room for a copy. False where the file itself is the one to do without, or the disk does not take the note
    /// that others are dropped: what is dropped is remembered before it is gone.
    pub fn make_room(&mut self, packed: &Packed, now_ms: i64) -> bool {
        let key = FileKey::from(&packed.file);
        let Some(victims) = self.copies.victims(packed) else {
            // One that had a copy, and lost it to another, is told of already.
            if !self.bare.contains_key(&key) {
                self.dropped += 1;
                warn!(file = key.name, "no safe copy: {NO_ROOM}");
            }
            self.remember_bare(&key, None, NO_ROOM, now_ms);
            return false;
        };
        if victims.is_empty() {
            return true;
        }
        let why = "its safe copy was dropped for the quota";
        for victim in &victims {
            let hash = self.copies.hash(victim);
            self.remember(victim, hash, Outcome::Bare(why.to_owned()), now_ms);
        }
        if let Err(problem) = self.sync() {
            self.disk_said(Err(problem));
            return false;
        }
        for victim in victims {
            self.dropped += 1;
            warn!(file = victim.name, "the safe copy was dropped for the quota");
            let hash = self.copies.hash(&victim);
            self.drop_copy(&victim);
            self.uncopied(&victim, hash, why, now_ms);
        }
        true
    }

    /// Makes all that was remembered durable, with the ballast's room where there is no other.
    pub fn sync(&mut self) -> io::Result<()> {
        match self.ledger.sync() {
            Err(problem) if disk::is_full(&problem) && self.ballast.release() => self.ledger.sync(),
            synced => synced,
        }
    }

    /// A copy is made.
    pub fn copied(&mut self, packed: &Packed, now_ms: i64) {
        let key = FileKey::from(&packed.file);
        let path = self.copies.add(packed);
        match self.ledger.outcome(&key) {
            Some(outcome) if outcome.is_durable() => return self.drop_copy(&key),
            Some(_) => return,
            None => {}
        }
        self.bare.remove(&key);
        if self.queue.contains(&key) {
            self.queue.set_copy(&key, Some(&path));
        } else if !self.in_flight.contains_key(&key) && !self.is_held(&key) {
            // It vanished from its directory while it was copied.
            if self.ledger.is_lost(&key) {
                self.remember(&key, None, Outcome::Forgotten, now_ms);
            }
            let (file, cause) = (packed.file.clone(), Cause::Found(Look::Renewed));
            self.queue.push(Pending { file, cause, fresh: true, copy: Some(path), alone: false, since_ms: now_ms });
        }
    }

    /// A copy could not be made, for this reason.
    pub fn not_copied(&mut self, file: &Observed, why: &str) {
        let why = format!("it could not be copied ({why})");
        self.bare.entry(FileKey::from(file)).or_insert(Bare { why, hash: None });
    }

    /// The safe copy of a file cannot be used.
    pub fn bad_copy(&mut self, key: &FileKey, why: &str, now_ms: i64) {
        let Some(path) = self.copies.path(key) else { return };
        let hash = self.copies.hash(key);
        let reason = format!("its safe copy could not be used: {why}");
        self.remember_bare(key, hash, &reason, now_ms);
        // As at the start: what it was is remembered before it is moved away.
        let aside = self.sync().is_ok().then(|| self.copies.put_aside(key, why)).flatten();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let damage = aside.unwrap_or_else(|| Damage::CopySetAside { aside: None, why: format!("{name}: {why}") });
        self.mend(&damage, now_ms);
        self.copies.forget(key);
        self.uncopied(key, hash, &reason, now_ms);
    }
}
