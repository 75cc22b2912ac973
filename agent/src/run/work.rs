use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use slomix_shared::artifact::ContentHash;
use slomix_shared::wire::{Ack, WireError};

use super::Moment;
use crate::ship::{DeliverError, LoadError, Sealed, Sender, load, seal};
use crate::spool::{CopyError, FileKey, Pending, Plan};
use crate::validate::Rules;
use crate::watch::{Look, Observed, scan};

/// What the other thread has done.
pub(super) enum Done {
    Looked {
        directory: PathBuf,
        look: Look,
        found: io::Result<Vec<Observed>>,
    },
    Built(Built),
    Copied {
        plan: Plan,
        result: Result<(), CopyError>,
    },
    Synced(io::Result<()>),
    /// Every file in the directories; none where one of them could not be looked through.
    Present(Option<HashSet<FileKey>>),
}

/// A batch ready to be sent, and what is not in it.
pub(super) struct Built {
    pub(super) sealed: Option<Sealed>,
    /// The hub has these contents already.
    pub(super) known: Vec<(Pending, ContentHash)>,
    pub(super) failed: Vec<(Pending, LoadError)>,
    /// These could not be put into a batch.
    pub(super) unsealed: Option<(Vec<Pending>, WireError)>,
}

/// A batch that came back from the hub.
pub(super) struct Delivered {
    pub(super) files: Vec<(Pending, ContentHash)>,
    pub(super) result: Result<Ack, DeliverError>,
}

/// All that making a batch takes.
pub(super) struct Build {
    pub(super) files: Vec<Pending>,
    pub(super) known: HashMap<FileKey, Vec<ContentHash>>,
    pub(super) sequence: u64,
    pub(super) sender: Arc<Sender>,
    pub(super) rules: Arc<Mutex<Rules>>,
}

impl Build {
    /// Whether it is so little that handing it to the other thread would take longer.
    pub(super) fn is_small(&self) -> bool {
        const SMALL: u64 = 64 * 1024;
        let size: u64 = self.files.iter().map(|pending| pending.file.state.size).sum();
        size <= SMALL && !self.files.iter().any(|pending| Rules::cover(pending.file.kind))
    }

    /// Reads, judges and signs.
    pub(super) fn make(self, at: Moment) -> Built {
        let mut built = Built { sealed: None, known: Vec::new(), failed: Vec::new(), unsealed: None };
        let mut loaded = Vec::with_capacity(self.files.len());
        for pending in self.files {
            match load(pending, &self.rules, at.ms() / 1000) {
                Ok(file) if self.known.get(&file.pending.key()).is_some_and(|known| known.contains(&file.hash)) => {
                    built.known.push((file.pending, file.hash));
                }
                Ok(file) => loaded.push(file),
                Err((pending, problem)) => built.failed.push((pending, problem)),
            }
        }
        if !loaded.is_empty() {
            let files: Vec<_> = loaded.iter().map(|file| file.pending.clone()).collect();
            match seal(&self.sender, self.sequence, at.ms(), loaded) {
                Ok(sealed) => built.sealed = Some(sealed),
                Err(problem) => built.unsealed = Some((files, problem)),
            }
        }
        built
    }
}

pub(super) fn look(directory: &Path, look: Look) -> Done {
    Done::Looked { directory: directory.to_owned(), look, found: scan(directory) }
}

pub(super) fn copy(plan: Plan) -> Done {
    let result = plan.make();
    Done::Copied { plan, result }
}

pub(super) fn sync(file: &File) -> Done {
    Done::Synced(file.sync_data())
}

pub(super) fn present(directories: &[PathBuf]) -> Done {
    let mut keys = HashSet::new();
    for directory in directories {
        match scan(directory) {
            Ok(files) => keys.extend(files.iter().map(FileKey::from)),
            Err(_) => return Done::Present(None),
        }
    }
    Done::Present(Some(keys))
}
