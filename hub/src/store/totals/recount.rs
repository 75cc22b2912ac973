//! Totals counted again from all leaves, to check those that stand and to mend them.

use std::collections::BTreeSet;
use std::future::Future;

use super::{Rollup, Totals, rows};
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
    let mut count = Count::of(rollup);
    let mut after = vec![Value::Int(i64::MIN), Value::Int(i64::MIN), map_or_weapon];
    while let Some(rows) = next_page(source, leaf, &mut after).await? {
        count.add(&rows);
    }
    let mut after = [vec![Value::Text(String::new()), Value::Int(i64::MIN)], weapon].concat();
    while let Some(rows) = next_page(source, total, &mut after).await? {
        count.compare(rows);
    }
    Ok(count.end())
}

/// A count under way: first all leaves, then the totals that stand.
struct Count {
    rollup: Rollup,
    right: Totals,
    stale: Vec<Values>,
}

impl Count {
    fn of(rollup: Rollup) -> Self {
        Self { rollup, right: Totals::new(), stale: Vec::new() }
    }

    fn add(&mut self, leaves: &[Row]) {
        for Row(leaf) in leaves.iter().filter(|leaf| self.rollup.allows(&leaf.0)) {
            self.rollup.add(&mut self.right, leaf, 1);
        }
    }

    fn compare(&mut self, totals: Vec<Row>) {
        for Row(mut row) in totals {
            let numbers = row.split_off(self.rollup.total().key);
            // In SQLite a number can be a text, which is no sum of anything.
            let same = |sums: &Vec<i64>| sums.iter().zip(&numbers).all(|(sum, number)| *number == Value::Int(*sum));
            if self.right.get(&row).is_some_and(same) {
                self.right.remove(&row);
            } else {
                self.stale.push(row);
            }
        }
    }

    fn end(self) -> Recount {
        let Self { right, stale, .. } = self;
        let surplus = stale.iter().filter(|key| !right.contains_key(*key)).count();
        Recount { wrong: right.len() + surplus, right, stale }
    }
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
    // A damaged text is not read as it lies there, and would be found behind itself for ever.
    let Some(last) = rows.last().map(|last| last.0[..table.key].to_vec()).filter(|last| last != after) else {
        return Ok(None);
    };
    *after = last;
    Ok(Some(rows))
}

impl WriteTx {
    /// Makes totals be what their leaves come to; the answer is how many were not.
    pub async fn remake_totals(&mut self) -> Result<usize, StoreError> {
        let mut wrong = 0;
        for rollup in Rollup::ALL {
            let recount = recount(self, rollup).await?;
            wrong += recount.wrong;
            self.put_right(rollup, recount).await?;
        }
        Ok(wrong)
    }

    /// The same for the totals of some players.
    pub(super) async fn recount_players(&mut self, players: BTreeSet<i64>) -> Result<(), StoreError> {
        let players = Value::Ints(players.into_iter().collect());
        let sql = "select id from player where id = any($1)";
        let there = self.fetch("look which players are there", sql, vec![players]).await?;
        let there = Value::Ints(there.iter().map(|row| row.int(0)).collect());
        for rollup in Rollup::ALL {
            let of_players = |table: Table| {
                format!("select {} from {} where player = any($1)", table.columns.join(", "), table.name)
            };
            let mut count = Count::of(rollup);
            let leaves = of_players(rollup.leaf());
            count.add(&self.fetch("read the leaves of players", &leaves, vec![there.clone()]).await?);
            let totals = of_players(rollup.total());
            count.compare(self.fetch("read the totals of players", &totals, vec![there.clone()]).await?);
            self.put_right(rollup, count.end()).await?;
        }
        Ok(())
    }

    async fn put_right(&mut self, rollup: Rollup, recount: Recount) -> Result<(), StoreError> {
        let table = rollup.total();
        let conditions: Vec<String> =
            table.key_columns().iter().zip(1..).map(|(column, at)| format!("{column} = ${at}")).collect();
        let sql = format!("delete from {} where {}", table.name, conditions.join(" and "));
        for key in recount.stale {
            self.execute("remove a wrong total", &sql, key).await?;
        }
        let rows: Vec<Values> = rows(recount.right).collect();
        self.insert(table, &rows).await
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
