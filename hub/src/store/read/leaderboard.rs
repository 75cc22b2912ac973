use super::players::{WeaponTotals, sums_from_row};
use crate::domain::leaf::{NUMBERS, Sums, WEAPON_NUMBERS};
use crate::store::Store;
use crate::store::sql::StoreError;
use crate::values;

/// Ids below this are real GUIDs; the rest are bots, placeholders and lines that share one, who are never ranked.
const REAL_PLAYERS: i64 = 1 << 32;

impl Store {
    /// The sums of everybody real in a scope, by player.
    pub async fn totals_of_scope(&self, scope: &str) -> Result<Vec<(i64, Sums)>, StoreError> {
        let sql = format!(
            "select player, {} from total where scope = $1 and player < $2 order by player",
            NUMBERS.join(", ")
        );
        let rows = self.fetch("read a leaderboard", &sql, values![scope, REAL_PLAYERS]).await?;
        Ok(rows.iter().map(|row| (row.int(0), sums_from_row(row, 1))).collect())
    }

    /// The sums of everybody real with one weapon in a scope, by player.
    pub async fn weapon_totals_of_scope(
        &self,
        scope: &str,
        weapon: i64,
    ) -> Result<Vec<(i64, WeaponTotals)>, StoreError> {
        let sql = format!(
            "select player, {} from weapon_total where scope = $1 and player < $2 and weapon = $3 order by player",
            WEAPON_NUMBERS.join(", ")
        );
        let rows = self.fetch("read a weapon's leaderboard", &sql, values![scope, REAL_PLAYERS, weapon]).await?;
        Ok(rows.iter().map(|row| (row.int(0), WeaponTotals::from_row(row, 1))).collect())
    }

    /// Every scope that has totals, once; each is found by one step in the index.
    pub async fn scopes(&self) -> Result<Vec<String>, StoreError> {
        let sql = "with recursive known (scope) as (select min(t.scope) from total t union all \
                   select (select min(t.scope) from total t where t.scope > known.scope) from known \
                   where known.scope is not null) select scope from known where scope is not null";
        let rows = self.fetch("list scopes", sql, vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }
}
