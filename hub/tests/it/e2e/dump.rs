//! `slomix-hub dump`, row by row.

use std::collections::BTreeMap;

use serde_json::Value;

/// Every derived row, by table.
pub(crate) struct Dump(BTreeMap<String, Vec<Value>>);

impl Dump {
    pub(crate) fn read(text: &str) -> Self {
        let mut tables: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in text.lines() {
            let row: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
            let table = row["table"].as_str().unwrap_or_else(|| panic!("no table: {line}")).to_owned();
            tables.entry(table).or_default().push(row);
        }
        Self(tables)
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &str) -> &[Value] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    /// The only row of a table whose column holds this.
    pub(crate) fn row<'a>(&'a self, table: &str, column: &str, wanted: &Value) -> &'a Value {
        let found: Vec<&Value> = self.rows(table).iter().filter(|row| row[column] == *wanted).collect();
        let [row] = found[..] else { panic!("{} rows of {table} have {wanted} as {column}", found.len()) };
        row
    }

    /// How many files have each fate, by state and code.
    pub(crate) fn fates(&self) -> BTreeMap<(String, String), usize> {
        let mut fates = BTreeMap::new();
        for row in self.rows("disposition") {
            *fates.entry((text(&row["state"]), text(&row["code"]))).or_default() += 1;
        }
        fates
    }
}

/// A text column.
pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

/// An integer column.
pub(crate) fn int(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is no integer"))
}
