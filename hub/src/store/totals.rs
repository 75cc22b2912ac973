//! Totals by month, season and for all time: sums of leaves, kept by adding differences.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::LocalStamp;

use crate::domain::ids;
use crate::domain::leaf::{NUMBERS, Sums};
use crate::values;

use super::derived::Difference;
use super::rows::Values;
use super::sql::{StoreError, Value};
use super::tables::{LEAF, TOTAL, Table};
use super::{Store, WriteTx};

/// The scopes that a session's numbers belong to, by the local date of its first round: everything, its season (a
/// quarter of the year) and its month. The stamp stands in the session's id.
pub fn scopes(session: i64) -> [String; 3] {
    let date = LocalStamp::from_seconds(ids::stamp_seconds(session)).date();
    let quarter = (date.month() - 1) / 3 + 1;
    ["all".to_owned(), format!("season:{}-Q{quarter}", date.year()), format!("month:{}", date.strftime("%Y-%m"))]
}

type Deltas = BTreeMap<(String, i64), Sums>;

fn add_leaf(deltas: &mut Deltas, leaf: &Values, sign: i64) {
    let int = |value: &Value| if let Value::Int(value) = value { *value } else { 0 };
    for scope in scopes(int(&leaf[0])) {
        let sums = deltas.entry((scope, int(&leaf[1]))).or_insert([0; NUMBERS.len()]);
        for (sum, value) in sums.iter_mut().zip(&leaf[4..]) {
            *sum += sign * int(value);
        }
    }
}

/// Sums as rows of the total table.
fn rows(sums: Deltas) -> impl Iterator<Item = Values> {
    sums.into_iter().map(|((scope, player), sums)| {
        let mut row = values![scope, player];
        row.extend(sums.map(Value::Int));
        row
    })
}

fn all_of(table: Table) -> String {
    format!("select {} from {}", table.columns.join(", "), table.name)
}

impl WriteTx {
    /// Adds what changed in leaves to every total above them.
    pub(super) async fn add_to_totals(&mut self, leaves: &Difference) -> Result<(), StoreError> {
        let mut deltas = Deltas::new();
        for leaf in &leaves.removed {
            add_leaf(&mut deltas, leaf, -1);
        }
        for leaf in &leaves.added {
            add_leaf(&mut deltas, leaf, 1);
        }
        deltas.retain(|_, sums| sums.iter().any(|&sum| sum != 0));
        if deltas.is_empty() {
            return Ok(());
        }
        let rows: Vec<Values> = rows(deltas).collect();
        self.add_rows(&rows).await?;
        self.execute("drop empty totals", "delete from total where rounds = 0", vec![]).await?;
        Ok(())
    }

    async fn add_rows(&mut self, rows: &[Values]) -> Result<(), StoreError> {
        let sums: Vec<String> = NUMBERS.iter().map(|n| format!("{n} = total.{n} + excluded.{n}")).collect();
        let clause = format!("on conflict (scope, player) do update set {}", sums.join(", "));
        self.insert_with(TOTAL, rows, &clause).await
    }

    /// Makes all totals anew from the leaves; the answer is how many were wrong.
    pub async fn remake_totals(&mut self) -> Result<usize, StoreError> {
        let mut right = Deltas::new();
        for row in self.fetch("read leaves to mend totals", &all_of(LEAF), vec![]).await? {
            add_leaf(&mut right, &row.0, 1);
        }
        let right: BTreeSet<Values> = rows(right).collect();
        let standing = self.fetch("read totals to mend", &all_of(TOTAL), vec![]).await?;
        let standing: BTreeSet<Values> = standing.into_iter().map(|row| row.0).collect();
        let wrong = standing.symmetric_difference(&right).count();
        if wrong > 0 {
            self.execute("clear totals", "delete from total", vec![]).await?;
            let rows: Vec<Values> = right.into_iter().collect();
            self.insert(TOTAL, &rows).await?;
        }
        Ok(wrong)
    }
}

impl Store {
    /// How many totals differ from a recomputation from the leaves.
    pub async fn wrong_totals(&self) -> Result<usize, StoreError> {
        let mut right = Deltas::new();
        for row in self.fetch("read leaves to check totals", &all_of(LEAF), vec![]).await? {
            add_leaf(&mut right, &row.0, 1);
        }
        let standing = self.fetch("read totals to check", &all_of(TOTAL), vec![]).await?;
        let mut wrong = 0;
        for row in standing {
            let sums = right.remove(&(row.text(0).to_owned(), row.int(1)));
            let same = sums.is_some_and(|sums| sums.iter().zip(2..).all(|(&sum, column)| row.int(column) == sum));
            wrong += usize::from(!same);
        }
        Ok(wrong + right.len())
    }
}
