//! What has to go when the spool is full: what was set aside, then telemetry before anything else, round events last, the
//! oldest first. Never stats.

use std::path::{Path, PathBuf};

use slomix_shared::artifact::Kind;

use super::super::disk::clear;
use super::{Copies, Item, Packed, entry};
use crate::spool::FileKey;

/// What a place in the spool is worth. Equal ones go by age.
fn worth(kind: Kind) -> u8 {
    match kind {
        Kind::Proximity => 0,
        Kind::WeaponSidecar | Kind::Unrecognised => 1,
        Kind::Endstats | Kind::Gametime => 2,
        Kind::Stats => 3,
    }
}

impl Copies {
    /// The copies that would have to go for a file, which lose no more than is won: none of more worth, and of equal worth
    /// only older ones. None where that would not make room; stats are kept over any quota.
    pub fn victims(&mut self, packed: &Packed) -> Option<Vec<FileKey>> {
        let wanted = packed.on_disk();
        self.drop_aside(wanted);
        let newcomer = FileKey::from(&packed.file);
        let mut over = (self.used + wanted).saturating_sub(self.quota);
        if over == 0 {
            return Some(Vec::new());
        }
        let rank = |key: &FileKey| (worth(key.kind), key.state.modified_ns);
        let (stats, limit) = (newcomer.kind == Kind::Stats, rank(&newcomer));
        let mut lesser: Vec<_> =
            self.items.iter().filter(|(key, _)| key.kind != Kind::Stats && rank(key) < limit).collect();
        lesser.sort_by_key(|(key, _)| rank(key));
        let mut victims = Vec::new();
        for (key, item) in lesser {
            if over == 0 {
                break;
            }
            over = over.saturating_sub(item.on_disk);
            victims.push(key.clone());
        }
        (over == 0 || stats).then_some(victims)
    }

    /// Takes a written copy into account; where it lies.
    pub fn add(&mut self, packed: &Packed) -> PathBuf {
        let key = FileKey::from(&packed.file);
        let path = self.directory.join(entry::file_name(&key));
        let on_disk = self.disk.look_at(&path).map_or(packed.on_disk(), |place| place.on_disk);
        let hash = entry::look_into(&*self.disk, &path).ok().map(|about| about.hash);
        self.insert(key, Item { path: path.clone(), hash, on_disk });
        path
    }

    /// Where copies are written.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn drop_aside(&mut self, wanted: u64) {
        while self.used + wanted > self.quota {
            let Some((path, on_disk)) = self.aside.pop_first() else { break };
            self.used -= on_disk;
            // One that stays is counted again at the next start.
            let _ = clear(&*self.disk, &path);
        }
    }
}
