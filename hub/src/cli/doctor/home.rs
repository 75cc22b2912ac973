//! The data directory: whose it is, who may look into it, what room it has, and the keys in it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::data_dir::DataDir;
use crate::link::HubKeys;
use crate::serve::{ServeError, check_keys};
use crate::store::{Store, StoreError};

use super::{About, Finding};

/// Less room than this keeps the hub from taking files soon.
const TOO_LITTLE_MB: u64 = 100;
/// Less room than this is worth a look.
const LITTLE_MB: u64 = 2_000;

/// The directory, if there is one.
pub(super) fn look(path: &Path, findings: &mut Vec<Finding>) -> Option<DataDir> {
    let about = About("data");
    let shown = path.display();
    // One that cannot be seen is there, and opening it says what is in the way.
    if path.try_exists().is_ok_and(|there| !there) {
        let make = "slomix-hub import or serve makes it, --data names another directory";
        findings.push(about.odd(format!("{shown} is not there yet: {make}")));
        return None;
    }
    let directory = match DataDir::open(path) {
        Ok(directory) => directory,
        Err(error) => {
            findings.push(about.bad(error.to_string()));
            return None;
        }
    };
    findings.push(
        directory.note().map_or_else(|| about.good(format!("{shown} is closed to others")), |note| about.odd(note)),
    );
    findings.extend(writable(&directory));
    findings.extend(readable_by_others(&directory));
    findings.extend(foreign(&directory));
    if directory.is_half_restored() {
        findings.push(about.bad("a restore was broken off: run slomix-hub restore again with the same file"));
    }
    findings.push(room(path));
    Some(directory)
}

fn writable(directory: &DataDir) -> Option<Finding> {
    directory.try_out().err().map(|error| About("data").bad(error.to_string()))
}

/// A database that its directory alone keeps from others, if that.
fn readable_by_others(directory: &DataDir) -> Option<Finding> {
    let database = directory.database();
    let mode = fs::metadata(&database).ok()?.mode() & 0o777;
    let path = database.display();
    (mode & 0o077 != 0).then(|| {
        About("data").odd(format!(
            "the database {path} is open to other users (mode {mode:03o}) who may enter its directory, and so is a \
             copy of it: close it with chmod 600 {path}*"
        ))
    })
}

/// What a command of another user, such as root, left behind.
fn foreign(directory: &DataDir) -> Option<Finding> {
    let owner = fs::metadata(directory.path()).ok()?.uid();
    let entries = fs::read_dir(directory.path()).ok()?.filter_map(Result::ok);
    let others: Vec<String> = entries
        .filter(|entry| entry.metadata().is_ok_and(|meta| meta.uid() != owner))
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let path = directory.path().display();
    (!others.is_empty()).then(|| {
        About("data").bad(format!(
            "{} in {path} belong to another user than the directory (user {owner}), so the hub may fail on them: \
             chown -R {owner} {path}",
            others.join(", ")
        ))
    })
}

fn room(path: &Path) -> Finding {
    let about = About("disk");
    let free = match rustix::fs::statvfs(path) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize) / 1_000_000,
        Err(error) => return about.odd(format!("the room on the disk cannot be told: {error}")),
    };
    match free {
        ..TOO_LITTLE_MB => about.bad(format!("{free} MB are free: make room, or agents must keep what they have")),
        TOO_LITTLE_MB..LITTLE_MB => about.odd(format!("{free} MB are free")),
        _ => about.good(format!("{} GB are free", free / 1_000)),
    }
}

/// What went wrong, and why.
fn with_cause(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"))
}

/// The keys, and whether somebody relies on those that are gone.
pub(super) async fn keys(directory: &DataDir, store: &Store, findings: &mut Vec<Finding>) -> Result<(), StoreError> {
    let about = About("keys");
    findings.push(match check_keys(directory, store).await {
        Err(ServeError::Store(error)) => return Err(error),
        Err(error) => about.bad(error.to_string()),
        Ok(()) => match HubKeys::check_directory(directory.path()).and_then(|()| HubKeys::read_files(directory.path()))
        {
            Err(error) => about.bad(with_cause(&error)),
            Ok(files) if files.is_empty() => about.odd("none yet: the first serve or import makes them"),
            Ok(_) => about.good("there and closed to others; slomix-hub backup takes them along"),
        },
    });
    Ok(())
}
