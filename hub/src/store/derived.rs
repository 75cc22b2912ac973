//! Writing derived rows: a block is compared with what stands, and only rows that differ are written.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::domain::ids::block_id;
use crate::values;

use super::WriteTx;
use super::blocks::OldBlock;
use super::engine::Into;
use super::rows::{self, Values};
use super::sql::{StoreError, Value};
use super::tables::{self, Table};
use super::totals::Rollup;

/// Rows per statement that names them by a key of several columns.
const MOST_KEYS: usize = 500;

/// The tables whose rows belong to one round and are written with it. A round's hash is of these rows.
pub(super) const BELOW_ROUND: [Table; 4] =
    [tables::ROUND_PLAYER, tables::ROUND_WEAPON, tables::ROUND_AWARD, tables::ROUND_DUEL];
/// The rows of a round in each of [`BELOW_ROUND`].
type Children = [Vec<Values>; BELOW_ROUND.len()];

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
    /// Replaces `old` blocks of a server by newly derived ones.
    pub async fn write_blocks(
        &mut self,
        server: &str,
        old: &[OldBlock],
        new: &[(Span, Derived)],
    ) -> Result<Changes, StoreError> {
        let mut changes = Changes::default();
        let mut wanted: BTreeMap<&'static str, Vec<Values>> = BTreeMap::new();
        let mut children: BTreeMap<i64, Children> = BTreeMap::new();
        let mut players: BTreeMap<i64, Values> = BTreeMap::new();
        for (span, derived) in new {
            let block = block_id(server, span.first);
            let epochs = rows::epochs_of_rounds(derived);
            let mut add = |table: Table, rows: Vec<Values>| wanted.entry(table.name).or_default().extend(rows);
            add(tables::BLOCK, vec![rows::block(block, server, *span)]);
            add(
                tables::DISPOSITION,
                derived.fates.iter().map(|(id, fate)| rows::disposition(block, *id, fate)).collect(),
            );
            add(tables::SESSION, derived.sessions.iter().map(|one| rows::session(block, server, one)).collect());
            let line_ups = derived.sessions.iter().flat_map(|session| rows::epochs(block, session));
            add(tables::EPOCH, line_ups.collect());
            let members = derived.sessions.iter().flat_map(|session| rows::session_members(block, session));
            add(tables::SESSION_MEMBER, members.collect());
            add(tables::MAP_PLAY, derived.matches.iter().map(|play| rows::map_play(block, play, &epochs)).collect());
            add(tables::SESSION_NAME, rows::session_names(block, derived));
            add(tables::PLAYER_GUID, rows::player_guids(block, derived));
            add(tables::LEAF, rows::leaves(block, derived));
            add(tables::WEAPON_LEAF, rows::weapon_leaves(block, derived));
            let mut rounds = Vec::new();
            for round in &derived.rounds {
                let mut below: Children = [
                    round.players.iter().map(|one| rows::round_player(round, one)).collect(),
                    round.players.iter().flat_map(|one| rows::round_weapons(round.id, one)).collect(),
                    rows::round_awards(round).collect(),
                    rows::round_duels(round).collect(),
                ];
                for rows in &mut below {
                    rows.sort();
                }
                let epoch = epochs.get(&round.id).copied().unwrap_or(0);
                let row = rows::round(block, server, round, epoch, &hash_rows(&below.each_ref().map(Vec::as_slice)));
                changes.digests.insert(round.id, hash_rows(&[std::slice::from_ref(&row)]));
                // The row's last column is the hash of all that is below it.
                let numbers = hash_rows(&[&[row[..row.len() - 1].to_vec()], &below[0], &below[1]]);
                changes.number_digests.insert(round.id, numbers);
                rounds.push(row);
                children.insert(round.id, below);
                players.extend(round.players.iter().map(|one| (one.player, rows::player(one))));
            }
            add(tables::ROUND, rounds);
        }

        let blocks: Vec<i64> = old.iter().map(|block| block.id).collect();
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
        for rollup in Rollup::ALL {
            let leaves = wanted.remove(rollup.leaf().name).unwrap_or_default();
            let leaves = self.reconcile(rollup.leaf(), &blocks, leaves).await?;
            self.add_to_totals(rollup, &leaves).await?;
        }
        let rounds = self.reconcile(tables::ROUND, &blocks, wanted.remove("round").unwrap_or_default()).await?;
        self.write_children(&rounds, &mut children, players, &mut changes).await?;
        Ok(changes)
    }

    /// Rewrites the rows below the rounds whose own rows changed.
    async fn write_children(
        &mut self,
        rounds: &Difference,
        children: &mut BTreeMap<i64, Children>,
        players: BTreeMap<i64, Values>,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
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
        let wanted: Vec<Values> =
            players.into_iter().filter(|(id, _)| playing.contains(id)).map(|(_, row)| row).collect();
        self.upsert(tables::PLAYER, &wanted).await?;
        for (table, rows) in BELOW_ROUND.into_iter().zip(&below) {
            changes.rows += rows.len();
            self.insert(table, rows).await?;
        }
        let left: Vec<i64> = left_by.difference(&playing).copied().collect();
        if !left.is_empty() {
            let sql = "delete from player where id = any($1) \
                       and not exists (select 1 from round_player p where p.player = player.id)";
            self.execute("forget players without rounds", sql, vec![Value::Ints(left)]).await?;
        }
        Ok(())
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
        // A row that changes is updated in place: taking it away and putting it back would have the engine look through
        // everything that refers to it.
        let stays: BTreeSet<&[Value]> = difference.added.iter().map(|row| &row[..table.key]).collect();
        let keys: Vec<&[Value]> =
            difference.removed.iter().map(|row| &row[..table.key]).filter(|key| !stays.contains(key)).collect();
        self.remove(table, &keys).await?;
        self.upsert(table, &difference.added).await?;
        Ok(difference)
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

/// A hash of rows, the same on every machine.
pub(super) fn hash_rows(lists: &[&[Values]]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    for value in lists.iter().flat_map(|rows| rows.iter().flatten()) {
        match value {
            Value::Null => hasher.update(&[0]),
            Value::Int(value) => hasher.update(&[1]).update(&value.to_le_bytes()),
            Value::Text(text) => hasher.update(&[2]).update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes()),
            Value::Ints(list) => {
                list.iter().fold(hasher.update(&[4]), |hasher, value| hasher.update(&value.to_le_bytes()))
            }
            Value::Bytes(bytes) => hasher.update(&[3]).update(&(bytes.len() as u64).to_le_bytes()).update(bytes),
        };
    }
    hasher.finalize().as_bytes()[..16].to_vec()
}
