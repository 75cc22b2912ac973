//! Whether rows below a round are the ones that the round says it has.

use crate::values;

use super::block_rows::{BELOW_ROUND, hash_rows};
use super::rows::Values;
use super::sql::StoreError;
use super::tables::Table;
use super::{Store, WriteTx};

/// A round whose rows below it were changed by something else than this program.
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
            let mut below = Vec::with_capacity(BELOW_ROUND.len());
            for table in BELOW_ROUND {
                below.push(self.rows_of_round(table, id).await?);
            }
            let below: Vec<&[Values]> = below.iter().map(Vec::as_slice).collect();
            if hash_rows(&below) != hash {
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
    /// Forgets what a round says of its rows, so that the next write of its block makes them anew.
    pub async fn distrust(&mut self, round: i64) -> Result<(), StoreError> {
        let sql = "update round set hash = $2 where id = $1";
        self.execute("distrust a round", sql, values![round, Vec::<u8>::new()]).await.map(|_| ())
    }
}
