//! Whether rows below a round are the ones that the round says it has.

use std::collections::BTreeMap;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::values;

use super::derived::hash_rows;
use super::rows::{self, Values};
use super::sql::StoreError;
use super::tables::{PLAYER, ROUND_PLAYER, ROUND_WEAPON, Table};
use super::{Store, WriteTx};

/// A round whose players' or weapons' rows were changed by something else than this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsoundRound {
    /// The round.
    pub id: i64,
    /// Its file, to be named to people.
    pub file: String,
}

impl Store {
    /// Rounds of a block whose rows do not add up to the hash that was written with them.
    pub async fn unsound_rounds(&self, block: i64) -> Result<Vec<UnsoundRound>, StoreError> {
        let sql = "select id, file, hash from round where block = $1 order by id";
        let mut unsound = Vec::new();
        for row in self.fetch("read the rounds of a block", sql, values![block]).await? {
            let (id, hash) = (row.int(0), row.bytes(2));
            let numbers = self.rows_of_round(ROUND_PLAYER, id).await?;
            let weapons = self.rows_of_round(ROUND_WEAPON, id).await?;
            if hash_rows(&[&numbers, &weapons]) != hash {
                unsound.push(UnsoundRound { id, file: row.text(1).to_owned() });
            }
        }
        Ok(unsound)
    }

    async fn rows_of_round(&self, table: Table, round: i64) -> Result<Vec<Values>, StoreError> {
        let sql = format!("select {} from {} where round = $1", table.columns.join(", "), table.name);
        let rows = self.fetch("read the rows of a round", &sql, values![round]).await?;
        let mut rows: Vec<Values> = rows.into_iter().map(|row| row.0).collect();
        rows.sort();
        Ok(rows)
    }

    /// The ids of all blocks.
    pub async fn block_ids(&self) -> Result<Vec<i64>, StoreError> {
        let rows = self.fetch("list blocks", "select id from block order by id", vec![]).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }
}

impl WriteTx {
    /// Makes the rows of everybody in these blocks what they should be; the answer is how many were not. A block is
    /// compared with what stands, but players belong to many blocks and are written only when they are new.
    pub async fn mend_players(&mut self, blocks: &[(Span, Derived)]) -> Result<usize, StoreError> {
        let rounds = blocks.iter().flat_map(|(_, derived)| &derived.rounds);
        let right: BTreeMap<i64, Values> =
            rounds.flat_map(|round| &round.players).map(|one| (one.player, rows::player(one))).collect();
        let sql = format!("select {} from player where id = $1", PLAYER.columns.join(", "));
        let mut wrong = Vec::new();
        for (id, row) in right {
            let standing = self.fetch("compare a player", &sql, values![id]).await?;
            if standing.first().is_none_or(|standing| standing.0 != row) {
                wrong.push(row);
            }
        }
        self.upsert(PLAYER, &wrong).await?;
        Ok(wrong.len())
    }

    /// Forgets what a round says of its rows, so that the next write of its block makes them anew.
    pub async fn distrust(&mut self, round: i64) -> Result<(), StoreError> {
        let sql = "update round set hash = $2 where id = $1";
        self.execute("distrust a round", sql, values![round, Vec::<u8>::new()]).await.map(|_| ())
    }
}
