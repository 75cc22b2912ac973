//! Rows of players, which belong to no block of their own, made what they should be; for rebuilds.

use std::collections::BTreeMap;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::values;

use super::WriteTx;
use super::rows::{self, Values};
use super::sql::StoreError;
use super::tables::PLAYER;

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
}
