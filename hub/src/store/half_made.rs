//! A database that is half a hub: a restore into it is under way, or broke off.
//!
//! The mark is written before anything else and removed when the hub is whole and in its place, so that no hub works on
//! a half one, and only a half one is ever taken away.

use crate::values;

use super::kept::KEPT;
use super::sql::StoreError;
use super::tables;
use super::{Store, WriteTx};

/// The kind of decision that is the mark; its value tells the backup.
pub(super) const RESTORING: &str = "restoring";
/// The mark's number: the decisions that are put back begin behind it.
const NUMBER: i64 = 0;

impl Store {
    /// Of which backup the database is a half-made hub, by the backup's identity; none where it is whole, or empty.
    pub async fn restoring(&self) -> Result<Option<String>, StoreError> {
        let sql = "select value from decision where kind = $1";
        let rows = self.fetch("look for a half-made hub", sql, values![RESTORING]).await?;
        Ok(rows.first().map(|row| row.text(0).to_owned()))
    }
}

impl WriteTx {
    /// Marks the database as a half-made hub of this backup.
    pub async fn begin_restoring(&mut self, backup: &str, now_ms: i64) -> Result<(), StoreError> {
        let sql = "insert into decision (id, kind, target, value, author, reason, made_ms) \
                   values ($1, $2, 'database', $3, 'hub', 'a restore is under way', $4)";
        let values = values![NUMBER, RESTORING, backup, now_ms];
        self.execute("mark a half-made hub", sql, values).await.map(|_| ())
    }

    /// Takes the mark away: the hub is whole.
    pub async fn end_restoring(&mut self) -> Result<(), StoreError> {
        let sql = "delete from decision where kind = $1";
        self.execute("take the mark of a half-made hub away", sql, values![RESTORING]).await.map(|_| ())
    }

    /// Takes everything away that is derived, decided or kept, the mark too.
    pub async fn take_all_away(&mut self) -> Result<(), StoreError> {
        let player = tables::PLAYER.name;
        let derived = tables::ALL.iter().rev().map(|table| table.name).filter(|name| *name != player);
        let kept = KEPT.iter().rev().map(|table| table.name);
        // Each before those that it refers to.
        for table in ["pending"].into_iter().chain(derived).chain([player]).chain(kept) {
            self.execute("take a half-made hub away", &format!("delete from {table}"), vec![]).await?;
        }
        Ok(())
    }
}
