use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use slomix_shared::artifact::ContentHash;

use super::Moment;
use crate::ship::{LoadError, Loaded, load};
use crate::spool::{CopyError, Disk, DiskFile, FileKey, Lane, Packed, Pending};
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
    /// A file was read for its safe copy.
    Packed {
        file: Observed,
        result: Result<Box<Packed>, CopyError>,
    },
    /// The copy was written.
    Copied {
        packed: Box<Packed>,
        result: Result<(), CopyError>,
    },
    Synced(io::Result<()>),
    /// Every file in the directories; none where one of them could not be looked through.
    Present(Option<HashSet<FileKey>>),
}

/// Files that were read for one batch, and those that were not.
pub(super) struct Built {
    pub(super) lane: Lane,
    pub(super) loaded: Vec<Loaded>,
    /// The hub has these contents already.
    pub(super) known: Vec<(Pending, ContentHash)>,
    pub(super) failed: Vec<(Pending, LoadError)>,
    /// Safe copies that could not be used, and why.
    pub(super) bad_copies: Vec<(FileKey, String)>,
    /// Reading or judging one of these broke off, which is a defect.
    pub(super) broken: Vec<Pending>,
}

/// All that reading files for a batch takes.
pub(super) struct Build {
    pub(super) lane: Lane,
    pub(super) files: Vec<Pending>,
    pub(super) known: HashMap<FileKey, Vec<ContentHash>>,
    pub(super) rules: Arc<Mutex<Rules>>,
    pub(super) disk: Arc<dyn Disk>,
}

impl Build {
    /// Whether it is so little that handing it to the other thread would take longer.
    pub(super) fn is_small(&self) -> bool {
        const SMALL: u64 = 64 * 1024;
        let size: u64 = self.files.iter().map(|pending| pending.file.state.size).sum();
        size <= SMALL && !self.files.iter().any(|pending| Rules::cover(pending.file.kind))
    }

    /// Reads and judges.
    pub(super) fn make(self, at: Moment) -> Built {
        let mut built = self.empty();
        for pending in self.files {
            let load = load(&*self.disk, &pending, &self.rules, at.ms() / 1000);
            built.bad_copies.extend(load.bad_copy.map(|why| (pending.key(), why)));
            match load.file {
                Ok(file) if self.known.get(&file.pending.key()).is_some_and(|known| known.contains(&file.hash)) => {
                    built.known.push((pending, file.hash));
                }
                Ok(file) => built.loaded.push(file),
                Err(problem) => built.failed.push((pending, problem)),
            }
        }
        built
    }

    /// The same on the other thread, where a defect must not take the files with it.
    pub(super) fn make_apart(self, at: Moment) -> Done {
        let broken = Built { broken: self.files.clone(), ..self.empty() };
        let made = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.make(at)));
        Done::Built(made.unwrap_or(broken))
    }

    fn empty(&self) -> Built {
        Built {
            lane: self.lane,
            loaded: Vec::with_capacity(self.files.len()),
            known: Vec::new(),
            failed: Vec::new(),
            bad_copies: Vec::new(),
            broken: Vec::new(),
        }
    }
}

pub(super) fn look(directory: &Path, look: Look) -> Done {
    Done::Looked { directory: directory.to_owned(), look, found: scan(directory) }
}

pub(super) fn pack(disk: &dyn Disk, file: Observed) -> Done {
    let result = Packed::make(disk, file.clone()).map(Box::new);
    Done::Packed { file, result }
}

pub(super) fn copy(disk: &dyn Disk, packed: Box<Packed>, spool: &Path) -> Done {
    let result = packed.write(disk, spool);
    Done::Copied { packed, result }
}

pub(super) fn sync(file: &dyn DiskFile) -> Done {
    Done::Synced(file.sync())
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
