//! A backup on the hub's own disk, of which the newest few are kept.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::link::HubKeys;
use crate::pipeline::backup::{BackupError, backup};
use crate::reports::ReportError;
use crate::reports::answer::Answer;
use crate::reports::words::size;
use crate::store::Store;

use super::said;

/// Backups that are kept; the oldest goes when there are more.
const KEPT: usize = 7;

/// Backs the hub up beneath its data directory.
pub(super) async fn answer(store: &Store, data: &Path, now_ms: i64) -> Result<Answer, ReportError> {
    let failed = |error: BackupError| match error {
        BackupError::UnderWay(_) => ReportError::Nothing("A backup is being made already.".to_owned()),
        // Its name is the millisecond in which it was begun.
        BackupError::Exists(_) => ReportError::Nothing("A backup was made just now.".to_owned()),
        error => ReportError::Failed(Box::new(error)),
    };
    let folder = data.join("backups");
    private_folder(&folder).map_err(|error| ReportError::Failed(Box::new(error)))?;
    let stamp = Timestamp::from_millisecond(now_ms).unwrap_or_default().strftime("%Y-%m-%d-%H%M%S%.3f");
    let file = folder.join(format!("slomix-{stamp}.backup"));
    let keys = HubKeys::read_files(data).map_err(|error| ReportError::Failed(Box::new(error)))?;
    let made = backup(store, keys, &file, now_ms, |_| ()).await.map_err(failed)?;
    let dropped = drop_oldest(&folder).map_err(|error| ReportError::Failed(Box::new(error)))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut lines = vec![format!("backups/{name}, {}", size(made.bytes))];
    if !made.damaged.is_empty() {
        lines.push(format!("{} of its files are damaged: slomix-hub verify names them", made.damaged.len()));
    }
    if dropped > 0 {
        lines.push(format!("The newest {KEPT} are kept; {dropped} older went."));
    }
    lines.push("It lies on the hub's own disk: copy it elsewhere. It holds the hub's keys.".to_owned());
    Ok(said("Backed up", lines))
}

/// A folder that only the hub's user can look into.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    match std::fs::DirBuilder::new().mode(0o700).create(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Removes all but the newest backups that this made; the answer is how many.
fn drop_oldest(folder: &Path) -> std::io::Result<usize> {
    let mut ours: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("slomix-") && name.ends_with(".backup") {
            ours.push(path);
        }
    }
    // Their names sort as they were made.
    ours.sort();
    let spare = ours.len().saturating_sub(KEPT);
    for path in &ours[..spare] {
        std::fs::remove_file(path)?;
    }
    Ok(spare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_kept_and_strange_files_too() {
        let folder = tempfile::tempdir().unwrap();
        for day in 1..=9 {
            std::fs::write(folder.path().join(format!("slomix-2026-11-0{day}-200000.backup")), "x").unwrap();
        }
        std::fs::write(folder.path().join("mine.backup"), "x").unwrap();
        assert_eq!(drop_oldest(folder.path()).unwrap(), 2);
        assert!(!folder.path().join("slomix-2026-11-02-200000.backup").exists());
        assert!(folder.path().join("slomix-2026-11-03-200000.backup").exists());
        assert!(folder.path().join("mine.backup").exists());
        assert_eq!(drop_oldest(folder.path()).unwrap(), 0);
    }
}
