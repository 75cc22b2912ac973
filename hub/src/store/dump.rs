//! Every derived row as text, for comparing two databases.

use serde_json::{Map, Value as Json, json};

use super::Store;
use super::sql::{StoreError, Value};
use super::tables::{ALL, Table};

/// Columns that hold ids: as text, since not every reader of JSON tells 63 bits exactly.
const IDS: [&str; 13] = [
    "id",
    "artifact",
    "block",
    "session",
    "round",
    "player",
    "map_play",
    "first_round",
    "first_half",
    "second_half",
    "last_round",
    "subject_player",
    "opponent_player",
];

impl Store {
    /// The rows of one derived table as JSON lines, sorted by key. No clock and no order of arrival is in them.
    pub async fn dump_table(&self, table: Table) -> Result<Vec<String>, StoreError> {
        let columns = table.columns.join(", ");
        let sql = format!("select {columns} from {} order by {}", table.name, table.key_columns().join(", "));
        let rows = self.fetch("dump a table", &sql, vec![]).await?;
        Ok(rows.into_iter().map(|row| line(table, row.0)).collect())
    }

    /// The derived tables in the order of a dump.
    pub fn dump_tables() -> impl Iterator<Item = Table> {
        let mut tables = ALL.to_vec();
        tables.sort_by_key(|table| table.name);
        tables.into_iter()
    }
}

fn line(table: Table, values: Vec<Value>) -> String {
    let mut object = Map::new();
    object.insert("table".to_owned(), json!(table.name));
    for (column, value) in table.columns.iter().zip(values) {
        let value = match value {
            Value::Null => Json::Null,
            Value::Int(value) if IDS.contains(column) => json!(value.to_string()),
            Value::Int(value) => json!(value),
            Value::Text(text) => json!(text),
            Value::Bytes(bytes) => json!(data_encoding::HEXLOWER.encode(&bytes)),
        };
        object.insert((*column).to_owned(), value);
    }
    Json::Object(object).to_string()
}
