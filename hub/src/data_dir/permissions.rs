//! What a user may do with a directory, told by its mode.

use std::fs::Metadata;
use std::os::unix::fs::MetadataExt;

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub(super) id: u32,
    pub(super) groups: Vec<u32>,
}

impl User {
    /// The user that this process works as.
    pub(super) fn now() -> Self {
        let more = rustix::process::getgroups().unwrap_or_default();
        let groups = more.into_iter().chain([rustix::process::getegid()]).map(rustix::process::Gid::as_raw);
        Self { id: rustix::process::geteuid().as_raw(), groups: groups.collect() }
    }
}

/// Whose a directory is, and its mode.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) owner: u32,
    pub(super) group: u32,
    pub(super) mode: u32,
}

impl From<&Metadata> for Owned {
    fn from(found: &Metadata) -> Self {
        Self { owner: found.uid(), group: found.gid(), mode: found.mode() & 0o777 }
    }
}

/// What the mode keeps a user from doing with a directory, in words to follow "may not"; none if it is not the mode.
pub(super) fn kept_from(directory: Owned, user: &User) -> Option<&'static str> {
    if user.id == 0 {
        return None;
    }
    let allowed = if user.id == directory.owner {
        directory.mode >> 6
    } else if user.groups.contains(&directory.group) {
        directory.mode >> 3
    } else {
        directory.mode
    };
    Some(match (allowed & 4 == 0, allowed & 2 == 0, allowed & 1 == 0) {
        (false, false, false) => return None,
        (true, true, true) => "read, write or enter",
        (true, true, false) => "read or write",
        (true, false, true) => "read or enter",
        (false, true, true) => "write or enter",
        (true, false, false) => "read",
        (false, true, false) => "write to",
        (false, false, true) => "enter",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_part_of_the_mode_that_is_the_users_tells() {
        let owner = User { id: 7, groups: vec![70] };
        let mate = User { id: 8, groups: vec![70] };
        let stranger = User { id: 9, groups: vec![90] };
        let root = User { id: 0, groups: vec![0] };
        for (mode, user, kept) in [
            (0o700, &owner, None),
            (0o500, &owner, Some("write to")),
            (0o000, &owner, Some("read, write or enter")),
            (0o077, &owner, Some("read, write or enter")),
            (0o600, &owner, Some("enter")),
            (0o750, &mate, Some("write to")),
            (0o750, &stranger, Some("read, write or enter")),
            (0o707, &mate, Some("read, write or enter")),
            (0o707, &stranger, None),
            (0o000, &root, None),
        ] {
            assert_eq!(kept_from(Owned { owner: 7, group: 70, mode }, user), kept, "{mode:03o} {user:?}");
        }
    }
}
