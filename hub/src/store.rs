//! The only place with SQL.
//!
//! Every statement is one text in the subset that SQLite and PostgreSQL share (`$1` binds, `on conflict`, integers
//! and text, no clock of the database's own), sent through one small mechanism ([`engine`]). Tables are of three kinds:
//!
//! - *kept*: artifacts, batches and receipts, agents and invites ([`archive`], [`agents`]), requests to game servers
//!   ([`control`])
//! - *decided*: decisions of people, posts that were sent ([`decisions`], [`posts`])
//! - *derived*: all else ([`tables`]); written block by block ([`derived`]), read by the reports ([`read`])

pub mod affected;
pub mod agents;
pub mod archive;
mod block_rows;
pub mod blocks;
pub mod control;
mod copies;
pub mod counts;
pub mod damage;
pub mod decisions;
mod derivation;
pub mod derived;
pub mod dump;
pub mod engine;
pub mod gaps;
pub mod half_made;
mod heal;
mod heal_rows;
pub mod health;
pub mod kept;
pub mod orphans;
mod players;
pub mod posts;
pub mod read;
pub mod receipts;
mod rows;
pub mod soundness;
pub mod sql;
pub mod tables;
pub mod totals;

pub use block_rows::BlockRows;
pub use engine::{BadUrl, DatabaseParts, DatabaseUrl, Durability, Location, Store, WriteTx};
pub use sql::{Row, StoreError, Value};
