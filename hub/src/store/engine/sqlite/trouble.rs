//! What SQLite's errors mean for people.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use sqlx::Error;
use sqlx::migrate::MigrateError;

use crate::store::sql::StoreError;

/// What must be free on the disk for writes to go on.
const ROOM: usize = 1024 * 1024;

/// SQLite's numbers for a full disk, for any other fault of it, and for a file that cannot be opened.
const FULL: u32 = 13;
const DISK: u32 = 10;
const CLOSED: u32 = 14;

/// The number of an error without what is told above its lowest byte.
fn number(error: &Error) -> Option<u32> {
    let code = error.as_database_error()?.code()?;
    Some(code.parse::<u32>().ok()? & 0xFF)
}

/// An error of a statement.
pub(super) fn while_doing(doing: &'static str, source: Error, path: &Path) -> StoreError {
    let place = || path.display().to_string();
    match number(&source) {
        Some(FULL) => StoreError::Full { place: place() },
        // Where its own files cannot grow it says no more than that the disk failed.
        Some(DISK | CLOSED) if is_full(path) => StoreError::Full { place: place() },
        Some(DISK) => StoreError::Disk { place: place(), source: source.into() },
        _ => StoreError::Database { doing, source },
    }
}

/// An error on the way to the schema that this program needs.
pub(super) fn while_migrating(source: MigrateError, path: &Path) -> StoreError {
    match source {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if matches!(number(&source), Some(FULL | DISK | CLOSED)) =>
        {
            while_doing("bring the schema up to date", source, path)
        }
        source => StoreError::Migrate { path: path.display().to_string(), source },
    }
}

fn is_full(path: &Path) -> bool {
    let place = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    rustix::fs::statvfs(place).is_ok_and(|disk| disk.f_bavail.saturating_mul(disk.f_frsize) < ROOM as u64)
}

/// Writes a file beside the database and takes it away again.
pub(super) fn try_room(path: &Path) -> Result<(), StoreError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push("-room");
    let written = File::create(&beside).and_then(|mut file| {
        file.write_all(&vec![0; ROOM])?;
        file.sync_all()
    });
    let removed = std::fs::remove_file(&beside);
    let place = path.display().to_string();
    written.and(removed).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full { place },
        _ => StoreError::Disk { place, source: error.into() },
    })
}
