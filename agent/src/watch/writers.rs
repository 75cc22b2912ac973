//! Which files have an open writer, as far as events tell: so that a scan that comes by does not take a half-written
//! file for a finished one, however long its writer pauses.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, CreateKind, EventKind, ModifyKind};

/// A mark that heard nothing for this long holds no file back: its close was lost.
const FORGET_AFTER: Duration = Duration::from_mins(10);

#[derive(Debug, Clone, Copy)]
struct Mark {
    /// Data was written; else the file was only made, perhaps by a hard link, which nobody closes.
    written: bool,
    heard: Instant,
}

#[derive(Debug, Default)]
pub(super) struct Writers(HashMap<PathBuf, Mark>);

impl Writers {
    /// Learns from one event.
    pub(super) fn hear(&mut self, event: &notify::Event, now: Instant) {
        if event.need_rescan() {
            // Closes may be among the lost events.
            self.0.clear();
            return;
        }
        let Some(path) = event.paths.first() else { return };
        match event.kind {
            EventKind::Create(CreateKind::File) => {
                self.0.entry(path.clone()).or_insert(Mark { written: false, heard: now });
            }
            EventKind::Modify(ModifyKind::Data(_)) => {
                self.0.insert(path.clone(), Mark { written: true, heard: now });
            }
            EventKind::Access(AccessKind::Close(AccessMode::Write))
            | EventKind::Remove(_)
            | EventKind::Modify(ModifyKind::Name(_)) => {
                self.0.remove(path);
            }
            _ => {}
        }
    }

    /// Whether a file of `size` bytes is still being written.
    pub(super) fn holds(&mut self, path: &Path, size: u64, now: Instant) -> bool {
        let Some(mark) = self.0.get(path) else { return false };
        if now.duration_since(mark.heard) >= FORGET_AFTER {
            self.0.remove(path);
            return false;
        }
        mark.written || size == 0
    }

    /// Forgets the files of one directory.
    pub(super) fn forget_under(&mut self, directory: &Path) {
        self.0.retain(|path, _| path.parent() != Some(directory));
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{DataChange, Flag};

    use super::*;

    const MADE: EventKind = EventKind::Create(CreateKind::File);
    const WRITTEN: EventKind = EventKind::Modify(ModifyKind::Data(DataChange::Any));
    const CLOSED: EventKind = EventKind::Access(AccessKind::Close(AccessMode::Write));

    fn hear(writers: &mut Writers, kind: EventKind, now: Instant) {
        writers.hear(&notify::Event::new(kind).add_path(PathBuf::from("/d/f")), now);
    }

    #[test]
    fn a_written_file_is_held_until_its_close() {
        let (mut writers, now, path) = (Writers::default(), Instant::now(), Path::new("/d/f"));
        hear(&mut writers, MADE, now);
        assert!(writers.holds(path, 0, now));
        assert!(!writers.holds(path, 5, now), "a hard link is made with content and never closed");
        hear(&mut writers, WRITTEN, now);
        assert!(writers.holds(path, 5, now + Duration::from_secs(599)));
        hear(&mut writers, CLOSED, now);
        assert!(!writers.holds(path, 5, now));
    }

    #[test]
    fn lost_closes_hold_nothing_for_ever() {
        let (mut writers, now, path) = (Writers::default(), Instant::now(), Path::new("/d/f"));
        hear(&mut writers, WRITTEN, now);
        assert!(!writers.holds(path, 5, now + FORGET_AFTER));
        hear(&mut writers, WRITTEN, now);
        writers.hear(&notify::Event::new(EventKind::Other).set_flag(Flag::Rescan), now);
        assert!(!writers.holds(path, 5, now));
        hear(&mut writers, WRITTEN, now);
        writers.forget_under(Path::new("/d"));
        assert!(!writers.holds(path, 5, now));
    }
}
