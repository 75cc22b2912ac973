//! Files from directories into the archive, in short chunks, resumable and safe to run twice.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use slomix_shared::artifact::MAX_FILE_BYTES;
use tokio::task::JoinHandle;

use crate::archive::{Archive, ArchiveError, Delivery};
use crate::store::archive::{Arrival, Envelope};

/// Files in one delivery.
const CHUNK: usize = 200;

/// Why an import stopped.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The archive could not keep a chunk.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What an import brought in.
#[derive(Debug, Clone, Default)]
pub struct Imported {
    /// Files kept for the first time.
    pub new: usize,
    /// Files that the archive held already.
    pub known: usize,
    /// The ids under which the files are kept, new and known.
    pub artifacts: Vec<i64>,
    /// Files over the size limit, left where they are.
    pub too_large: Vec<String>,
    /// Files that could not be read, with the reason.
    pub unreadable: Vec<String>,
}

/// What lies under some paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// All regular files, by name; hidden ones and what lies in hidden directories are left out. A link is followed
    /// only where it was given as a path.
    pub files: Vec<PathBuf>,
    /// Files and directories that could not be read, with the reason.
    pub unreadable: Vec<String>,
    /// Links in directories, pipes, sockets and devices: what is no file of its own.
    pub irregular: Vec<String>,
    /// Paths that were given and are not there.
    pub missing: Vec<String>,
}

/// Looks for files under the paths. What is not there or cannot be read is told, and keeps nothing else out.
pub fn collect(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    let is_missing =
        |path: &Path| std::fs::metadata(path).is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    let (missing, mut open): (Vec<PathBuf>, Vec<PathBuf>) = paths.iter().cloned().partition(|path| is_missing(path));
    found.missing = missing.iter().map(|path| path.display().to_string()).collect();
    while let Some(path) = open.pop() {
        if let Err(error) = look(&path, &mut open, &mut found) {
            found.unreadable.push(format!("{}: {error}", path.display()));
        }
    }
    found.files.sort_by(|a, b| (a.file_name(), a).cmp(&(b.file_name(), b)));
    found.unreadable.sort();
    found.irregular.sort();
    found
}

/// Notes what `path` is; what lies in it, if it is a directory, is put on the list of what is to be looked at.
fn look(path: &Path, open: &mut Vec<PathBuf>, found: &mut Found) -> std::io::Result<()> {
    let meta = std::fs::metadata(path)?;
    if meta.is_file() {
        found.files.push(path.to_owned());
    } else if !meta.is_dir() {
        found.irregular.push(path.display().to_string());
    } else {
        for entry in std::fs::read_dir(path)? {
            let entry = entry?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            // Followed, a link could lead in a circle, or to files that are imported already.
            if entry.file_type()?.is_symlink() {
                found.irregular.push(entry.path().display().to_string());
            } else {
                open.push(entry.path());
            }
        }
    }
    Ok(())
}

/// Signs what an import made, so that it can be told from an agent's batch and verified later.
pub trait Sign {
    /// A signature over `head`.
    fn sign(&self, head: &[u8]) -> Vec<u8>;
}

/// Keeps the files for a server. `progress` gets (files done, the file now).
pub async fn import(
    archive: &Archive,
    server: &str,
    files: &[PathBuf],
    signer: &dyn Sign,
    now_ms: impl Fn() -> i64,
    mut progress: impl FnMut(usize, &Path),
) -> Result<Imported, ImportError> {
    let mut imported = Imported::default();
    let boot = format!("import-{}", now_ms());
    let mut under_way = None;
    let mut done = 0;
    for (sequence, chunk) in files.chunks(CHUNK).enumerate() {
        let mut arrivals = Vec::with_capacity(chunk.len());
        for path in chunk {
            match read(path) {
                Ok(Some(arrival)) => arrivals.push(arrival),
                Ok(None) => imported.too_large.push(path.display().to_string()),
                Err(error) => imported.unreadable.push(format!("{}: {error}", path.display())),
            }
        }
        imported.artifacts.extend(arrivals.iter().map(|arrival| arrival.artifact_id(server)));
        let head = manifest(server, &arrivals);
        let signature = signer.sign(&head);
        let envelope = Envelope { head, signature, ..Envelope::import(&boot, sequence as i64 + 1, now_ms()) };
        let delivery = Delivery { server: server.to_owned(), envelope, arrivals };
        let archive = archive.clone();
        let keeping = tokio::spawn(async move { archive.receive(delivery).await });
        // While this chunk is packed and kept, the next one is read.
        if let Some(before) = under_way.replace((keeping, chunk)) {
            done += settle(before, &mut imported, done, &mut progress).await?;
        }
    }
    if let Some(last) = under_way {
        settle(last, &mut imported, done, &mut progress).await?;
    }
    Ok(imported)
}

/// Waits until a chunk is kept and counts it; the answer is how many files it had.
async fn settle(
    (keeping, chunk): (JoinHandle<Result<Vec<bool>, ArchiveError>>, &[PathBuf]),
    imported: &mut Imported,
    done: usize,
    progress: &mut impl FnMut(usize, &Path),
) -> Result<usize, ImportError> {
    let kept = keeping.await.map_err(|_| ArchiveError::Stopping)??;
    let new = kept.iter().filter(|new| **new).count();
    imported.new += new;
    imported.known += kept.len() - new;
    if let Some(last) = chunk.last() {
        progress(done + chunk.len(), last);
    }
    Ok(chunk.len())
}

/// A file as an arrival; none if it is over the size limit.
pub fn read(path: &Path) -> Result<Option<Arrival>, std::io::Error> {
    let meta = std::fs::metadata(path)?;
    if meta.len() > MAX_FILE_BYTES as u64 {
        return Ok(None);
    }
    let content = std::fs::read(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let modified = meta.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    Ok(Some(Arrival::of_file(&name, content, modified.as_millis() as i64)))
}

/// What the hub signs for an import: a line per file.
pub fn manifest(server: &str, arrivals: &[Arrival]) -> Vec<u8> {
    let mut text = format!("slomix import for {server}\n");
    for arrival in arrivals {
        // Writing into a text cannot fail.
        let _ = writeln!(text, "{} {} {}", arrival.hash, arrival.content.len(), arrival.name);
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_is_no_file_of_its_own_is_named_and_a_link_that_is_given_is_followed() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        std::fs::create_dir(at("stats")).unwrap();
        std::fs::write(at("stats/a.txt"), "a").unwrap();
        std::fs::write(at("beside.txt"), "b").unwrap();
        symlink(at("beside.txt"), at("stats/link.txt")).unwrap();
        symlink(at("nowhere"), at("stats/dangling.txt")).unwrap();
        symlink(at("stats"), at("stats/circle")).unwrap();
        symlink(at("nowhere"), at("stats/.hidden")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("stats/socket.txt")).unwrap();
        symlink(at("beside.txt"), at("given.txt")).unwrap();

        let found = collect(&[at("stats"), at("given.txt"), at("stats/dangling.txt")]);
        assert_eq!(found.files, [at("stats/a.txt"), at("given.txt")]);
        let named = ["circle", "dangling.txt", "link.txt", "socket.txt"];
        assert_eq!(found.irregular, named.map(|name| at("stats").join(name).display().to_string()));
        assert_eq!(found.missing, [at("stats/dangling.txt").display().to_string()]);
        assert!(found.unreadable.is_empty(), "{found:?}");
    }
}
