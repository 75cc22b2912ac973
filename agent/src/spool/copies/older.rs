//! The plain copies of earlier agents, each in a folder of its own.

use std::path::Path;

use slomix_shared::artifact::{FileName, MAX_FILE_BYTES};

use super::super::FileKey;
use super::super::disk::{Disk, What, read_whole};
use super::{CopyFault, Item};
use crate::watch::FileState;

/// A finished copy, told by its folder: `<modified ns>-<size>-<hash of the name>`.
pub(super) fn take_up(disk: &dyn Disk, folder: &Path) -> Result<(FileKey, Item), CopyFault> {
    let strange = CopyFault::Damaged("it is not known to this agent");
    let Some(state) = folder.file_name().and_then(|name| state_of(name.to_str()?)) else { return Err(strange) };
    let Some(name) = disk.list(folder)?.pop().and_then(|name| name.into_string().ok()) else { return Err(strange) };
    let path = folder.join(&name);
    let place = disk.look_at(&path)?;
    if place.what != What::File || place.state.size != state.size {
        return Err(CopyFault::Damaged("it is cut off"));
    }
    let key = FileKey { kind: FileName::kind_of(&name), name, state };
    Ok((key, Item { path, hash: None, on_disk: place.on_disk }))
}

fn state_of(folder: &str) -> Option<FileState> {
    let mut parts = folder.splitn(3, '-');
    let (modified_ns, size) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    parts.next().map(|_| FileState { size, modified_ns })
}

pub(super) fn read(disk: &dyn Disk, path: &Path, key: &FileKey) -> Result<Vec<u8>, CopyFault> {
    let content = read_whole(&*disk.open(path)?, MAX_FILE_BYTES + 1)?;
    if content.len() as u64 == key.state.size { Ok(content) } else { Err(CopyFault::Damaged("it is cut off")) }
}
