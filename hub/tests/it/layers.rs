//! The six layers that stand between a file and a wrong number: for each, what it stops, on the whole way from the
//! archive to the rows.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

pub(crate) mod constraints;
mod cross_field;
mod duplicates;
mod healthy;
mod integrity;
mod schema;
mod schema_file;
mod transaction;
