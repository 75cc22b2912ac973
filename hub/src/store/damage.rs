//! What a fault of the disk, or somebody's hand, changed in the row of an artifact.
//!
//! A row vouches for itself: its id follows from the server, the kind, the name and the hash, the hash and the size
//! from the content, the stamp from the name. One that does not is set aside by name, and the others go on.

use std::fmt;

use slomix_shared::artifact::ContentHash;

use crate::domain::ids::is_id_of_artifact;
use crate::values;

use super::Store;
use super::archive::{ArtifactHead, HEAD_COLUMNS, NUMBERED, stamp_of, unpack};
use super::sql::{Row, StoreError, Value};

/// Rows read at a time.
const AT_ONCE: i64 = 1_000;
/// No frame's header has more bytes.
const FRAME_HEADER: i64 = 18;

/// What of a row is not what was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Damage {
    /// The id does not follow from what names the file, and it cannot be told which of them is wrong.
    Name,
    /// The content has another hash, and with that one the id would follow.
    Hash,
    /// The stamp or the round's number is not the name's.
    Stamp,
    /// The content has another size.
    Size,
    /// The content is not what its hash says.
    Content,
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Name => "its id, server, kind, name or hash",
            Self::Hash => "its hash",
            Self::Stamp => "its stamp or round number",
            Self::Size => "its size",
            Self::Content => "its content",
        })
    }
}

/// A row that is not what was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedRow {
    /// The file's name, as it stands there now.
    pub name: String,
    /// What is damaged.
    pub damage: Damage,
}

/// What names a file, as it stands in its row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Identity<'a> {
    pub(super) id: i64,
    pub(super) server: &'a str,
    pub(super) kind: &'a str,
    pub(super) name: &'a str,
    pub(super) hash: &'a [u8],
    pub(super) stamp: Option<i64>,
    pub(super) number: Option<i64>,
}

impl<'a> Identity<'a> {
    /// Of a row that begins with [`HEAD_COLUMNS`].
    pub(super) fn of(row: &'a Row) -> Self {
        Self {
            id: row.int(0),
            server: row.text(1),
            kind: row.text(2),
            name: row.text(3),
            stamp: row.maybe_int(4),
            hash: row.bytes(5),
            number: row.maybe_int(7),
        }
    }

    pub(super) fn has_hash(&self, hash: &[u8]) -> bool {
        let named = |name: &str| is_id_of_artifact(self.id, self.server, self.kind, name, hash);
        // Ids are made of the name as it came, and no database keeps the byte 0 of it.
        named(self.name) || (self.name.contains('\u{FFFD}') && named(&self.name.replace('\u{FFFD}', "\0")))
    }

    /// What of it is damaged, as far as that can be told without the content.
    pub(super) fn damage(&self) -> Option<Damage> {
        if ContentHash::from_slice(self.hash).is_none() || !self.has_hash(self.hash) {
            return Some(Damage::Name);
        }
        let (stamp, number) = stamp_of(self.name);
        // The id holds the stamp too, except of round events, which were first kept without one and got it later.
        let in_id = Some(self.id >> 32).filter(|stamp| *stamp != 0);
        let wrong = |found: Option<i64>, right: Option<i64>| right.is_some() && found != right;
        let moved = in_id.is_some_and(|in_id| self.stamp.is_none_or(|stamp| stamp & 0x7FFF_FFFF != in_id));
        (moved || wrong(self.stamp, stamp) || wrong(self.number, number)).then_some(Damage::Stamp)
    }

    /// What of it is damaged, beside its content and size.
    pub(super) fn judge(&self, packed: &[u8], size: i64) -> Option<Damage> {
        let content = unpack(packed).ok();
        let found = content.as_ref().map(|content| ContentHash::of(content));
        match (self.damage(), &content, found) {
            (Some(Damage::Name), _, Some(found)) if self.has_hash(found.as_bytes()) => Some(Damage::Hash),
            (Some(damage), ..) => Some(damage),
            (None, Some(content), Some(found)) if found.as_bytes()[..] == *self.hash => {
                (content.len() as i64 != size).then_some(Damage::Size)
            }
            (None, ..) => Some(Damage::Content),
        }
    }
}

/// What of an artifact is damaged; a row of [`HEAD_COLUMNS`] and the content.
pub(super) fn judge(row: &Row) -> Option<Damage> {
    Identity::of(row).judge(row.bytes(8), row.int(6))
}

/// The name of an artifact that is damaged, with what is; a row as it is read for a backup.
pub fn damage_in(columns: &[&str], row: &[Value]) -> Option<DamagedRow> {
    let value = |column: &str| {
        let at = columns.iter().position(|name| column.strip_prefix("a.") == Some(name));
        at.and_then(|at| row.get(at)).cloned().unwrap_or(Value::Null)
    };
    let row = Row(HEAD_COLUMNS.split(", ").chain(["a.content"]).map(value).collect());
    judge(&row).map(|damage| DamagedRow { name: row.text(3).to_owned(), damage })
}

impl Store {
    /// What of an artifact is not what was kept; nothing also if there is none. Reads its content.
    pub async fn damage_of(&self, artifact: i64) -> Result<Option<Damage>, StoreError> {
        let sql = format!("select {HEAD_COLUMNS}, a.content from artifact a where a.id = $1");
        let rows = self.fetch("judge an artifact", &sql, values![artifact]).await?;
        Ok(rows.first().and_then(judge))
    }

    /// The rows that are damaged beside their content: whether that is what its hash says is not looked at, which
    /// would take long.
    pub async fn damaged_rows(&self) -> Result<Vec<DamagedRow>, StoreError> {
        Ok(self.damaged().await?.into_iter().map(|(_, row)| row).collect())
    }

    /// The ids of those rows; 0 where there is no number.
    pub(super) async fn damaged_ids(&self) -> Result<Vec<i64>, StoreError> {
        Ok(self.damaged().await?.into_iter().map(|(id, _)| id).collect())
    }

    /// Whether a row of an artifact that counts in these blocks is damaged beside its content: it may have moved out of
    /// the block's stretch, and what stands there was made of the right one.
    pub async fn has_damaged_rows(&self, blocks: &[i64]) -> Result<bool, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from disposition d cross join artifact a \
             where d.block = any($1) and a.id = d.artifact"
        );
        let rows = self.fetch("judge the rows of a block", &sql, vec![Value::Ints(blocks.to_owned())]).await?;
        Ok(rows.iter().any(|row| Identity::of(row).damage().is_some()))
    }

    /// Artifacts whose id is no number, which only something else can have written, and only into SQLite. Nothing can
    /// be derived of them.
    pub async fn unnumbered(&self) -> Result<Vec<DamagedRow>, StoreError> {
        // Told by an index alone: the table carries the contents.
        let sql = "select a.name from artifact a where a.id <> cast(a.id as bigint) order by a.name";
        let rows = self.fetch("look for ids that are no numbers", sql, vec![]).await?;
        let row = |row: &Row| DamagedRow { name: row.text(0).to_owned(), damage: Damage::Name };
        Ok(rows.iter().map(row).collect())
    }

    async fn damaged(&self) -> Result<Vec<(i64, DamagedRow)>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS}, substr(a.content, 1, {FRAME_HEADER}) from artifact a \
             where a.id > $1 and {NUMBERED} order by a.id limit $2"
        );
        let mut damaged: Vec<_> = self.unnumbered().await?.into_iter().map(|row| (0, row)).collect();
        let mut after = i64::MIN;
        loop {
            let rows = self.fetch("look for damaged rows", &sql, values![after, AT_ONCE]).await?;
            let Some(last) = rows.last() else { return Ok(damaged) };
            after = last.int(0);
            for row in &rows {
                let damage = Identity::of(row).damage().or_else(|| {
                    let packed = zstd::zstd_safe::get_frame_content_size(row.bytes(8)).ok().flatten();
                    packed.filter(|size| i64::try_from(*size) != Ok(row.int(6))).map(|_| Damage::Size)
                });
                let name = ArtifactHead::from_row(row).name;
                damaged.extend(damage.map(|damage| (row.int(0), DamagedRow { name, damage })));
            }
        }
    }
}
