use std::path::PathBuf;
use std::time::SystemTime;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind, RemoveKind, RenameMode};

/// What the kernel says that the agent acts on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signal {
    /// A writer closed this file, or it was moved here.
    Closed {
        /// The file.
        path: PathBuf,
        /// When the event came.
        at: SystemTime,
    },
    /// A watched directory itself, if it is one, is gone from its place.
    Vanished(PathBuf),
    /// Events were lost.
    Overflow,
}

/// The signal in an event, if there is one.
///
/// The watch also reports opens (each of our own reads), writes and metadata; none of them says that a file is
/// finished. A move within a watched directory comes twice, as its target and as both names; the target is enough.
pub(super) fn read(event: &notify::Event, at: SystemTime) -> Option<Signal> {
    if event.need_rescan() {
        return Some(Signal::Overflow);
    }
    let path = event.paths.first()?.clone();
    match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write))
        | EventKind::Modify(ModifyKind::Name(RenameMode::To)) => Some(Signal::Closed { path, at }),
        EventKind::Remove(RemoveKind::Folder | RemoveKind::Other)
        | EventKind::Modify(ModifyKind::Name(RenameMode::From)) => Some(Signal::Vanished(path)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use notify::event::{CreateKind, DataChange, Flag, MetadataKind};

    use super::*;

    const AT: SystemTime = SystemTime::UNIX_EPOCH;

    fn of(kind: EventKind) -> Option<Signal> {
        read(&notify::Event::new(kind).add_path(PathBuf::from("/d/f")), AT)
    }

    #[test]
    fn a_close_after_writing_or_a_move_into_place_is_the_end_of_a_file() {
        let closed = Some(Signal::Closed { path: PathBuf::from("/d/f"), at: AT });
        assert_eq!(of(EventKind::Access(AccessKind::Close(AccessMode::Write))), closed);
        assert_eq!(of(EventKind::Modify(ModifyKind::Name(RenameMode::To))), closed);
    }

    #[test]
    fn nothing_else_is() {
        for kind in [
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Data(DataChange::Any)),
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
            EventKind::Modify(ModifyKind::Name(RenameMode::Both)),
            EventKind::Access(AccessKind::Open(AccessMode::Any)),
            EventKind::Access(AccessKind::Close(AccessMode::Read)),
            EventKind::Remove(RemoveKind::File),
        ] {
            assert_eq!(of(kind), None, "{kind:?}");
        }
    }

    #[test]
    fn lost_events_and_lost_directories_are_told() {
        let overflow = notify::Event::new(EventKind::Other).set_flag(Flag::Rescan);
        assert_eq!(read(&overflow, AT), Some(Signal::Overflow));
        let gone = Some(Signal::Vanished(PathBuf::from("/d/f")));
        assert_eq!(of(EventKind::Remove(RemoveKind::Folder)), gone);
        assert_eq!(of(EventKind::Modify(ModifyKind::Name(RenameMode::From))), gone);
    }
}
