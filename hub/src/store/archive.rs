//! What arrived: artifacts with their content, the batches they came in, and the receipts between them.

use std::collections::BTreeSet;

use slomix_shared::artifact::{ContentHash, FileName, Kind, MAX_FILE_BYTES, UNIX_SECONDS_OF_2000};

use crate::domain::ids::artifact_id;
use crate::values;

use super::damage::{Damage, Identity};
use super::engine::Into;
use super::sql::{Row, StoreError, Value};
use super::{Store, WriteTx};

/// One file as it arrived.
#[derive(Debug, Clone)]
pub struct Arrival {
    /// What it is.
    pub kind: Kind,
    /// Its bare name.
    pub name: String,
    /// Its bytes.
    pub content: Vec<u8>,
    /// Hash of the bytes.
    pub hash: ContentHash,
    /// When the game server last wrote it, Unix milliseconds by its host's clock.
    pub modified_ms: i64,
    /// When the agent saw it closed, Unix microseconds.
    pub closed_us: Option<i64>,
    /// What the agent's rules said: `none`, `accept`, `suspect` or `reject`.
    pub verdict: &'static str,
    /// The rules that spoke, separated by commas.
    pub rules: String,
}

impl Arrival {
    /// A file that somebody brought: no agent saw it written, and no rules looked at it.
    pub fn of_file(name: &str, content: Vec<u8>, modified_ms: i64) -> Self {
        Self {
            kind: FileName::kind_of(name),
            hash: ContentHash::of(&content),
            name: name.to_owned(),
            content,
            modified_ms,
            closed_us: None,
            verdict: "none",
            rules: String::new(),
        }
    }

    /// The id that the archive gives it.
    pub fn artifact_id(&self, server: &str) -> i64 {
        artifact_id(server, self.kind, &self.name, &self.hash, stamp_in_id(&self.name))
    }
}

/// The sender of what somebody brought from a directory, in the place of an agent.
pub const IMPORT: &str = "import";

/// The signed envelope that files came in.
#[derive(Debug, Clone)]
pub struct Envelope {
    /// The agent's id, or `import`.
    pub agent: String,
    /// The agent's start.
    pub boot: String,
    /// Its number within the start.
    pub sequence: i64,
    /// When the sender made it.
    pub created_ms: i64,
    /// Header and manifest, verbatim as signed.
    pub head: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Envelope {
    /// That of an import, before it is signed.
    pub fn import(boot: &str, sequence: i64, created_ms: i64) -> Self {
        let (head, signature) = (Vec::new(), Vec::new());
        Self { agent: IMPORT.to_owned(), boot: boot.to_owned(), sequence, created_ms, head, signature }
    }

    /// Whether somebody brought the files from a directory, and no agent as the game wrote them.
    fn is_import(&self) -> bool {
        self.agent == IMPORT
    }
}

/// Stamp (seconds) and round number of a name, where it has them. A round event is stamped with its end, by a wall
/// clock that shows UTC.
pub(super) fn stamp_of(name: &str) -> (Option<i64>, Option<i64>) {
    match FileName::parse(name) {
        Ok(FileName::Round(round)) => (Some(round.stamp.seconds()), Some(round.round.number().into())),
        Ok(FileName::Gametime(event)) => {
            (Some(event.end_unix - UNIX_SECONDS_OF_2000), Some(event.round.number().into()))
        }
        Err(_) => (None, None),
    }
}

/// An artifact's row: id, server, kind, name, hash, size, stamp, round number, packed content.
pub(super) fn artifact_row(id: i64, server: &str, arrival: &Arrival, packed: &[u8]) -> Vec<Value> {
    let (stamp, number) = stamp_of(&arrival.name);
    values![
        id,
        server,
        arrival.kind.as_str(),
        arrival.name.as_str(),
        arrival.hash.as_bytes().as_slice(),
        arrival.content.len() as i64,
        stamp,
        number,
        packed
    ]
}

/// The stamp in an artifact's id. Round events were first kept without one, and an id never changes.
pub(super) fn stamp_in_id(name: &str) -> i64 {
    match FileName::parse(name) {
        Ok(FileName::Round(round)) => round.stamp.seconds(),
        _ => 0,
    }
}

/// Bytes as the archive holds them.
pub fn pack(content: &[u8]) -> Vec<u8> {
    // Level 3 on at most 8 MiB into memory cannot fail.
    zstd::bulk::compress(content, 3).expect("compressing into memory")
}

/// The bytes of a packed content. Its own header says how many there are: the size in its row may be damaged.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::bulk::decompress(packed, MAX_FILE_BYTES)
        .map_err(|error| StoreError::Inconsistent { table: "artifact", what: error.to_string() })
}

impl WriteTx {
    /// Keeps an envelope with its files; the answer tells for each whether its content is new. An import leaves no
    /// receipt of a file that another one vouches for already, and nothing at all if that holds for each of its files:
    /// how often somebody looked into a directory says nothing of what came.
    pub async fn keep(
        &mut self,
        server: &str,
        envelope: &Envelope,
        arrivals: &[(Arrival, Vec<u8>)],
        now_ms: i64,
    ) -> Result<Vec<bool>, StoreError> {
        let ids: Vec<i64> = arrivals.iter().map(|(arrival, _)| arrival.artifact_id(server)).collect();
        let mut there = self.heal_names(server, &ids, arrivals).await?;
        let received = self.received_among(&ids).await?;
        if envelope.is_import() && ids.iter().all(|id| received.contains(id)) {
            return Ok(vec![false; ids.len()]);
        }
        let batch = self.fetch("number a batch", "select coalesce(max(id), 0) + 1 from batch", vec![]).await?;
        let batch = batch.first().map_or(1, |row| row.int(0));
        self.execute(
            "keep a batch",
            "insert into batch (id, agent, boot, sequence, created_ms, received_ms, head, signature) \
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            values![
                batch,
                envelope.agent.as_str(),
                envelope.boot.as_str(),
                envelope.sequence,
                envelope.created_ms,
                now_ms,
                envelope.head.as_slice(),
                envelope.signature.as_slice()
            ],
        )
        .await?;
        let mut added = self.keep_artifacts(server, &ids, arrivals).await?;
        there.extend(&added);
        self.heal_ids(server, &ids, arrivals, &there).await?;
        let untold = ids.iter().zip(arrivals).filter(|(id, _)| !envelope.is_import() || !received.contains(id));
        self.keep_receipts(batch, untold.map(|(id, (arrival, _))| (*id, arrival))).await?;
        let new: Vec<bool> = ids.iter().map(|id| added.remove(id)).collect();
        // What counts is whether all receipts refuse a file, and which rules do: a second one can carry a milder verdict
        // or none, and what every receipt refused until now is looked at again whatever this one says.
        let waits = ids
            .iter()
            .zip(arrivals)
            .zip(&new)
            .filter(|((id, (arrival, _)), new)| **new || arrival.verdict != "none" || !received.contains(id));
        let waits: Vec<i64> = waits.map(|((id, _), _)| *id).collect();
        self.queue(&waits).await?;
        Ok(new)
    }

    /// Keeps contents; the answer is which were not there.
    async fn keep_artifacts(
        &mut self,
        server: &str,
        ids: &[i64],
        arrivals: &[(Arrival, Vec<u8>)],
    ) -> Result<BTreeSet<i64>, StoreError> {
        let rows: Vec<Vec<Value>> = ids
            .iter()
            .zip(arrivals)
            .map(|(id, (arrival, packed))| artifact_row(*id, server, arrival, packed))
            .collect();
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        let into = Into {
            table: "artifact",
            // As in `artifact_row`.
            columns: &["id", "server", "kind", "name", "hash", "size", "stamp", "round_number", "content"],
            clause: "on conflict (server, kind, name, hash) do nothing returning id",
        };
        let added = self.insert_rows("keep artifacts", into, &rows).await?;
        Ok(added.iter().map(|row| row.int(0)).collect())
    }

    /// Those of these artifacts that are there, with a receipt that does not refuse them.
    async fn received_among(&mut self, ids: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "select distinct r.artifact from receipt r join artifact a on a.id = r.artifact \
                   where r.artifact = any($1) and r.verdict <> 'reject'";
        let rows = self.fetch("look which files have receipts", sql, vec![Value::Ints(ids.to_owned())]).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    async fn keep_receipts(
        &mut self,
        batch: i64,
        arrivals: impl Iterator<Item = (i64, &Arrival)>,
    ) -> Result<(), StoreError> {
        let rows: Vec<Vec<Value>> = arrivals
            .map(|(id, arrival)| {
                let Arrival { modified_ms, closed_us, verdict, rules, .. } = arrival;
                values![batch, id, *modified_ms, *closed_us, *verdict, rules.as_str()]
            })
            .collect();
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        let into = Into {
            table: "receipt",
            columns: &["batch", "artifact", "modified_ms", "closed_us", "verdict", "rules"],
            clause: "on conflict (artifact, batch) do nothing",
        };
        self.insert_rows("keep receipts", into, &rows).await.map(|_| ())
    }

    /// Marks an artifact to be derived (again).
    pub async fn set_pending(&mut self, artifact: i64) -> Result<(), StoreError> {
        self.queue(&[artifact]).await
    }

    /// Marks artifacts to be derived (again).
    pub async fn queue(&mut self, artifacts: &[i64]) -> Result<(), StoreError> {
        let rows: Vec<[Value; 1]> = artifacts.iter().map(|&artifact| [Value::Int(artifact)]).collect();
        let rows: Vec<&[Value]> = rows.iter().map(<[Value; 1]>::as_slice).collect();
        let into = Into { table: "pending", columns: &["artifact"], clause: "on conflict (artifact) do nothing" };
        self.insert_rows("queue artifacts", into, &rows).await.map(|_| ())
    }
}

/// An artifact without its content.
#[derive(Debug, Clone)]
pub struct ArtifactHead {
    /// Its id.
    pub id: i64,
    /// Its server's key.
    pub server: String,
    /// What it is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its stamp in seconds, where the name has one.
    pub stamp: Option<i64>,
    /// Hash of the content.
    pub hash: Vec<u8>,
    /// Bytes before packing.
    pub size: i64,
    /// What of the row is not what was kept, as far as that shows without the content.
    pub damage: Option<Damage>,
}

/// The columns that [`ArtifactHead::from_row`] expects, of a table or alias `a`.
pub(super) const HEAD_COLUMNS: &str = "a.id, a.server, a.kind, a.name, a.stamp, a.hash, a.size, a.round_number";

/// Behind `where`: artifacts `a` whose id is a number. SQLite keeps whatever somebody else writes there.
pub(super) const NUMBERED: &str = "a.id = cast(a.id as bigint)";

impl ArtifactHead {
    pub(super) fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            server: row.text(1).to_owned(),
            kind: Kind::from_name(row.text(2)).unwrap_or(Kind::Unrecognised),
            name: row.text(3).to_owned(),
            stamp: row.maybe_int(4),
            hash: row.bytes(5).to_owned(),
            size: row.int(6),
            damage: Identity::of(row).damage(),
        }
    }
}

impl Store {
    /// What waits to be derived, the newest first, round events after all else; at most `limit`. An id begins with the
    /// stamp, so what waits behind these is not looked at.
    ///
    /// The cross join keeps SQLite from going through all artifacts to find the few that wait.
    pub async fn pending(&self, limit: i64) -> Result<Vec<ArtifactHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from (select artifact from pending order by artifact desc limit $1) p \
             cross join artifact a where a.id = p.artifact order by a.id desc"
        );
        let rows = self.fetch("list what waits", &sql, values![limit]).await?;
        Ok(rows.iter().filter(|row| row.maybe_int(0).is_some()).map(ArtifactHead::from_row).collect())
    }

    /// Those of some artifacts that wait to be derived.
    pub async fn waiting_among(&self, artifacts: &[i64]) -> Result<Vec<ArtifactHead>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from artifact a join pending p on p.artifact = a.id where a.id = any($1) order by a.id"
        );
        let rows = self.fetch("list what waits of these", &sql, vec![Value::Ints(artifacts.to_owned())]).await?;
        Ok(rows.iter().map(ArtifactHead::from_row).collect())
    }

    /// Those of these artifacts that have been derived before, as far as is committed.
    pub async fn derived_among(&self, artifacts: &[i64]) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "select artifact from disposition where artifact = any($1)";
        let rows = self.fetch("list what was derived of these", sql, vec![Value::Ints(artifacts.to_owned())]).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    /// How many artifacts wait.
    pub async fn pending_count(&self) -> Result<i64, StoreError> {
        let rows = self.fetch("count what waits", "select count(*) from pending", vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// The content of an artifact.
    pub async fn content(&self, artifact: i64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "select content from artifact where id = $1";
        let rows = self.fetch("read a content", sql, values![artifact]).await?;
        rows.first().map(|row| unpack(row.bytes(0))).transpose()
    }

    /// The highest sequence that an agent's start has used.
    pub async fn last_sequence(&self, agent: &str, boot: &str) -> Result<Option<i64>, StoreError> {
        let sql = "select max(sequence) from batch where agent = $1 and boot = $2";
        let rows = self.fetch("read a sequence", sql, values![agent, boot]).await?;
        Ok(rows.first().and_then(|row| row.maybe_int(0)))
    }

    /// How many of the `most` batches that an agent brought after one of its own are not of the start `boot`; none where
    /// that one, told by its start and sequence, is not kept.
    pub async fn batches_since(
        &self,
        agent: &str,
        (began, sequence): (&str, i64),
        boot: &str,
        most: u32,
    ) -> Result<Option<i64>, StoreError> {
        let sql = "select min(id) from batch where agent = $1 and boot = $2 and sequence = $3";
        let rows = self.fetch("look up a batch", sql, values![agent, began, sequence]).await?;
        let Some(id) = rows.first().and_then(|row| row.maybe_int(0)) else { return Ok(None) };
        let sql = "select count(*) from (select boot from batch where agent = $1 and id > $2 order by id limit $4) b \
                   where b.boot <> $3";
        let rows = self.fetch("count later batches", sql, values![agent, id, boot, i64::from(most)]).await?;
        Ok(rows.first().map(|row| row.int(0)))
    }

    /// Every artifact's head, by id, from `after` on; for walks over the whole archive. What has no number for an id is
    /// left out, since no walk gets past it: see [`Self::unnumbered`].
    pub async fn artifacts_after(&self, after: i64, limit: i64) -> Result<Vec<ArtifactHead>, StoreError> {
        let sql =
            format!("select {HEAD_COLUMNS} from artifact a where a.id > $1 and {NUMBERED} order by a.id limit $2");
        let rows = self.fetch("walk the archive", &sql, values![after, limit]).await?;
        Ok(rows.iter().map(ArtifactHead::from_row).collect())
    }
}

impl Store {
    /// When an agent first brought an artifact, Unix milliseconds; none where none did.
    pub async fn arrived_ms(&self, artifact: i64) -> Result<Option<i64>, StoreError> {
        let sql = "select min(b.received_ms) from receipt r join batch b on b.id = r.batch \
                   where r.artifact = $1 and b.agent <> 'import'";
        let rows = self.fetch("read when an artifact arrived", sql, values![artifact]).await?;
        Ok(rows.first().and_then(|row| row.maybe_int(0)))
    }

    /// The rules that refuse an artifact in every receipt it has, unless an admin overruled them.
    pub async fn refusal(&self, artifact: i64) -> Result<Option<String>, StoreError> {
        let sql = "select min(case verdict when 'reject' then 1 else 0 end), max(rules), \
                          (select count(*) from decision where kind = 'accept' and target = cast($1 as text) \
                              and undone_ms is null) \
                   from receipt where artifact = $1";
        let rows = self.fetch("read a verdict", sql, values![artifact]).await?;
        Ok(rows.first().filter(|row| row.int(0) == 1 && row.int(2) == 0).map(|row| row.text(1).to_owned()))
    }
}
