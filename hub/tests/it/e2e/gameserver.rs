//! What the game's scripts do with files.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::PathBuf;

use slomix_shared::sim::{FileWrite, SimFile};

/// Opens, writes and closes files in the watched directory, and remembers what each of them holds.
pub(crate) struct GameServer {
    gamestats: PathBuf,
    contents: BTreeMap<String, Vec<u8>>,
}

impl GameServer {
    /// One that writes into this directory.
    pub(crate) fn new(gamestats: PathBuf) -> Self {
        Self { gamestats, contents: BTreeMap::new() }
    }

    /// One open, write and close.
    pub(crate) fn write(&mut self, write: &FileWrite<'_>) {
        let path = self.gamestats.join(write.name);
        let mut options = OpenOptions::new();
        options.create(true).write(true).append(write.append).truncate(!write.append);
        let mut file = options.open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        file.write_all(write.bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let content = self.contents.entry(write.name.to_owned()).or_default();
        if !write.append {
            content.clear();
        }
        content.extend_from_slice(write.bytes);
    }

    /// A file that is written at once, or once more in place of what it held.
    pub(crate) fn put(&mut self, name: &str, bytes: &[u8]) {
        self.write(&FileWrite { at_ms: 0, name, bytes, append: false });
    }

    /// A file as its script writes it: stats at once, endstats in many appends.
    pub(crate) fn play(&mut self, file: &SimFile) {
        for write in file.writes() {
            self.write(&write);
        }
    }

    /// What every file holds in the end, by name.
    pub(crate) fn contents(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.contents
    }
}
