//! One entry of the ledger file.
//!
//! On disk: length of the payload (u32, little endian), CRC-32 of the payload (u32, little endian), payload
//! (`MessagePack` with named fields, so that an entry may gain fields).

use serde::{Deserialize, Serialize};
use slomix_shared::artifact::{ContentHash, Kind};
use slomix_shared::wire::BatchMark;

use super::FileKey;
use crate::watch::FileState;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The hub has it.
    Received,
    /// The hub had it already.
    Duplicate,
    /// The hub will not have it, for this reason.
    Refused(String),
    /// It was gone before it could be sent, for this reason. The file is not known by this: should it come back, it
    /// travels.
    Lost(String),
    /// The same, and the hub knows of it.
    Told(String),
    /// It waits in its own directory alone: it has no safe copy, for this reason.
    Bare(String),
    /// What was remembered of it is taken back.
    Forgotten,
}

impl Outcome {
    /// Whether the hub has the file for good.
    pub fn is_durable(&self) -> bool {
        matches!(self, Self::Received | Self::Duplicate)
    }

    /// Whether the file needs nothing more. What was lost does, should it come back.
    pub fn settles(&self) -> bool {
        matches!(self, Self::Received | Self::Duplicate | Self::Refused(_))
    }

    /// Why the file is lost, if it is.
    pub fn lost(&self) -> Option<&str> {
        match self {
            Self::Lost(why) | Self::Told(why) => Some(why),
            _ => None,
        }
    }

    /// In a word, for logs and status.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Duplicate => "duplicate",
            Self::Refused(_) => "refused",
            Self::Lost(_) | Self::Told(_) => "lost",
            Self::Bare(_) => "uncopied",
            Self::Forgotten => "forgotten",
        }
    }
}

/// What is remembered of one version of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Told by the name.
    pub kind: Kind,
    /// Bare name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Modified time, nanoseconds since 1970.
    pub modified_ns: i64,
    /// Of the content; none where it was never read.
    pub hash: Option<ContentHash>,
    /// What became of it.
    pub outcome: Outcome,
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// A batch that the hub acknowledged. It stands in a record of no file, which an agent that does not know of this
    /// passes over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<BatchMark>,
}

impl Record {
    /// Of a batch that the hub has acknowledged, and of no file.
    pub fn of_batch(batch: BatchMark, at_ms: i64) -> Self {
        Self {
            kind: Kind::Unrecognised,
            name: String::new(),
            size: 0,
            modified_ns: 0,
            hash: None,
            outcome: Outcome::Forgotten,
            at_ms,
            batch: Some(batch),
        }
    }

    /// The version that this is about.
    pub fn key(&self) -> FileKey {
        FileKey {
            kind: self.kind,
            name: self.name.clone(),
            state: FileState { size: self.size, modified_ns: self.modified_ns },
        }
    }
}

/// Length and checksum before a payload. Bytes.
pub(super) const PREFIX: usize = 8;
/// A payload is never longer: names and reasons are bounded.
const LONGEST: usize = 16 * 1024;

/// A record as it stands in the file. None where it is longer than any record may be.
pub(super) fn encode(record: &Record) -> Option<Vec<u8>> {
    let payload = rmp_serde::to_vec_named(record).ok().filter(|payload| payload.len() <= LONGEST)?;
    let mut bytes = Vec::with_capacity(PREFIX + payload.len());
    bytes.extend((payload.len() as u32).to_le_bytes());
    bytes.extend(crc32fast::hash(&payload).to_le_bytes());
    bytes.extend(payload);
    Some(bytes)
}

/// What stands at the start of some bytes of the ledger.
#[derive(Debug, PartialEq)]
pub enum Decoded {
    /// A record and its length in the file.
    Good(Box<Record>, usize),
    /// As many bytes as a record says to have, but not what was written.
    Damaged(usize),
    /// Less than a record.
    Torn,
}

/// Reads what stands at the start of `bytes`.
pub fn decode(bytes: &[u8]) -> Decoded {
    let word = |at: usize| bytes.get(at..at + 4).and_then(|word| word.try_into().ok()).map(u32::from_le_bytes);
    let (Some(length), Some(checksum)) = (word(0), word(4)) else { return Decoded::Torn };
    let length = length as usize;
    if length > LONGEST {
        return Decoded::Torn;
    }
    let Some(payload) = bytes.get(PREFIX..PREFIX + length) else { return Decoded::Torn };
    if crc32fast::hash(payload) != checksum {
        return Decoded::Damaged(PREFIX + length);
    }
    match rmp_serde::from_slice(payload) {
        Ok(record) => Decoded::Good(Box::new(record), PREFIX + length),
        Err(_) => Decoded::Damaged(PREFIX + length),
    }
}

#[cfg(test)]
pub(super) fn sample(name: &str, outcome: Outcome) -> Record {
    Record {
        kind: slomix_shared::artifact::FileName::kind_of(name),
        name: name.to_owned(),
        size: 7_800,
        modified_ns: 1_800_000_000_123_456_789,
        hash: Some(ContentHash::of(name.as_bytes())),
        outcome,
        at_ms: 1_800_000_000_200,
        batch: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_read_back_and_damage_is_seen() {
        for outcome in [Outcome::Received, Outcome::Refused("size".to_owned()), Outcome::Lost("gone".to_owned())] {
            let record = sample("2026-11-09-195037-supply-round-1.txt", outcome);
            let bytes = encode(&record).unwrap();
            assert_eq!(decode(&bytes), Decoded::Good(Box::new(record), bytes.len()));
            for cut in 0..bytes.len() {
                assert_eq!(decode(&bytes[..cut]), Decoded::Torn, "cut at {cut}");
            }
            let mut flipped = bytes.clone();
            *flipped.last_mut().unwrap() ^= 1;
            assert_eq!(decode(&flipped), Decoded::Damaged(bytes.len()));
        }
    }

    #[test]
    fn fields_go_by_name_so_that_a_later_agent_may_add_some() {
        #[derive(Serialize)]
        struct Later {
            added: u8,
            #[serde(flatten)]
            record: Record,
        }
        let record = sample("2026-11-09-195037-supply-round-1.txt", Outcome::Received);
        let payload = rmp_serde::to_vec_named(&Later { added: 1, record: record.clone() }).unwrap();
        let bytes =
            [&(payload.len() as u32).to_le_bytes(), &crc32fast::hash(&payload).to_le_bytes(), payload.as_slice()];
        let bytes = bytes.concat();
        assert_eq!(decode(&bytes), Decoded::Good(Box::new(record), bytes.len()));
    }
}
