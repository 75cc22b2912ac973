//! Rows of players, which belong to no block of their own: made what deriving says whenever a block of theirs is
//! written, whatever stands there.

use std::collections::BTreeMap;

use super::WriteTx;
use super::orphans::OF_NOBODY;
use super::rows::Values;
use super::sql::{Row, StoreError, Value};
use super::tables::PLAYER;

/// Where the key stands in a player's row.
const KEY: usize = 1;

impl WriteTx {
    /// Makes the rows of some players, by id, be these; the answer is how many were not. Most are there already, and
    /// are read and left as they are.
    pub(super) async fn put_players(&mut self, right: BTreeMap<i64, Values>) -> Result<usize, StoreError> {
        if right.is_empty() {
            return Ok(0);
        }
        let sql = format!("select {} from player where id = any($1)", PLAYER.columns.join(", "));
        let ids = Value::Ints(right.keys().copied().collect());
        let standing = self.fetch("compare players", &sql, vec![ids]).await?;
        let standing: BTreeMap<i64, Values> = standing.into_iter().map(|row| (row.int(0), row.0)).collect();
        let wrong: Vec<(i64, Values)> = right.into_iter().filter(|(id, row)| standing.get(id) != Some(row)).collect();
        for (id, row) in &wrong {
            if standing.get(id).is_none_or(|standing| standing[KEY] != row[KEY]) {
                self.free_key(*id, &row[KEY]).await?;
            }
        }
        let wrong: Vec<Values> = wrong.into_iter().map(|(_, row)| row).collect();
        self.upsert(PLAYER, &wrong).await?;
        Ok(wrong.len())
    }

    /// Takes a player's key from a row that has it under another id, which only something else than this program can
    /// have written. That row goes, unless others speak of it: those are right again with their own blocks.
    async fn free_key(&mut self, id: i64, key: &Value) -> Result<(), StoreError> {
        let sql = "select id from player where key = $1 and id <> $2";
        let held = self.fetch("look who has a player's key", sql, vec![key.clone(), id.into()]).await?;
        let Some(holder) = held.first().map(|row: &Row| row.0[0].clone()) else { return Ok(()) };
        tracing::warn!("the row of the player {key:?} was damaged: it stood under the id {holder:?} and not {id}");
        // By its key, which is one row's alone: in SQLite the id can be anything, and be read as something else.
        let sql = format!("delete from player where key = $1 and id <> $2 and {OF_NOBODY}");
        if self.execute("remove a damaged player", &sql, vec![key.clone(), id.into()]).await? == 0 {
            let free = if let Value::Int(holder) = holder { format!("?{holder}") } else { format!("?{holder:?}") };
            let sql = "update player set key = $3 where key = $1 and id <> $2";
            self.execute("free a player's key", sql, vec![key.clone(), id.into(), free.into()]).await?;
        }
        Ok(())
    }
}
