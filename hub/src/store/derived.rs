//! Writing derived rows: a block is compared with what stands, and only rows that differ are written.

use std::collections::{BTreeMap, BTreeSet};

use crate::values;

use super::WriteTx;
use super::affected::OldBlock;
use super::block_rows::{BELOW_ROUND, BlockRows, Children};
use super::engine::Into;
use super::orphans::OF_NOBODY;
use super::rows::Values;
use super::sql::{StoreError, Value};
use super::tables::{self, Table};
use super::totals::Rollup;

/// Rows per statement that names them by a key of several columns.
const MOST_KEYS: usize = 500;

/// What one table's rows became.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) removed: Vec<Values>,
    pub(super) added: Vec<Values>,
}

/// What a write changed, for posts and counters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rounds that are new or have other rows, by id.
    pub rounds: BTreeSet<i64>,
    /// Rounds that are no more.
    pub gone: BTreeSet<i64>,
    /// Sessions of which any row changed.
    pub sessions: BTreeSet<i64>,
    /// A hash of everything stored about each round of the blocks, changed or not.
    pub digests: BTreeMap<i64, Vec<u8>>,
    /// The same without awards and duels, which a session's message does not show.
    pub number_digests: BTreeMap<i64, Vec<u8>>,
    /// Rows written or removed.
    pub rows: usize,
}

impl Changes {
    /// Adds what another write changed; digests are of one write alone.
    pub fn add(&mut self, other: Self) {
        self.rounds.extend(other.rounds);
        self.gone.extend(other.gone);
        self.sessions.extend(other.sessions);
        self.rows += other.rows;
    }
}

impl WriteTx {
    /// Replaces `old` blocks by newly derived ones. Totals follow with the commit.
    pub async fn write_blocks(&mut self, old: &[OldBlock], rows: BlockRows) -> Result<Changes, StoreError> {
        let BlockRows { mut wanted, mut children, players, digests, number_digests } = rows;
        let mut changes = Changes { digests, number_digests, ..Changes::default() };
        let blocks: Vec<i64> = old.iter().map(|block| block.id).collect();
        // Before everything that speaks of them: SQLite counts what hangs loose within a transaction, and a player who
        // comes back while it counts would take off rows that hung loose before.
        changes.rows += self.put_players(players).await?;
        for table in [
            tables::BLOCK,
            tables::DISPOSITION,
            tables::SESSION,
            tables::EPOCH,
            tables::SESSION_MEMBER,
            tables::MAP_PLAY,
            tables::SESSION_NAME,
            tables::PLAYER_GUID,
        ] {
            let rows = wanted.remove(table.name).unwrap_or_default();
            let difference = self.reconcile(table, &blocks, rows).await?;
            changes.rows += difference.removed.len() + difference.added.len();
            if table.name == tables::DISPOSITION.name {
                self.queue_loose(&difference).await?;
            }
            let session_column = table.columns.iter().position(|&column| column == "session");
            let session_column = if table.name == "session" { Some(0) } else { session_column };
            if let Some(column) = session_column {
                for row in difference.added.iter().chain(&difference.removed) {
                    if let Some(Value::Int(session)) = row.get(column) {
                        changes.sessions.insert(*session);
                    }
                }
            }
        }
        let rounds = self.reconcile(tables::ROUND, &blocks, wanted.remove("round").unwrap_or_default()).await?;
        changes.rows += rounds.removed.len() + rounds.added.len();
        let left = self.write_children(&rounds, &mut children, &mut changes).await?;
        for rollup in Rollup::ALL {
            let leaves = wanted.remove(rollup.leaf().name).unwrap_or_default();
            let leaves = if blocks.is_empty() {
                self.put_first_leaves(rollup.leaf(), leaves).await?
            } else {
                self.reconcile(rollup.leaf(), &blocks, leaves).await?
            };
            changes.rows += leaves.removed.len() + leaves.added.len();
            self.owed.note(rollup, &leaves);
        }
        self.forget_players(left).await?;
        self.check_references().await?;
        Ok(changes)
    }

    /// Files that no block holds any more wait again: another block may take them, or none (a round event, when the
    /// zone changes).
    async fn queue_loose(&mut self, dispositions: &Difference) -> Result<(), StoreError> {
        let held: BTreeSet<&Value> = dispositions.added.iter().map(|row| &row[0]).collect();
        let loose = dispositions.removed.iter().filter(|row| !held.contains(&row[0]));
        let loose: Vec<i64> =
            loose.filter_map(|row| if let Value::Int(artifact) = row[0] { Some(artifact) } else { None }).collect();
        if loose.is_empty() {
            return Ok(());
        }
        let sql = "insert into pending (artifact) select id from artifact where id = any($1) \
                   on conflict (artifact) do nothing";
        self.execute("queue what no block holds", sql, vec![Value::Ints(loose)]).await.map(|_| ())
    }

    /// Rewrites the rows below the rounds whose own rows changed; the answer is who no longer plays in any of them.
    async fn write_children(
        &mut self,
        rounds: &Difference,
        children: &mut BTreeMap<i64, Children>,
        changes: &mut Changes,
    ) -> Result<Vec<i64>, StoreError> {
        let id = |row: &Values| if let Value::Int(id) = row[0] { id } else { 0 };
        let hash = |row: &Values| row.last().cloned();
        let added: BTreeMap<i64, _> = rounds.added.iter().map(|row| (id(row), hash(row))).collect();
        let removed: BTreeMap<i64, _> = rounds.removed.iter().map(|row| (id(row), hash(row))).collect();
        changes.rounds = added.keys().copied().collect();
        changes.gone = removed.keys().filter(|id| !added.contains_key(id)).copied().collect();
        let same_children = |id: &i64| removed.contains_key(id) && removed.get(id) == added.get(id);

        // A round that seems new may have rows left from one whose own row something else removed.
        let stale: BTreeSet<i64> =
            removed.keys().chain(added.keys()).filter(|id| !same_children(id)).copied().collect();
        let left_by = self.remove_children(stale.into_iter().collect()).await?;
        let mut below = Children::default();
        for id in added.keys().filter(|id| !same_children(id)) {
            for (all, own) in below.iter_mut().zip(children.remove(id).unwrap_or_default()) {
                all.extend(own);
            }
        }
        let playing: BTreeSet<i64> = below[0]
            .iter()
            .filter_map(|row| if let Value::Int(player) = row[1] { Some(player) } else { None })
            .collect();
        for (table, rows) in BELOW_ROUND.into_iter().zip(&below) {
            changes.rows += rows.len();
            self.insert(table, rows).await?;
        }
        Ok(left_by.difference(&playing).copied().collect())
    }

    /// Removes those of these players who play in no round any more.
    async fn forget_players(&mut self, left: Vec<i64>) -> Result<(), StoreError> {
        if left.is_empty() {
            return Ok(());
        }
        // Totals refer to players: those of nobody go first.
        self.add_to_totals().await?;
        let sql = format!("delete from player where id = any($1) and {OF_NOBODY}");
        self.execute("forget players without rounds", &sql, vec![Value::Ints(left)]).await.map(|_| ())
    }

    /// Removes the rows below some rounds; the answer is who played there.
    async fn remove_children(&mut self, rounds: Vec<i64>) -> Result<BTreeSet<i64>, StoreError> {
        if rounds.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sql = "select distinct player from round_player where round = any($1)";
        let played = self.fetch("read who played", sql, vec![Value::Ints(rounds.clone())]).await?;
        for table in BELOW_ROUND {
            let sql = format!("delete from {} where round = any($1)", table.name);
            self.execute("remove the rows of a round", &sql, vec![Value::Ints(rounds.clone())]).await?;
        }
        Ok(played.iter().map(|row| row.int(0)).collect())
    }

    /// Makes the rows of a table that belong to `blocks` be `wanted`.
    pub(super) async fn reconcile(
        &mut self,
        table: Table,
        blocks: &[i64],
        wanted: Vec<Values>,
    ) -> Result<Difference, StoreError> {
        let mut standing: BTreeMap<Values, Values> = BTreeMap::new();
        let block_column = if table.name == "block" { "id" } else { "block" };
        if !blocks.is_empty() {
            let sql = format!("select {} from {} where {block_column} = any($1)", table.columns.join(", "), table.name);
            for row in self.fetch("compare derived rows", &sql, vec![Value::Ints(blocks.to_owned())]).await? {
                standing.insert(row.0[..table.key].to_vec(), row.0);
            }
        }
        let mut difference = Difference::default();
        for row in wanted {
            match standing.remove(&row[..table.key]) {
                Some(old) if old == row => {}
                Some(old) => {
                    difference.removed.push(old);
                    difference.added.push(row);
                }
                None => difference.added.push(row),
            }
        }
        difference.removed.extend(standing.into_values());
        if !difference.removed.is_empty() {
            // A row that changes is updated in place: taking it away and putting it back would have the engine look
            // through everything that refers to it.
            let stays: BTreeSet<&[Value]> = difference.added.iter().map(|row| &row[..table.key]).collect();
            let keys = difference.removed.iter().map(|row| &row[..table.key]);
            let keys: Vec<&[Value]> = keys.filter(|key| !stays.contains(key)).collect();
            self.remove(table, &keys).await?;
        }
        self.upsert(table, &difference.added).await?;
        Ok(difference)
    }

    /// Writes the leaves of sessions that no block had before: what stands under their ids was written by something else
    /// and goes. All of them are new, and new rows go in fastest.
    async fn put_first_leaves(&mut self, table: Table, leaves: Vec<Values>) -> Result<Difference, StoreError> {
        let session = |row: &Values| if let Value::Int(session) = row[0] { Some(session) } else { None };
        let sessions: BTreeSet<i64> = leaves.iter().filter_map(session).collect();
        let sql = format!("delete from {} where session = any($1)", table.name);
        self.execute("remove leaves of nobody", &sql, vec![Value::Ints(sessions.into_iter().collect())]).await?;
        self.insert(table, &leaves).await?;
        Ok(Difference { removed: Vec::new(), added: leaves })
    }

    /// Removes the rows with these keys.
    async fn remove(&mut self, table: Table, keys: &[&[Value]]) -> Result<(), StoreError> {
        for chunk in keys.chunks(MOST_KEYS) {
            let mut binds = 1..;
            let tuples: Vec<String> = (0..chunk.len())
                .map(|_| {
                    let tuple: Vec<String> = binds.by_ref().take(table.key).map(|at| format!("${at}")).collect();
                    format!("({})", tuple.join(","))
                })
                .collect();
            let columns = table.key_columns().join(", ");
            let sql = format!("delete from {} where ({columns}) in (values {})", table.name, tuples.join(","));
            self.execute("remove derived rows", &sql, chunk.concat()).await?;
        }
        Ok(())
    }

    /// Inserts rows; one that is there already is an error.
    pub(super) async fn insert(&mut self, table: Table, rows: &[Values]) -> Result<(), StoreError> {
        self.insert_with(table, rows, "").await
    }

    /// Inserts rows or replaces those with their key.
    pub(super) async fn upsert(&mut self, table: Table, rows: &[Values]) -> Result<(), StoreError> {
        let updates: Vec<String> =
            table.columns[table.key..].iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let clause = format!("on conflict ({}) do update set {}", table.key_columns().join(", "), updates.join(", "));
        self.insert_with(table, rows, &clause).await
    }

    pub(super) async fn insert_with(&mut self, table: Table, rows: &[Values], clause: &str) -> Result<(), StoreError> {
        let rows: Vec<&[Value]> = rows.iter().map(Vec::as_slice).collect();
        let into = Into { table: table.name, columns: table.columns, clause };
        self.insert_rows("write derived rows", into, &rows).await.map(|_| ())
    }

    /// Sets the fate of an artifact that belongs to no block.
    pub async fn write_disposition(
        &mut self,
        artifact: i64,
        state: &'static str,
        code: &str,
        reason: &str,
    ) -> Result<(), StoreError> {
        self.upsert(tables::DISPOSITION, &[values![artifact, Option::<i64>::None, state, code, reason]]).await
    }

    /// Takes artifacts off the list of what waits; the answer is how many were on it.
    pub async fn clear_pending(&mut self, artifacts: &[i64]) -> Result<u64, StoreError> {
        let sql = "delete from pending where artifact = any($1)";
        self.execute("finish artifacts", sql, vec![Value::Ints(artifacts.to_owned())]).await
    }
}
