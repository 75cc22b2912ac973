//! Where a round is found that a decision names by the key of a file that turned out to be a copy of an earlier one.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::ContentHash;

use crate::domain::block::Span;
use crate::domain::decisions::{Correction, Decisions, RoundKey};
use crate::domain::revision::{Fate, fates};
use crate::values;

use super::Store;
use super::read::RoundRow;
use super::rows::COPY_OF;
use super::sql::{StoreError, Value};

/// A copy of a copy of a copy: more never happens, and what is damaged must not lead in a ring.
const LONGEST_WAY: usize = 8;

impl Store {
    /// Decisions with what they say of copies moved to the files that these are copies of. It goes by the archive
    /// alone, so that the answer is the same in whatever order files came and blocks are derived. (Copies that only
    /// share the lines below the header are known within a block, and followed when it is derived.)
    pub(super) async fn follow_copies(&self, server: &str, decisions: Decisions) -> Result<Decisions, StoreError> {
        let mut originals: BTreeMap<(String, ContentHash), String> = BTreeMap::new();
        for (file, hash) in decisions.pins() {
            if let Some(original) = self.first_with(server, hash).await?.filter(|original| original != file) {
                originals.insert((file.to_owned(), *hash), original);
            }
        }
        let pinned = decisions.following(&BTreeMap::new(), &originals);
        let mut moved: BTreeMap<RoundKey, RoundKey> = BTreeMap::new();
        let mut asked: BTreeSet<RoundKey> = decisions.rounds().into_iter().cloned().collect();
        while !asked.is_empty() {
            let mut next = BTreeSet::new();
            for key in self.with_copied_contents(server, &asked).await? {
                if let Some(place) = self.place_taken(&key, &pinned).await? {
                    if !moved.contains_key(&place) {
                        next.insert(place.clone());
                    }
                    moved.insert(key, place);
                }
            }
            asked = next;
        }
        Ok(if moved.is_empty() { pinned } else { decisions.following(&moved, &originals) })
    }

    /// The first stats file of a server with this content.
    async fn first_with(&self, server: &str, hash: &ContentHash) -> Result<Option<String>, StoreError> {
        // The first of them is found here: asked for the lowest name, SQLite would go through all names of the server.
        let sql = "select name from artifact where hash = $2 and server = $1 and kind = 'stats' and stamp is not null";
        let rows = self.fetch("look for files with a content", sql, values![server, &hash.as_bytes()[..]]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).min())
    }

    /// Those of some rounds of which a file has a content that an earlier file has too.
    async fn with_copied_contents(
        &self,
        server: &str,
        keys: &BTreeSet<RoundKey>,
    ) -> Result<BTreeSet<RoundKey>, StoreError> {
        let sql = "select a.name from artifact a where a.server = $1 and a.kind = 'stats' and a.stamp = any($2) \
                   and exists (select 1 from artifact o where o.hash = a.hash and o.server = a.server \
                       and o.kind = 'stats' and o.stamp < a.stamp)";
        let stamps = keys.iter().map(|key| key.stamp.seconds()).collect();
        let rows = self.fetch("look for files that are copies", sql, vec![server.into(), Value::Ints(stamps)]).await?;
        let named = rows.iter().filter_map(|row| RoundKey::of_file(server, row.text(0)));
        Ok(named.filter(|key| keys.contains(key)).collect())
    }

    /// The round whose file has what counts of this round's file too, and an earlier stamp; none where the round has a
    /// content of its own that counts.
    async fn place_taken(&self, key: &RoundKey, pinned: &Decisions) -> Result<Option<RoundKey>, StoreError> {
        let moment = Span { first: key.stamp, last: key.stamp, cut: false };
        let mut files = self.block_files(&key.server, moment).await?;
        files.retain(|file| RoundKey::of_file(&key.server, &file.file_name).as_ref() == Some(key));
        files.sort_by(|a, b| (&a.file_name, a.hash).cmp(&(&b.file_name, b.hash)));
        let fates = fates(&files, pinned);
        if fates.contains(&Fate::Stored) {
            return Ok(None);
        }
        let place = fates.iter().find_map(|fate| match fate {
            Fate::Duplicate(original) => RoundKey::of_file(&key.server, original),
            _ => None,
        });
        Ok(place.filter(|place| place != key))
    }

    /// The round that a key names, or the one that took its place; as it is derived now.
    pub async fn round_of_key(&self, key: &RoundKey) -> Result<Option<RoundRow>, StoreError> {
        let mut key = key.clone();
        for _ in 0..LONGEST_WAY {
            if let Some(id) = key.id()
                && let Some(round) = self.round(id).await?
            {
                return Ok(Some(round));
            }
            let sql = "select a.name, d.reason from artifact a join disposition d on d.artifact = a.id \
                       where a.server = $1 and a.kind = 'stats' and a.stamp = $2 and d.state = 'duplicate' \
                       order by a.name, a.hash";
            let values = values![key.server.as_str(), key.stamp.seconds()];
            let rows = self.fetch("follow a file that is a copy", sql, values).await?;
            let original = rows.iter().find_map(|row| {
                let own = RoundKey::of_file(&key.server, row.text(0))? == key;
                RoundKey::of_file(&key.server, row.text(1).strip_prefix(COPY_OF).filter(|_| own)?)
            });
            match original {
                Some(original) => key = original,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    /// The moments (stamps in seconds) of some rounds of one block and of everything that may be a copy of one: whatever
    /// a decision names that came to be about one of them is of one of these moments.
    pub async fn moments_of(&self, server: &str, artifacts: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        // What only shares the lines below the header is a copy within its block, and can have copies elsewhere.
        let sql = "select o.artifact from disposition d join disposition o on o.block = d.block \
                   where d.artifact = any($1) and o.state = 'duplicate'";
        let copies = self.fetch("look for copies in a block", sql, vec![Value::Ints(artifacts.to_owned())]).await?;
        let all: BTreeSet<i64> = copies.iter().map(|row| row.int(0)).chain(artifacts.iter().copied()).collect();
        let stamps = self.stamps_of_copies(server, &all.into_iter().collect::<Vec<_>>()).await?;
        Ok(stamps.into_iter().collect())
    }

    /// A correction about the round that it is about now; as it is where that is not there.
    pub async fn as_it_stands(&self, correction: &Correction) -> Result<Correction, StoreError> {
        let Some(key) = correction.round() else { return Ok(correction.clone()) };
        let row = self.round_of_key(key).await?;
        let now = row.and_then(|row| RoundKey::of_file(&row.server, &row.file));
        Ok(now.map_or_else(|| correction.clone(), |now| correction.at(&now)))
    }
}
