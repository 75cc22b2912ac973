use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;

use super::BackupError;
use super::format::{Head, MAGIC, Part, Record, Records, TRAILER};
use crate::store::Value;
use crate::store::kept::KeptTable;

/// A backup under way, beside the name that it will have. Dropped before it is whole, it is removed.
pub(super) struct PartFile {
    path: PathBuf,
    file: File,
    whole: bool,
}

impl PartFile {
    /// For this user alone. What a killed backup left is begun anew.
    pub(super) fn create(wanted: &Path) -> Result<Self, BackupError> {
        if wanted.symlink_metadata().is_ok() {
            return Err(BackupError::Exists(wanted.to_owned()));
        }
        let mut path = wanted.as_os_str().to_owned();
        path.push(".part");
        let path = PathBuf::from(path);
        let failed = |source| BackupError::File { doing: "write", path: path.clone(), source };
        let options = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).clone();
        let file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(BackupError::UnderWay(wanted.to_owned())),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        file.set_len(0).map_err(failed)?;
        Ok(Self { path, file, whole: false })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Gives it its name, durably and only if nothing has that name meanwhile.
    pub(super) fn finish(mut self, wanted: &Path) -> Result<(), BackupError> {
        let failed = |source: io::Error| match source.kind() {
            io::ErrorKind::AlreadyExists => BackupError::Exists(wanted.to_owned()),
            _ => BackupError::File { doing: "write", path: wanted.to_owned(), source },
        };
        self.file.sync_all().map_err(failed)?;
        match fs::hard_link(&self.path, wanted) {
            // Left for the drop to take away.
            Ok(()) => {}
            // Not every file system has second names.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                fs::rename(&self.path, wanted).map_err(failed)?;
                self.whole = true;
            }
            Err(error) => return Err(failed(error)),
        }
        let folder = wanted.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.whole {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// What a whole backup holds.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Contents {
    /// What it says of itself.
    #[serde(flatten)]
    pub head: Head,
    /// Its parts, each as it was written.
    pub parts: Vec<Part>,
}

/// One piece of a backup, as it is put back.
pub(in super::super) enum Piece {
    /// A key file: its name and what it holds.
    Key(String, String),
    /// Rows of a table, with the columns that they have.
    Rows(&'static KeptTable, Vec<&'static str>, Vec<Vec<Value>>),
}

/// Reads a backup from end to end: that every byte is what was written, and that this program knows all of it.
pub fn check(path: &Path) -> Result<Contents, BackupError> {
    check_hash(path)?;
    let mut pieces = Pieces::open(path)?;
    while pieces.next()?.is_some() {}
    pieces.contents()
}

/// What tells a backup from all others: the hash at its end, in hexadecimal digits.
pub fn identity(path: &Path) -> Result<String, BackupError> {
    let failed = |source| unreadable(path, source);
    let mut file = File::open(path).map_err(failed)?;
    let whole = file.metadata().map_err(failed)?.len();
    file.seek(SeekFrom::Start(whole.saturating_sub(TRAILER))).map_err(failed)?;
    let mut trailer = Vec::new();
    file.read_to_end(&mut trailer).map_err(failed)?;
    Ok(HEXLOWER.encode(&trailer))
}

fn unsound(path: &Path, what: impl Into<String>) -> BackupError {
    BackupError::Unsound { path: path.to_owned(), what: what.into() }
}

fn unreadable(path: &Path, source: io::Error) -> BackupError {
    BackupError::File { doing: "read", path: path.to_owned(), source }
}

fn check_hash(path: &Path) -> Result<(), BackupError> {
    let failed = |source| unreadable(path, source);
    let mut file = File::open(path).map_err(failed)?;
    let mut magic = Vec::new();
    (&mut file).take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(failed)?;
    if magic != MAGIC {
        let (family, _) = MAGIC.split_at(b"slomix backup ".len());
        return Err(match magic.strip_prefix(family) {
            Some(version) if magic.len() == MAGIC.len() => BackupError::Newer {
                path: path.to_owned(),
                what: format!("format {}", String::from_utf8_lossy(version).trim()),
            },
            _ => BackupError::NotOne(path.to_owned()),
        });
    }
    let whole = file.metadata().map_err(failed)?.len();
    let Some(covered) = whole.checked_sub(TRAILER).filter(|covered| *covered > MAGIC.len() as u64) else {
        return Err(unsound(path, "it ends too early"));
    };
    file.seek(SeekFrom::Start(0)).map_err(failed)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader((&mut file).take(covered)).map_err(failed)?;
    let mut trailer = Vec::new();
    file.read_to_end(&mut trailer).map_err(failed)?;
    if hasher.finalize().as_bytes()[..] != trailer[..] {
        return Err(unsound(path, "its hash is another one"));
    }
    Ok(())
}

type Stream = zstd::Decoder<'static, BufReader<io::Take<File>>>;

/// Gives a backup's pieces in order. That it is whole is known when it ends well.
pub(in super::super) struct Pieces<'a> {
    path: &'a Path,
    records: Records<Stream>,
    head: Head,
    parts: Option<Vec<Part>>,
}

impl<'a> Pieces<'a> {
    pub(in super::super) fn open(path: &'a Path) -> Result<Self, BackupError> {
        let failed = |source| unreadable(path, source);
        let mut file = File::open(path).map_err(failed)?;
        let whole = file.metadata().map_err(failed)?.len();
        let start = MAGIC.len() as u64;
        file.seek(SeekFrom::Start(start)).map_err(failed)?;
        let stream = file.take(whole.saturating_sub(TRAILER + start));
        let mut records = Records::over(zstd::Decoder::new(stream).map_err(failed)?);
        match records.read() {
            Ok(Record::Head(head)) => Ok(Self { path, records, head, parts: None }),
            _ => Err(unsound(path, "it does not begin with its head")),
        }
    }

    /// The next piece; none behind the last.
    pub(in super::super) fn next(&mut self) -> Result<Option<Piece>, BackupError> {
        let record = self.records.read().map_err(|source| match source.kind() {
            io::ErrorKind::InvalidData => unsound(self.path, "a record cannot be read"),
            io::ErrorKind::UnexpectedEof => unsound(self.path, "it ends too early"),
            _ => unsound(self.path, source.to_string()),
        })?;
        match record {
            Record::Head(_) => Err(unsound(self.path, "it has two heads")),
            Record::Key { name, text } => Ok(Some(Piece::Key(name, text))),
            Record::Rows { table, columns, rows } => self.rows(&table, &columns, rows).map(Some),
            Record::End { parts } if parts == self.records.tally.parts() => {
                self.parts = Some(parts);
                Ok(None)
            }
            Record::End { .. } => Err(unsound(self.path, "its parts are not what its end says")),
        }
    }

    fn rows(&self, table: &str, columns: &[String], rows: Vec<Vec<super::cell::Cell>>) -> Result<Piece, BackupError> {
        let newer = |what: String| BackupError::Newer { path: self.path.to_owned(), what };
        let known = KeptTable::named(table).ok_or_else(|| newer(format!("it has a table {table}")))?;
        let mut named = Vec::with_capacity(columns.len());
        for column in columns {
            let found = known.columns.iter().copied().find(|name| name == column);
            named.push(found.ok_or_else(|| newer(format!("its table {table} has a column {column}")))?);
        }
        if rows.iter().any(|row| row.len() != named.len()) {
            return Err(unsound(self.path, format!("a row of {table} has another length")));
        }
        let rows = rows.into_iter().map(|row| row.into_iter().map(|cell| cell.0).collect()).collect();
        Ok(Piece::Rows(known, named, rows))
    }

    /// What was in it, once every piece was given.
    pub(in super::super) fn contents(self) -> Result<Contents, BackupError> {
        let parts = self.parts.ok_or_else(|| unsound(self.path, "it has no end"))?;
        Ok(Contents { head: self.head, parts })
    }
}
