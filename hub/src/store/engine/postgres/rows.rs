//! Values to binds, and answers to rows.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgRow, PgTypeInfo};
use sqlx::{Arguments, Column, Encode, Postgres, Row as _, Type, TypeInfo, ValueRef};

use crate::store::sql::{Row, Value};

/// A null of no type: the server takes it for what the statement needs there.
struct Unknown;

impl Type<Postgres> for Unknown {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(705))
    }
}

impl Encode<'_, Postgres> for Unknown {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

const ENCODES: &str = "integers, text and bytes always encode";

pub(super) fn bind(values: Vec<Value>) -> PgArguments {
    let mut arguments = PgArguments::default();
    for value in values {
        let added = match value {
            Value::Null => arguments.add(Unknown),
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
            Value::Ints(list) => arguments.add(list),
        };
        added.expect(ENCODES);
    }
    arguments
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Int,
    Text,
    Bytes,
}

impl Kind {
    /// By the name of the server's type.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "int8" => Self::Int,
            "bytea" => Self::Bytes,
            _ => Self::Text,
        }
    }

    /// The name of the server's type.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Int => "bigint",
            Self::Text => "text",
            Self::Bytes => "bytea",
        }
    }
}

/// Rows as one array for each column.
pub(super) fn bind_columns(kinds: &[Kind], rows: &[&[Value]]) -> PgArguments {
    let mut arguments = PgArguments::default();
    for (column, kind) in kinds.iter().enumerate() {
        let values = rows.iter().map(|row| row.get(column));
        let added = match kind {
            Kind::Int => arguments.add(values.map(int).collect::<Vec<_>>()),
            Kind::Text => arguments.add(values.map(text).collect::<Vec<_>>()),
            Kind::Bytes => arguments.add(values.map(bytes).collect::<Vec<_>>()),
        };
        added.expect(ENCODES);
    }
    arguments
}

fn int(value: Option<&Value>) -> Option<i64> {
    if let Some(Value::Int(value)) = value { Some(*value) } else { None }
}

fn text(value: Option<&Value>) -> Option<&str> {
    if let Some(Value::Text(text)) = value { Some(text) } else { None }
}

fn bytes(value: Option<&Value>) -> Option<&[u8]> {
    if let Some(Value::Bytes(bytes)) = value { Some(bytes) } else { None }
}

pub(super) fn read(rows: &[PgRow]) -> Result<Vec<Row>, sqlx::Error> {
    rows.iter().map(read_row).collect()
}

fn read_row(row: &PgRow) -> Result<Row, sqlx::Error> {
    let read = |at: usize, kind: &str| {
        if row.try_get_raw(at)?.is_null() {
            return Ok(Value::Null);
        }
        Ok(match kind {
            "INT8" => Value::Int(row.try_get_unchecked(at)?),
            "INT4" => Value::Int(row.try_get_unchecked::<i32, _>(at)?.into()),
            "BOOL" => Value::Int(row.try_get_unchecked::<bool, _>(at)?.into()),
            "BYTEA" => Value::Bytes(row.try_get_unchecked(at)?),
            "TEXT" | "VARCHAR" | "NAME" => Value::Text(row.try_get_unchecked(at)?),
            other => {
                let source = format!("{other} is read by nobody: cast it to bigint or text").into();
                return Err(sqlx::Error::ColumnDecode { index: at.to_string(), source });
            }
        })
    };
    let columns = row.columns().iter().map(|column| read(column.ordinal(), column.type_info().name()));
    columns.collect::<Result<Vec<_>, _>>().map(Row)
}
