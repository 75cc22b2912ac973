//! Makes a database of a backup: what was kept and decided is put back as it was, the rest is derived from it.

use std::path::Path;

use crate::store::{Durability, Store, StoreError};

use super::backup::{BackupError, Contents, Piece, Pieces};

/// Why a backup could not be put back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The backup cannot be used.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something is there already.
    #[error("the database holds something already: a backup is only put into an empty one")]
    NotEmpty,
}

/// What was put back.
#[derive(Debug)]
pub struct Filled {
    /// What the backup holds.
    pub contents: Contents,
    /// The hub's key files, by name. Secret.
    pub keys: Vec<(String, String)>,
}

/// Puts a backup into a database that holds nothing, in one transaction. Every artifact waits to be derived then.
/// Check the backup first. `progress` gets the number of artifacts done.
pub async fn fill(store: &Store, path: &Path, mut progress: impl FnMut(usize)) -> Result<Filled, RestoreError> {
    if !store.is_unused().await? {
        return Err(RestoreError::NotEmpty);
    }
    let mut pieces = Pieces::open(path)?;
    let mut keys = Vec::new();
    let mut artifacts = 0;
    let mut tx = store.begin(Durability::Full).await?;
    while let Some(piece) = pieces.next()? {
        match piece {
            Piece::Key(name, text) => keys.push((name, text)),
            Piece::Rows(table, columns, rows) => {
                let count = rows.len();
                tx.put_kept(table, &columns, &rows).await?;
                if table.name == "artifact" {
                    artifacts += count;
                    progress(artifacts);
                }
            }
        }
    }
    tx.queue_all().await?;
    let contents = pieces.contents()?;
    tx.commit().await?;
    Ok(Filled { contents, keys })
}
