//! What the rows of derived blocks should be: made off the writing task, without the database.

use std::collections::BTreeMap;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::domain::ids::block_id;

use super::rows::{self, Values};
use super::sql::Value;
use super::tables::{self, Table};

/// The tables whose rows belong to one round and are written with it. A round's hash is of these rows.
pub(super) const BELOW_ROUND: [Table; 4] =
    [tables::ROUND_PLAYER, tables::ROUND_WEAPON, tables::ROUND_AWARD, tables::ROUND_DUEL];
/// The rows of a round in each of [`BELOW_ROUND`].
pub(super) type Children = [Vec<Values>; BELOW_ROUND.len()];

/// All rows of some blocks, for [`WriteTx::write_blocks`](super::WriteTx::write_blocks).
#[derive(Debug, Default)]
pub struct BlockRows {
    /// Rows that name their block, by table.
    pub(super) wanted: BTreeMap<&'static str, Vec<Values>>,
    /// What is below each round, by its id.
    pub(super) children: BTreeMap<i64, Children>,
    /// Everybody who plays in them, by id.
    pub(super) players: BTreeMap<i64, Values>,
    /// As in [`Changes::digests`](super::derived::Changes::digests).
    pub(super) digests: BTreeMap<i64, Vec<u8>>,
    /// As in [`Changes::number_digests`](super::derived::Changes::number_digests).
    pub(super) number_digests: BTreeMap<i64, Vec<u8>>,
}

impl BlockRows {
    /// A hash of everything that is stored about each round.
    pub fn digests(&self) -> &BTreeMap<i64, Vec<u8>> {
        &self.digests
    }

    /// The rows of some blocks of a server.
    pub fn of(server: &str, derived: &[(Span, Derived)]) -> Self {
        let mut all = Self::default();
        all.add(server, derived);
        all
    }

    /// Adds those of other blocks.
    pub fn add(&mut self, server: &str, derived: &[(Span, Derived)]) {
        for (span, derived) in derived {
            self.add_block(server, *span, derived);
        }
    }

    fn add_block(&mut self, server: &str, span: Span, derived: &Derived) {
        let block = block_id(server, span.first);
        let epochs = rows::epochs_of_rounds(derived);
        let rounds = derived.rounds.iter().map(|round| {
            let mut below: Children = [
                round.players.iter().map(|one| rows::round_player(round, one)).collect(),
                round.players.iter().flat_map(|one| rows::round_weapons(round.id, one)).collect(),
                rows::round_awards(round).collect(),
                rows::round_duels(round).collect(),
            ];
            for rows in &mut below {
                rows.sort_unstable();
            }
            let epoch = epochs.get(&round.id).copied().unwrap_or(0);
            let [numbers, papers] = [&below[..2], &below[2..]].map(|tables| {
                let mut bytes = Vec::new();
                for rows in tables {
                    write_rows(&mut bytes, rows);
                }
                bytes
            });
            let row = rows::round(block, server, round, epoch, &hash(&[numbers.as_slice(), &papers].concat()));
            self.digests.insert(round.id, hash_rows(&[std::slice::from_ref(&row)]));
            // The row's last column is the hash of all that is below it.
            let mut own = Vec::new();
            write_row(&mut own, &row[..row.len() - 1]);
            self.number_digests.insert(round.id, hash(&[own, numbers].concat()));
            self.children.insert(round.id, below);
            self.players.extend(round.players.iter().map(|one| (one.player, rows::player(one))));
            row
        });
        let rounds = rounds.collect();
        let mut add = |table: Table, rows: Vec<Values>| self.wanted.entry(table.name).or_default().extend(rows);
        add(tables::ROUND, rounds);
        add(tables::BLOCK, vec![rows::block(block, server, span)]);
        add(tables::DISPOSITION, derived.fates.iter().map(|(id, fate)| rows::disposition(block, *id, fate)).collect());
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
    }
}

/// A hash of rows, the same on every machine.
pub(super) fn hash_rows(lists: &[&[Values]]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for rows in lists {
        write_rows(&mut bytes, rows);
    }
    hash(&bytes)
}

fn hash(bytes: &[u8]) -> Vec<u8> {
    blake3::hash(bytes).as_bytes()[..16].to_vec()
}

fn write_rows(bytes: &mut Vec<u8>, rows: &[Values]) {
    for row in rows {
        write_row(bytes, row);
    }
}

/// What is hashed of a row: for each value its kind, its length where that differs, and itself.
fn write_row(bytes: &mut Vec<u8>, row: &[Value]) {
    for value in row {
        match value {
            Value::Null => bytes.push(0),
            Value::Int(value) => {
                bytes.push(1);
                bytes.extend(value.to_le_bytes());
            }
            Value::Text(text) => {
                bytes.push(2);
                bytes.extend((text.len() as u64).to_le_bytes());
                bytes.extend(text.as_bytes());
            }
            Value::Bytes(own) => {
                bytes.push(3);
                bytes.extend((own.len() as u64).to_le_bytes());
                bytes.extend(own);
            }
            Value::Ints(list) => {
                bytes.push(4);
                for value in list {
                    bytes.extend(value.to_le_bytes());
                }
            }
        }
    }
}
