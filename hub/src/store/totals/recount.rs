//! Totals counted again from all leaves, to check those that stand and to mend them.

use std::future::Future;

use super::{Rollup, Totals, integer, rows};
use crate::store::rows::Values;
use crate::store::sql::{Row, StoreError, Value};
use crate::store::tables::Table;
use crate::store::{Store, WriteTx};

/// Tables are read in pieces, so that years of leaves never lie in memory at once.
const ROWS_AT_ONCE: i64 = 5_000;

/// Where rows are read from: what is committed, or what a transaction sees.
trait Source {
    fn read(&mut self, sql: &str, values: Values) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;
}

impl Source for &Store {
    async fn read(&mut self, sql: &str, values: Values) -> Result<Vec<Row>, StoreError> {
        self.fetch("count totals again", sql, values).await
    }
}

impl Source for WriteTx {
    async fn read(&mut self, sql: &str, values: Values) -> Result<Vec<Row>, StoreError> {
        self.fetch("count totals again, to mend them", sql, values).await
    }
}

/// What a count came to.
struct Recount {
    /// The totals that are missing or wrong, as they must be.
    right: Totals,
    /// The keys of those that stand and must not, or not so.
    stale: Vec<Values>,
    /// How many totals are missing, wrong, or too many.
    wrong: usize,
}

async fn recount(source: &mut impl Source, rollup: Rollup) -> Result<Recount, StoreError> {
    let (leaf, total) = (rollup.leaf(), rollup.total());
    let (map_or_weapon, weapon) = match rollup {
        Rollup::Players => (Value::Text(String::new()), vec![]),
        Rollup::Weapons => (Value::Int(-1), vec![Value::Int(-1)]),
    };
    let mut right = Totals::new();
    let mut after = vec![Value::Int(i64::MIN), Value::Int(i64::MIN), map_or_weapon];
    while let Some(rows) = next_page(source, leaf, &mut after).await? {
        for Row(row) in &rows {
            rollup.add(&mut right, row, 1);
        }
    }
    let mut stale = Vec::new();
    let mut after = [vec![Value::Text(String::new()), Value::Int(i64::MIN)], weapon].concat();
    while let Some(rows) = next_page(source, total, &mut after).await? {
        for Row(mut row) in rows {
            let numbers = row.split_off(total.key);
            if right.get(&row).is_some_and(|sums| sums.iter().copied().eq(numbers.iter().map(integer))) {
                right.remove(&row);
            } else {
                stale.push(row);
            }
        }
    }
    let surplus = stale.iter().filter(|key| !right.contains_key(*key)).count();
    Ok(Recount { wrong: right.len() + surplus, right, stale })
}

/// The next rows of a table in the order of its key, if there are any; `after` is moved to the last of them.
async fn next_page(source: &mut impl Source, table: Table, after: &mut Values) -> Result<Option<Vec<Row>>, StoreError> {
    let key = table.key_columns().join(", ");
    let binds: Vec<String> = (1..=table.key).map(|at| format!("${at}")).collect();
    let sql = format!(
        "select {} from {} where ({key}) > ({}) order by {key} limit ${}",
        table.columns.join(", "),
        table.name,
        binds.join(", "),
        table.key + 1
    );
    let values = [after.clone(), vec![Value::Int(ROWS_AT_ONCE)]].concat();
    let rows = source.read(&sql, values).await?;
    if let Some(last) = rows.last() {
        *after = last.0[..table.key].to_vec();
    }
    Ok((!rows.is_empty()).then_some(rows))
}

impl WriteTx {
    /// Makes totals be what their leaves come to; the answer is how many were not.
    pub async fn remake_totals(&mut self) -> Result<usize, StoreError> {
        let mut wrong = 0;
        for rollup in Rollup::ALL {
            let recount = recount(self, rollup).await?;
            wrong += recount.wrong;
            let table = rollup.total();
            let conditions: Vec<String> =
                table.key_columns().iter().zip(1..).map(|(column, at)| format!("{column} = ${at}")).collect();
            let sql = format!("delete from {} where {}", table.name, conditions.join(" and "));
            for key in recount.stale {
                self.execute("remove a wrong total", &sql, key).await?;
            }
            let rows: Vec<Values> = rows(recount.right).collect();
            self.insert(table, &rows).await?;
        }
        Ok(wrong)
    }
}

impl Store {
    /// How many totals differ from a count of the leaves.
    pub async fn wrong_totals(&self) -> Result<usize, StoreError> {
        let mut wrong = 0;
        for rollup in Rollup::ALL {
            wrong += recount(&mut &*self, rollup).await?.wrong;
        }
        Ok(wrong)
    }
}
