//! One safe copy as it lies in the spool.
//!
//! The file is called `<modified time, 16 hex digits>-<size>-<name>`, the time in nanoseconds as two's complement; a name
//! that does not fit is replaced by `~` and the first digits of its hash. In it: magic and version (8 bytes), length of
//! the header (u32, little endian), CRC-32 of the header (u32, little endian), the header (`MessagePack` with named
//! fields), the content. The content is packed with zstd where that takes fewer blocks of the disk; its hash tells whether
//! it is still what was put there.

use std::io;
use std::path::Path;

use serde::{Deserialize, Serialize};
use slomix_shared::artifact::{ContentHash, FileName, MAX_FILE_BYTES};

use super::super::FileKey;
use super::super::disk::{Disk, DiskFile, read_whole};
use crate::watch::FileState;

const MAGIC: &[u8; 8] = b"SLXCOPY\x01";
/// Magic, length and checksum.
const PREFIX: usize = 16;
/// A header is never longer: it is a name and some numbers.
const LONGEST_HEADER: usize = 1024;
/// File names have at most 255 bytes; some are left for what is put before.
const LONGEST_NAME: usize = 230;
/// What file systems give out at least.
const BLOCK: usize = 4096;
/// Telemetry becomes a tenth smaller than at the usual 3, for half as much time more; beyond this little is gained.
const LEVEL: i32 = 6;

#[derive(Debug, Serialize, Deserialize)]
struct Header {
    name: String,
    size: u64,
    modified_ns: i64,
    hash: ContentHash,
    packed: bool,
    body: u64,
}

/// What a copy says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct About {
    pub(super) key: FileKey,
    pub(super) hash: ContentHash,
}

/// Why a copy cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum CopyFault {
    /// Somebody has removed it.
    #[error("it was removed from the spool")]
    Gone,
    /// It is not what was put there, and never will be.
    #[error("{0}")]
    Damaged(&'static str),
    /// It cannot be read now.
    #[error(transparent)]
    Io(io::Error),
}

impl From<io::Error> for CopyFault {
    fn from(problem: io::Error) -> Self {
        if problem.kind() == io::ErrorKind::NotFound { Self::Gone } else { Self::Io(problem) }
    }
}

/// Head and body of a copy.
pub(super) fn pack(key: &FileKey, content: Vec<u8>) -> io::Result<(Vec<u8>, Vec<u8>)> {
    let hash = ContentHash::of(&content);
    let size = content.len() as u64;
    let blocks = |bytes: usize| (PREFIX + bytes + key.name.len() + 128).div_ceil(BLOCK);
    let packed = zstd::bulk::compress(&content, LEVEL)?;
    let is_packed = blocks(packed.len()) < blocks(content.len());
    let body = if is_packed { packed } else { content };
    let header = Header {
        name: key.name.clone(),
        size,
        modified_ns: key.state.modified_ns,
        hash,
        packed: is_packed,
        body: body.len() as u64,
    };
    let header = rmp_serde::to_vec_named(&header).map_err(io::Error::other)?;
    let mut head = MAGIC.to_vec();
    head.extend((header.len() as u32).to_le_bytes());
    head.extend(crc32fast::hash(&header).to_le_bytes());
    head.extend(header);
    Ok((head, body))
}

/// The name under which a copy lies in the spool.
pub(super) fn file_name(key: &FileKey) -> String {
    let prefix = format!("{:016x}-{}-", key.state.modified_ns as u64, key.state.size);
    if prefix.len() + key.name.len() <= LONGEST_NAME && !key.name.contains('\u{fffd}') {
        return format!("{prefix}{}", key.name);
    }
    format!("{prefix}~{}", ContentHash::of(key.name.as_bytes()).short())
}

/// Whose copy a file is by its name alone; nothing where that does not say.
pub(crate) fn key_of(file_name: &str) -> Option<FileKey> {
    let (modified, rest) = file_name.split_once('-')?;
    let (size, name) = rest.split_once('-')?;
    if modified.len() != 16 || name.is_empty() || name.starts_with('~') {
        return None;
    }
    let modified_ns = u64::from_str_radix(modified, 16).ok()? as i64;
    let state = FileState { size: size.parse().ok()?, modified_ns };
    Some(FileKey { kind: FileName::kind_of(name), name: name.to_owned(), state })
}

/// What a copy says of itself, without reading its content.
pub(super) fn look_into(disk: &dyn Disk, path: &Path) -> Result<About, CopyFault> {
    let file = disk.open(path)?;
    let (header, start) = header(&*file)?;
    if file.look()?.state.size != start as u64 + header.body {
        return Err(CopyFault::Damaged("it is cut off"));
    }
    Ok(header.about())
}

/// The content of the copy of `key`, which is what was put there.
pub(super) fn read(disk: &dyn Disk, path: &Path, key: &FileKey) -> Result<Vec<u8>, CopyFault> {
    let file = disk.open(path)?;
    let bytes = read_whole(&*file, PREFIX + LONGEST_HEADER + MAX_FILE_BYTES + BLOCK)?;
    let (header, start) = parse(&bytes)?;
    if header.about().key != *key {
        return Err(CopyFault::Damaged("it is of another file"));
    }
    let body = bytes.get(start..).filter(|body| body.len() as u64 == header.body);
    let body = body.ok_or(CopyFault::Damaged("it is cut off"))?;
    let most = usize::try_from(header.size).unwrap_or(usize::MAX).min(MAX_FILE_BYTES);
    let content = if header.packed { zstd::bulk::decompress(body, most).ok() } else { Some(body.to_vec()) };
    let content = content.filter(|content| ContentHash::of(content) == header.hash);
    content.ok_or(CopyFault::Damaged("its content is not what was put there"))
}

fn header(file: &dyn DiskFile) -> Result<(Header, usize), CopyFault> {
    parse(&read_whole(file, PREFIX + LONGEST_HEADER)?)
}

fn parse(bytes: &[u8]) -> Result<(Header, usize), CopyFault> {
    let damaged = CopyFault::Damaged("its head is not what was put there");
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let (Some(length), Some(checksum), true) = (word(8), word(12), bytes.starts_with(MAGIC)) else {
        return Err(damaged);
    };
    let end = PREFIX.saturating_add(length as usize);
    let Some(header) = bytes.get(PREFIX..end).filter(|header| crc32fast::hash(header) == checksum) else {
        return Err(damaged);
    };
    rmp_serde::from_slice(header).map(|header| (header, end)).map_err(|_| damaged)
}

impl Header {
    fn about(&self) -> About {
        let state = FileState { size: self.size, modified_ns: self.modified_ns };
        let key = FileKey { kind: FileName::kind_of(&self.name), name: self.name.clone(), state };
        About { key, hash: self.hash }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, size: u64) -> FileKey {
        let state = FileState { size, modified_ns: -1 };
        FileKey { kind: FileName::kind_of(name), name: name.to_owned(), state }
    }

    #[test]
    fn a_name_tells_whose_copy_it_is_if_it_fits() {
        let short = key("2026-11-09-195037-supply-round-1.txt", 7);
        assert_eq!(file_name(&short), "ffffffffffffffff-7-2026-11-09-195037-supply-round-1.txt");
        assert_eq!(key_of(&file_name(&short)), Some(short));
        let long = file_name(&key(&"x".repeat(255), 7));
        assert!(long.len() < 40 && key_of(&long).is_none(), "{long}");
        for odd in ["", "x", "ffffffffffffffff-7-", "ff-7-x", "ffffffffffffffff-x-x", "zfffffffffffffff-7-x"] {
            assert_eq!(key_of(odd), None, "{odd}");
        }
    }

    #[test]
    fn content_is_packed_where_that_saves_a_block() {
        let packed = |content: Vec<u8>| {
            let (head, body) = pack(&key("a", content.len() as u64), content).unwrap();
            parse(&[head, body].concat()).unwrap().0.packed
        };
        assert!(packed(b"0123456789".repeat(1000)));
        assert!(!packed(b"0123456789".repeat(100)), "it takes a block anyway");
        assert!(!packed(Vec::new()));
    }
}
