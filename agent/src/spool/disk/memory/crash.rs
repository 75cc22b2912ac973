//! What is left after a crash.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::inode::{self, Change};
use super::{Entry, MemoryDisk, Naming};

const SECTOR: usize = 512;

/// Numbers that a seed decides.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn of(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub(crate) fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % sides.max(1)
    }
}

impl MemoryDisk {
    /// The process ends; the system and its caches live on.
    pub(crate) fn kill(&self) {
        let mut world = self.world();
        (world.stopped, world.fuse) = (false, None);
        world.faults.clear();
    }

    /// The power goes. Of what was not synced any part may have reached the disk, in any order: writes torn at a sector or
    /// a byte, names without their content and the other way round.
    pub(crate) fn cut_power(&self, seed: u64) {
        self.kill();
        let mut dice = Dice::of(seed);
        let mut world = self.world();
        let kept = match dice.roll(4) {
            0 => 0,
            1 => 100,
            _ => dice.roll(100),
        };
        for inode in world.inodes.values_mut() {
            let changes = std::mem::take(&mut inode.unsynced);
            for (change, doomed) in changes {
                if !doomed && dice.roll(100) < kept {
                    inode::apply(&mut inode.on_disk, &torn(change, &mut dice));
                }
            }
            inode.come_back();
        }
        for naming in std::mem::take(&mut world.unsynced) {
            if dice.roll(100) < kept {
                apply(&mut world.durable, &naming);
            }
        }
        // Without its directory a name leads nowhere.
        let paths: Vec<_> = world.durable.keys().cloned().collect();
        for path in paths {
            let parent = path.parent().map(Path::to_owned);
            if parent.is_some_and(|parent| !matches!(world.durable.get(&parent), Some(Entry::Directory(_)))) {
                world.durable.remove(&path);
            }
        }
        world.live = world.durable.clone();
        for entry in world.live.clone().into_values() {
            if let Entry::File(id) = entry {
                world.inodes.entry(id).or_default();
            }
        }
    }
}

fn torn(change: Change, dice: &mut Dice) -> Change {
    match change {
        Change::Written(at, mut bytes) => {
            match dice.roll(4) {
                0 => bytes.truncate(dice.roll(bytes.len() as u64 + 1) as usize),
                // Sectors of it, and what was there before between them; zeros where that was nothing.
                1 => {
                    for sector in bytes.chunks_mut(SECTOR) {
                        if dice.roll(2) == 0 {
                            sector.fill(0);
                        }
                    }
                }
                _ => {}
            }
            Change::Written(at, bytes)
        }
        cut @ Change::Cut(_) => cut,
    }
}

impl Naming {
    pub(super) fn directory(&self) -> Option<&Path> {
        match self {
            Self::Made(path, _) | Self::Removed(path) | Self::Renamed(_, path) => path.parent(),
        }
    }
}

pub(super) fn apply(names: &mut BTreeMap<PathBuf, Entry>, naming: &Naming) {
    match naming {
        Naming::Made(path, entry) => {
            names.insert(path.clone(), *entry);
        }
        Naming::Removed(path) => names.retain(|candidate, _| !candidate.starts_with(path)),
        Naming::Renamed(from, to) => {
            let moved: Vec<_> = names.extract_if(.., |candidate, _| candidate.starts_with(from)).collect();
            if moved.iter().any(|(path, _)| path == from) {
                names.retain(|candidate, _| !candidate.starts_with(to));
            }
            for (path, entry) in moved {
                let rest = path.strip_prefix(from).unwrap_or(&path);
                let place = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                names.insert(place, entry);
            }
        }
    }
}
