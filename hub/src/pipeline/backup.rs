//! One file with everything that cannot be made again: what is kept, what is decided, and the keys.
//!
//! It is read beside a hub that serves, in short statements, so that nothing waits for it. What a backup holds ends
//! with one batch: batches, artifacts and receipts are only ever added, so what belongs to the batches up to that
//! one is the same whenever it is read. Decisions and posts are as they are when their turn comes.

mod cell;
mod file;
mod format;

pub use file::{Contents, check, identity};
pub(super) use file::{Piece, Pieces};
pub use format::{Head, Part};

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use self::cell::Cell;
use self::file::PartFile;
use self::format::{Hashing, MAGIC, Record, Records};
use crate::store::damage::damage_in;
use crate::store::kept::KEPT;
use crate::store::{Store, StoreError, Value};

/// Why there is no backup, or it cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// Nothing is written over.
    #[error("{path} is there already: a backup is never written over, so take another name", path = .0.display())]
    Exists(PathBuf),
    /// Two at once.
    #[error("another slomix-hub is writing {path}", path = .0.display())]
    UnderWay(PathBuf),
    /// A file cannot be written or read.
    #[error("cannot {doing} {path} ({source})", path = .path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It is something else.
    #[error("{path} is no backup of a slomix-hub", path = .0.display())]
    NotOne(PathBuf),
    /// The format or a table of it is unknown here.
    #[error("{path} was made by a newer slomix-hub ({what}): restore it with that", path = .path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// What is unknown.
        what: String,
    },
    /// It is not what was written.
    #[error("{path} is cut off or was altered ({what}): take another copy; nothing was touched", path = .path.display())]
    Unsound {
        /// The file.
        path: PathBuf,
        /// How that shows.
        what: String,
    },
}

/// What a backup came to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BackedUp {
    /// The file.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// What it says of itself.
    #[serde(flatten)]
    pub head: Head,
    /// What is in it.
    pub parts: Vec<Part>,
    /// Artifacts of which something is not what arrived, by name. They are in the backup as they are.
    pub damaged: Vec<String>,
}

/// Writes a backup. `keys` are the hub's key files. `progress` gets the number of artifacts done. The file appears
/// under its name when it is whole; until then it is called `….part`.
pub async fn backup(
    store: &Store,
    keys: Vec<(String, String)>,
    path: &Path,
    made_ms: i64,
    mut progress: impl FnMut(usize),
) -> Result<BackedUp, BackupError> {
    let part = PartFile::create(path)?;
    let failed = |source| BackupError::File { doing: "write", path: part.path().to_owned(), source };
    let head =
        Head { program: env!("CARGO_PKG_VERSION").to_owned(), made_ms, up_to_batch: store.newest_batch().await? };
    let mut records = begin(part.file()).map_err(failed)?;
    records.write(&Record::Head(head.clone())).map_err(failed)?;
    for (name, text) in keys {
        records.write(&Record::Key { name, text }).map_err(failed)?;
    }
    let mut damaged = Vec::new();
    let mut artifacts = 0;
    for table in &KEPT {
        let mut behind: Option<Vec<Value>> = None;
        loop {
            let rows = store.kept_rows(table, head.up_to_batch, behind.as_deref()).await?;
            let Some(last) = rows.last() else { break };
            behind = Some(table.key_of(last).to_vec());
            if table.name == "artifact" {
                damaged.extend(rows.iter().filter_map(|row| damage_in(table.columns, row)).map(|row| row.name));
                artifacts += rows.len();
                progress(artifacts);
            }
            let rows = rows.into_iter().map(|row| row.into_iter().map(Cell).collect()).collect();
            let columns = table.columns.iter().map(|&column| column.to_owned()).collect();
            records.write(&Record::Rows { table: table.name.to_owned(), columns, rows }).map_err(failed)?;
        }
    }
    let parts = records.tally.parts();
    records.write(&Record::End { parts: parts.clone() }).map_err(failed)?;
    let bytes = end(records).map_err(failed)?;
    part.finish(path)?;
    Ok(BackedUp { file: path.to_owned(), bytes, head, parts, damaged })
}

type Stream<'a> = zstd::Encoder<'static, Hashing<BufWriter<&'a File>>>;

fn begin(file: &File) -> io::Result<Records<Stream<'_>>> {
    let mut hashing = Hashing::over(BufWriter::new(file));
    hashing.write_all(MAGIC)?;
    Ok(Records::over(zstd::Encoder::new(hashing, 3)?))
}

/// Writes what is left and the hash; the answer is the file's size.
fn end(records: Records<Stream<'_>>) -> io::Result<u64> {
    let mut hashing = records.into_inner().finish()?;
    let hash = hashing.hasher.finalize();
    hashing.write_all(hash.as_bytes())?;
    hashing.flush()?;
    Ok(hashing.bytes)
}
