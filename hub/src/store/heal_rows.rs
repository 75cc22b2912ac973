//! What the disk, or somebody's hand, changed in the row of an artifact, made right by what the row still tells.
//!
//! The id vouches for server, kind, name and hash, the content for hash and size, the name for the stamp and the
//! round's number: what is wrong beside a sound content and a sound name follows from the rest, without the file.

use slomix_shared::artifact::{ContentHash, Kind};

use crate::domain::ids::{artifact_id, stamp_seconds};
use crate::values;

use super::archive::{HEAD_COLUMNS, stamp_in_id, stamp_of, unpack};
use super::damage::Identity;
use super::sql::{Row, StoreError};
use super::{Durability, Store, WriteTx};

/// What a row must say beside its id, name and content.
struct Right {
    server: String,
    kind: String,
    hash: ContentHash,
    size: i64,
}

/// What a row of [`HEAD_COLUMNS`] and the content must say, where that follows from its id, its name and its content;
/// `servers` are those that there are.
fn right(row: &Row, servers: &[String]) -> Option<Right> {
    let content = unpack(row.bytes(8)).ok()?;
    let hash = ContentHash::of(&content);
    let found = Identity::of(row);
    if stamp_seconds(found.id) != stamp_in_id(found.name) & 0x7FFF_FFFF {
        return None;
    }
    let servers = || std::iter::once(found.server).chain(servers.iter().map(String::as_str));
    let mut kinds = vec![found.kind];
    kinds.extend(Kind::ALL.iter().map(|kind| kind.as_str()));
    let named = kinds.into_iter().flat_map(|kind| servers().map(move |server| (server, kind)));
    let (server, kind) =
        { named }.find(|(server, kind)| Identity { server, kind, ..found }.has_hash(hash.as_bytes()))?;
    Some(Right { server: server.to_owned(), kind: kind.to_owned(), hash, size: content.len() as i64 })
}

/// The id of an artifact by its other columns, where its content is what its hash says.
fn id_by_the_rest(row: &Row) -> Option<i64> {
    let hash = ContentHash::of(&unpack(row.bytes(8)).ok()?);
    let kind = Kind::from_name(row.text(2))?;
    let name = row.text(3);
    (hash.as_bytes()[..] == *row.bytes(5)).then(|| artifact_id(row.text(1), kind, name, &hash, stamp_in_id(name)))
}

impl Store {
    /// Makes rows of artifacts right that are damaged beside their content, as far as what is right follows from what
    /// is left; the answer is their names. They are derived again.
    pub async fn heal_rows(&self) -> Result<Vec<String>, StoreError> {
        let damaged = self.damaged_ids().await?;
        if damaged.is_empty() {
            return Ok(Vec::new());
        }
        let servers = self.servers().await?;
        let mut tx = self.begin(Durability::Full).await?;
        let mut healed = tx.heal_numbers().await?;
        for artifact in damaged {
            healed.extend(tx.heal_row(artifact, &servers).await?);
        }
        tx.commit().await?;
        Ok(healed)
    }
}

impl WriteTx {
    /// Gives artifacts whose ids are no numbers their ids back, where a receipt speaks of them; the answer is their
    /// names.
    async fn heal_numbers(&mut self) -> Result<Vec<String>, StoreError> {
        let sql = format!("select {HEAD_COLUMNS}, a.content from artifact a where a.id <> cast(a.id as bigint)");
        let mut healed = Vec::new();
        for row in self.fetch("read what has no number for an id", &sql, vec![]).await? {
            let Some(id) = id_by_the_rest(&row) else { continue };
            let sql = "select 1 from receipt r where r.artifact = $1 \
                       and not exists (select 1 from artifact a where a.id = r.artifact) limit 1";
            if self.fetch("look whether a receipt misses its file", sql, values![id]).await?.is_empty() {
                continue;
            }
            let sql = "update artifact set id = $1 where server = $2 and kind = $3 and name = $4 and hash = $5";
            let same = values![id, row.text(1), row.text(2), row.text(3), row.bytes(5)];
            self.execute("heal a number", sql, same).await?;
            self.set_pending(id).await?;
            self.heals();
            tracing::warn!("the id of {} was no number; it followed from the rest, and is whole now", row.text(3));
            healed.push(row.text(3).to_owned());
        }
        Ok(healed)
    }

    /// The name of the artifact, if its row is right now.
    async fn heal_row(&mut self, artifact: i64, servers: &[String]) -> Result<Option<String>, StoreError> {
        let sql = format!("select {HEAD_COLUMNS}, a.content from artifact a where a.id = $1");
        let rows = self.fetch("look at a damaged row", &sql, values![artifact]).await?;
        let Some(row) = rows.first() else { return Ok(None) };
        let Some(Right { server, kind, hash, size }) = right(row, servers) else { return Ok(None) };
        let (name, hash) = (row.text(3), hash.as_bytes().as_slice());
        let sql = "select id from artifact where server = $1 and kind = $2 and name = $3 and hash = $4 and id <> $5";
        let same = values![server.as_str(), kind.as_str(), name, hash, artifact];
        if !self.fetch("look for the same file under another id", sql, same).await?.is_empty() {
            return Ok(None);
        }
        let (stamp, number) = stamp_of(name);
        let sql = "update artifact set server = $2, kind = $3, hash = $4, size = $5, stamp = $6, round_number = $7 \
                   where id = $1";
        self.execute("heal a row", sql, values![artifact, server, kind, hash, size, stamp, number]).await?;
        self.set_pending(artifact).await?;
        self.heals();
        tracing::warn!("the row of {name} was damaged; what was right followed from the rest, and it is whole now");
        Ok(Some(name.to_owned()))
    }
}
