//! The file that a backup is.
//!
//! ```text
//! "slomix backup 1\n"
//! zstd: records, each a length (4 bytes, little-endian) and MessagePack
//!       Head, then Key…, then Rows… (a table's rows together, tables in the order of KEPT), then End
//! BLAKE3 of all bytes before it (32 bytes)
//! ```
//!
//! Contents are in it as the database holds them. Derived rows are not: they follow from the rest, whatever engine
//! and whatever version of the program made the backup.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use super::cell::Cell;

/// How the file begins; the number is the format's.
pub(super) const MAGIC: &[u8] = b"slomix backup 1\n";
/// Behind everything.
pub(super) const TRAILER: u64 = 32;
/// No record is longer; 100 contents of the largest size come to less.
const LONGEST_RECORD: usize = 1 << 30;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The version of the program that made it.
    pub program: String,
    /// When, Unix milliseconds.
    pub made_ms: i64,
    /// The newest batch in it.
    pub up_to_batch: i64,
}

/// One part of a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// `keys`, or a table's name.
    pub name: String,
    /// Rows, or key files.
    pub count: u64,
    /// BLAKE3 of its records, hexadecimal.
    pub blake3: String,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Record {
    Head(Head),
    /// A key file of the hub.
    Key {
        name: String,
        text: String,
    },
    Rows {
        table: String,
        columns: Vec<String>,
        rows: Vec<Vec<Cell>>,
    },
    End {
        parts: Vec<Part>,
    },
}

impl Record {
    /// The part that it belongs to, and how much of it is here.
    fn part(&self) -> Option<(&str, u64)> {
        match self {
            Self::Head(_) | Self::End { .. } => None,
            Self::Key { .. } => Some(("keys", 1)),
            Self::Rows { table, rows, .. } => Some((table, rows.len() as u64)),
        }
    }
}

/// Counts and hashes the parts as their records go by.
#[derive(Debug, Default)]
pub(super) struct Tally(Vec<(String, u64, blake3::Hasher)>);

impl Tally {
    fn add(&mut self, record: &Record, bytes: &[u8]) {
        let Some((name, count)) = record.part() else { return };
        if self.0.last().is_none_or(|(last, ..)| last != name) {
            self.0.push((name.to_owned(), 0, blake3::Hasher::new()));
        }
        if let Some((_, sum, hasher)) = self.0.last_mut() {
            *sum += count;
            hasher.update(bytes);
        }
    }

    pub(super) fn parts(&self) -> Vec<Part> {
        let part = |(name, count, hasher): &(String, u64, blake3::Hasher)| Part {
            name: name.clone(),
            count: *count,
            blake3: hasher.finalize().to_hex().to_string(),
        };
        self.0.iter().map(part).collect()
    }
}

/// Writes records and counts them.
pub(super) struct Records<T> {
    stream: T,
    pub(super) tally: Tally,
}

impl<T> Records<T> {
    pub(super) fn over(stream: T) -> Self {
        Self { stream, tally: Tally::default() }
    }

    pub(super) fn into_inner(self) -> T {
        self.stream
    }
}

impl<T: Write> Records<T> {
    pub(super) fn write(&mut self, record: &Record) -> io::Result<()> {
        let bytes = rmp_serde::to_vec_named(record).map_err(io::Error::other)?;
        let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
        self.stream.write_all(&length.to_le_bytes())?;
        self.stream.write_all(&bytes)?;
        self.tally.add(record, &bytes);
        Ok(())
    }
}

impl<T: Read> Records<T> {
    /// The next record; [`Record::End`] is the last.
    pub(super) fn read(&mut self) -> io::Result<Record> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length)?;
        let length = u32::from_le_bytes(length) as usize;
        if length > LONGEST_RECORD {
            return Err(io::Error::from(io::ErrorKind::InvalidData));
        }
        // What is not there is not allocated for.
        let mut bytes = Vec::new();
        (&mut self.stream).take(length as u64).read_to_end(&mut bytes)?;
        if bytes.len() < length {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        }
        let record = rmp_serde::from_slice(&bytes).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        self.tally.add(&record, &bytes);
        Ok(record)
    }
}

/// Hashes what is written through it.
pub(super) struct Hashing<T> {
    pub(super) inner: T,
    pub(super) hasher: blake3::Hasher,
    pub(super) bytes: u64,
}

impl<T> Hashing<T> {
    pub(super) fn over(inner: T) -> Self {
        Self { inner, hasher: blake3::Hasher::new(), bytes: 0 }
    }
}

impl<T: Write> Write for Hashing<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
