//! The two engines under one API: SQLite, embedded, and PostgreSQL, by URL.
//!
//! Every statement is one text for both. Two things have a form of their own in each engine and are made here: rows
//! in bulk (`WriteTx::insert_rows`), and lists of ids, written as `= any($1)` with a [`Value::Ints`].
//!
//! | | SQLite | PostgreSQL |
//! |---|---|---|
//! | one writer at a time | begins immediate | an advisory lock for each transaction |
//! | one hub at a time | the lock of the data directory | an advisory lock of the writing session ([`Store::hold`]) |
//! | [`Durability::Full`] | `synchronous = full` | `synchronous_commit = on` |
//! | [`Durability::Relaxed`] | `synchronous = normal` | `synchronous_commit = off` |
//!
//! Each statement that goes through is told at level `trace` with what it is for and the
//! kinds of its binds (null, integer, text, bytes, list), under the target [`STATEMENTS`].

mod postgres;
mod sqlite;
mod url;
mod writing;

pub use url::{BadUrl, DatabaseParts, DatabaseUrl};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::watch;

use super::sql::{Row, StoreError, Value};
use super::totals::Owed;
use writing::Writing;

/// The target under which statements are told.
pub const STATEMENTS: &str = "slomix_hub::statements";

/// How durable a transaction must be when its commit returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// On the disk, whatever happens to the power: what is acknowledged, and what was sent.
    Full,
    /// In the log: derived rows, which are made again if they are lost.
    Relaxed,
}

/// Where a database is.
#[derive(Debug, Clone)]
pub enum Location {
    /// SQLite, in this file.
    File(PathBuf),
    /// PostgreSQL, behind this URL.
    Server(DatabaseUrl),
}

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    engine: Engine,
    writing: Writing,
    /// How often kept rows were made whole.
    healed: Arc<AtomicU64>,
}

#[derive(Debug, Clone)]
enum Engine {
    Sqlite(sqlite::Sqlite),
    Postgres(postgres::Postgres),
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings its schema up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        sqlite::Sqlite::open(path).await.map(Engine::Sqlite).map(Self::over)
    }

    /// Connects to a server and brings the schema there up to date.
    pub async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        postgres::Postgres::connect(url).await.map(Engine::Postgres).map(Self::over)
    }

    fn over(engine: Engine) -> Self {
        Self { engine, writing: Writing::new(), healed: Arc::default() }
    }

    /// Opens or connects.
    pub async fn at(location: &Location) -> Result<Self, StoreError> {
        match location {
            Location::File(path) => Self::open(path).await,
            Location::Server(url) => Self::connect(url).await,
        }
    }

    /// Makes this the one hub that works on the database, as long as the value lives; a file is its data directory's
    /// to lock. Other processes can still write a transaction now and then.
    pub async fn hold(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(server) => server.hold().await,
        }
    }

    /// What to call the database before people: the file, or the server without a password.
    pub fn name(&self) -> String {
        match &self.engine {
            Engine::Sqlite(file) => file.path().display().to_string(),
            Engine::Postgres(server) => server.name().to_owned(),
        }
    }

    /// Which engine it is, in what version, and where on a server.
    pub async fn engine(&self) -> Result<String, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.engine().await,
            Engine::Postgres(server) => server.engine().await,
        }
    }

    /// Where the file lies, for an embedded database.
    pub fn path(&self) -> Option<&Path> {
        match &self.engine {
            Engine::Sqlite(file) => Some(file.path()),
            Engine::Postgres(_) => None,
        }
    }

    /// Its size on the disk, in bytes.
    pub async fn bytes(&self) -> Result<u64, StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => Ok(file.bytes()),
            Engine::Postgres(server) => server.bytes().await,
        }
    }

    /// Fails if the file that was opened no longer lies where it was: what is written then is gone with the process.
    /// A server tells by itself, when it is connected to again.
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => self.writing.step(file.check_in_place()),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Rows of a reading statement.
    pub async fn fetch(&self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        let engine = match &self.engine {
            Engine::Sqlite(_) => SQLITE,
            Engine::Postgres(_) => POSTGRES,
        };
        tell(engine, doing, sql, || values.iter().map(kind).collect());
        match &self.engine {
            Engine::Sqlite(file) => file.fetch(doing, sql, values).await,
            Engine::Postgres(server) => server.fetch(doing, sql, values).await,
        }
    }

    /// Begins a writing transaction; it rolls back unless committed.
    pub async fn begin(&self, durability: Durability) -> Result<WriteTx, StoreError> {
        let begun = match &self.engine {
            Engine::Sqlite(file) => file.begin(durability).await.map(Tx::Sqlite),
            Engine::Postgres(server) => server.begin(durability).await.map(Tx::Postgres),
        };
        self.writing(begun)
    }

    fn writing(&self, begun: Result<Tx, StoreError>) -> Result<WriteTx, StoreError> {
        let (writing, healed) = (self.writing.clone(), Arc::clone(&self.healed));
        self.writing.step(begun).map(|tx| WriteTx { tx, writing, owed: Owed::default(), heals: false, healed })
    }

    /// How often kept rows were made whole since this was opened.
    pub(super) fn times_healed(&self) -> u64 {
        self.healed.load(Ordering::Relaxed)
    }

    /// Begins a writing transaction, relaxed, that may remove rows which speak of what is not there.
    pub(super) async fn begin_unchecked(&self) -> Result<WriteTx, StoreError> {
        let begun = match &self.engine {
            Engine::Sqlite(file) => file.begin_unchecked().await.map(Tx::Sqlite),
            // It looks only at what a transaction changed.
            Engine::Postgres(server) => server.begin(Durability::Relaxed).await.map(Tx::Postgres),
        };
        self.writing(begun)
    }

    /// Tells the engine's planner how large the kept tables have become, before many statements go through them. SQLite
    /// needs no telling: its statements name the way.
    pub async fn take_stock(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(server) => server.take_stock().await,
        }
    }

    /// Gives room back and counts anew for the planner. Whoever writes waits until it is done; readers do not.
    pub async fn vacuum(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.vacuum().await,
            Engine::Postgres(server) => server.vacuum().await,
        }
    }

    /// Why nothing can be written, from a write that failed for what lies with the database until one is made again.
    pub fn write_trouble(&self) -> watch::Receiver<Option<String>> {
        self.writing.trouble()
    }

    /// Whether the database can be reached and answers; it says so as soon as it knows.
    pub async fn answers(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => file.fetch("answer", "select 1", vec![]).await.map(drop),
            Engine::Postgres(server) => server.answers().await,
        }
    }

    /// Looks whether this is still the hub that works on the database, and takes it again if the session that held it
    /// was lost. Fails where another hub has it now.
    pub async fn keep_hold(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(server) => self.writing.step(server.keep_hold().await),
        }
    }

    /// Whether there is room for what comes next, as far as that can be told beforehand.
    pub(super) async fn has_room(&self) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(file) => self.writing.step(file.has_room().await),
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// Moves all tables on a server aside, into a schema that is named after `stamp`, so that another hub can be made in
    /// their place; the answer is the schema. Close this then, and connect anew. A file is moved by its directory.
    pub async fn move_aside(&self, stamp: &str) -> Result<Option<String>, StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(None),
            Engine::Postgres(server) => server.move_aside(stamp).await.map(Some),
        }
    }

    /// Puts tables back that [`Self::move_aside`] moved, in the place of those that are here now, which are gone then.
    pub async fn bring_back(&self, schema: &str) -> Result<(), StoreError> {
        match &self.engine {
            Engine::Sqlite(_) => Ok(()),
            Engine::Postgres(server) => server.bring_back(schema).await,
        }
    }

    /// Closes all connections; the log of a file is folded into it.
    pub async fn close(&self) {
        match &self.engine {
            Engine::Sqlite(file) => file.close().await,
            Engine::Postgres(server) => server.close().await,
        }
    }
}

/// A writing transaction, alone until it ends.
#[derive(Debug)]
pub struct WriteTx {
    tx: Tx,
    writing: Writing,
    /// What the totals do not show yet of the leaves written here; added before the commit, once for all of them.
    pub(super) owed: Owed,
    /// Whether kept rows are made whole here.
    heals: bool,
    healed: Arc<AtomicU64>,
}

#[derive(Debug)]
enum Tx {
    Sqlite(sqlite::Tx),
    Postgres(postgres::Tx),
}

/// What [`WriteTx::insert_rows`] inserts into.
#[derive(Debug, Clone, Copy)]
pub(super) struct Into<'a> {
    /// The table's name.
    pub(super) table: &'a str,
    /// The columns that the rows have, in order.
    pub(super) columns: &'a [&'a str],
    /// What stands behind the rows: a conflict clause, a returning clause, or nothing.
    pub(super) clause: &'a str,
}

impl WriteTx {
    /// Rows of a statement, seeing what this transaction wrote.
    pub async fn fetch(&mut self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        tell(self.tx.engine(), doing, sql, || values.iter().map(kind).collect());
        let rows = match &mut self.tx {
            Tx::Sqlite(tx) => tx.fetch(doing, sql, values).await,
            Tx::Postgres(tx) => tx.fetch(doing, sql, values).await,
        };
        self.writing.step(rows)
    }

    /// Runs a statement; the answer is how many rows it touched.
    pub async fn execute(&mut self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        tell(self.tx.engine(), doing, sql, || values.iter().map(kind).collect());
        let touched = match &mut self.tx {
            Tx::Sqlite(tx) => tx.execute(doing, sql, values).await,
            Tx::Postgres(tx) => tx.execute(doing, sql, values).await,
        };
        self.writing.step(touched)
    }

    /// Inserts many rows with as few statements as the engine needs; the answer is what the clause returns.
    pub(super) async fn insert_rows(
        &mut self,
        doing: &'static str,
        into: Into<'_>,
        rows: &[&[Value]],
    ) -> Result<Vec<Row>, StoreError> {
        let returned = match &mut self.tx {
            Tx::Sqlite(tx) => tx.insert_rows(doing, into, rows).await,
            Tx::Postgres(tx) => tx.insert_rows(doing, into, rows).await,
        };
        self.writing.step(returned)
    }

    /// Checks now what would be checked at the commit: in PostgreSQL that is work for each row, which others need not
    /// wait for then. SQLite keeps a count and knows at once.
    pub(super) async fn check_references(&mut self) -> Result<(), StoreError> {
        let checked = match &mut self.tx {
            Tx::Sqlite(_) => Ok(()),
            Tx::Postgres(tx) => tx.check_references().await,
        };
        self.writing.step(checked)
    }

    /// Says that a kept row is another one now.
    pub(super) fn heals(&mut self) {
        self.heals = true;
    }

    /// Makes it so.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        self.add_to_totals().await?;
        let committed = match self.tx {
            Tx::Sqlite(tx) => tx.commit().await,
            Tx::Postgres(tx) => tx.commit().await,
        };
        if self.heals {
            self.healed.fetch_add(1, Ordering::Relaxed);
        }
        self.writing.commit(committed)
    }
}

/// What the engines are called where statements are told.
const SQLITE: &str = "SQLite";
const POSTGRES: &str = "PostgreSQL";

impl Tx {
    fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => SQLITE,
            Self::Postgres(_) => POSTGRES,
        }
    }
}

fn tell(engine: &'static str, doing: &'static str, sql: &str, binds: impl Fn() -> String) {
    tracing::trace!(target: STATEMENTS, engine, doing, sql, binds = binds());
}

/// A letter for what a bind holds.
fn kind(value: &Value) -> char {
    match value {
        Value::Null => 'n',
        Value::Int(_) => 'i',
        Value::Text(_) => 't',
        Value::Bytes(_) => 'b',
        Value::Ints(_) => 'l',
    }
}
