use std::io;

use super::super::{Place, What};
use super::BLOCK;
use crate::watch::FileState;

/// A change of content that is not durable yet.
#[derive(Debug, Clone)]
pub(super) enum Change {
    Written(u64, Vec<u8>),
    Cut(u64),
}

/// A file's content as programs see it, and as it is on the disk.
#[derive(Debug, Default)]
pub(super) struct Inode {
    content: Vec<u8>,
    pub(super) on_disk: Vec<u8>,
    /// With whether a sync has failed on it: such a change never reaches the disk.
    pub(super) unsynced: Vec<(Change, bool)>,
    modified_ns: i64,
    pub(super) now_ns: i64,
}

impl Inode {
    pub(super) fn durable(content: Vec<u8>, modified_ns: i64) -> Self {
        Self { on_disk: content.clone(), content, modified_ns, ..Self::default() }
    }

    pub(super) fn blocks(&self) -> u64 {
        (self.content.len() as u64).div_ceil(BLOCK)
    }

    pub(super) fn place(&self, id: u64) -> Place {
        let state = FileState { size: self.content.len() as u64, modified_ns: self.modified_ns };
        let on_disk = self.blocks() * BLOCK;
        Place { what: What::File, state, on_disk, allocated: on_disk, id: (1, id) }
    }

    pub(super) fn read(&self, buffer: &mut [u8], at: u64, short: bool) -> usize {
        let rest = self.content.get(at as usize..).unwrap_or_default();
        let most = if short { buffer.len().div_ceil(2) } else { buffer.len() };
        let bytes = rest.len().min(most);
        buffer[..bytes].copy_from_slice(&rest[..bytes]);
        bytes
    }

    pub(super) fn write(&mut self, bytes: &[u8], at: u64, free: u64, short: bool) -> io::Result<usize> {
        let room = self.blocks().saturating_add(free).saturating_mul(BLOCK).saturating_sub(at);
        let most = if short { bytes.len().div_ceil(2) } else { bytes.len() };
        let fits = most.min(usize::try_from(room).unwrap_or(usize::MAX));
        if fits == 0 {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.change(Change::Written(at, bytes[..fits].to_vec()));
        Ok(fits)
    }

    pub(super) fn set_len(&mut self, length: u64) {
        self.change(Change::Cut(length));
    }

    fn change(&mut self, change: Change) {
        apply(&mut self.content, &change);
        self.modified_ns = self.now_ns;
        self.unsynced.push((change, false));
    }

    pub(super) fn sync(&mut self) {
        for (change, doomed) in std::mem::take(&mut self.unsynced) {
            if doomed {
                self.unsynced.push((change, doomed));
            } else {
                apply(&mut self.on_disk, &change);
            }
        }
    }

    pub(super) fn doom(&mut self) {
        self.unsynced.iter_mut().for_each(|(_, doomed)| *doomed = true);
    }

    pub(super) fn flip(&mut self, at: usize) -> bool {
        if self.content.is_empty() {
            return false;
        }
        let byte = at / 8 % self.content.len();
        self.content[byte] ^= 1 << (at % 8);
        if let Some(stored) = self.on_disk.get_mut(byte) {
            *stored ^= 1 << (at % 8);
        }
        true
    }

    /// What is on the disk is all that is left.
    pub(super) fn come_back(&mut self) {
        self.content.clone_from(&self.on_disk);
        self.unsynced.clear();
    }
}

pub(super) fn apply(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Cut(length) => content.resize(*length as usize, 0),
        Change::Written(at, bytes) => {
            let (start, end) = (*at as usize, *at as usize + bytes.len());
            if content.len() < end {
                content.resize(end, 0);
            }
            content[start..end].copy_from_slice(bytes);
        }
    }
}
