//! The embedded engine: one file, write-ahead log, one writer at a time, several readers.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{AssertSqlSafe, Executor, Row as _, Sqlite, SqlitePool, TypeInfo, ValueRef};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::sql::{Row, StoreError, Value};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

/// How durable a transaction must be when its commit returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// On the disk, whatever happens to the power: what is acknowledged, and what was sent.
    Full,
    /// In the log: derived rows, which are made again if they are lost.
    Relaxed,
}

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    readers: SqlitePool,
    durable: SqlitePool,
    relaxed: SqlitePool,
    /// Writers queue here, in order of arrival, instead of meeting a busy database.
    turn: Arc<Mutex<()>>,
    path: PathBuf,
    /// Device and inode of the file as opened.
    identity: Option<(u64, u64)>,
}

impl Store {
    /// Opens the file, makes it if it is not there, and brings its schema up to date.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let options = |synchronous: SqliteSynchronous| {
            SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("cache_size", "-8000")
                .statement_cache_capacity(256)
        };
        let doing = "open the database";
        let failed = |source| StoreError::Database { doing, source };
        let durable = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(SqliteSynchronous::Full))
            .await
            .map_err(failed)?;
        migrate(&durable, path).await?;
        let relaxed = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(SqliteSynchronous::Normal))
            .await
            .map_err(failed)?;
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options(SqliteSynchronous::Normal).read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self {
            readers,
            durable,
            relaxed,
            turn: Arc::new(Mutex::new(())),
            identity: identity(path),
            path: path.to_owned(),
        })
    }

    /// Where the file lies.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Fails if the file that was opened no longer lies where it was: what is written then is gone with the process.
    pub fn check_in_place(&self) -> Result<(), StoreError> {
        let now = identity(&self.path);
        if now == self.identity { Ok(()) } else { Err(StoreError::Gone { path: self.path.display().to_string() }) }
    }

    /// Rows of a reading statement.
    pub async fn fetch(&self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        fetch(&self.readers, doing, sql, values).await
    }

    /// Begins a writing transaction; it rolls back unless committed.
    pub async fn begin(&self, durability: Durability) -> Result<WriteTx, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let pool = match durability {
            Durability::Full => &self.durable,
            Durability::Relaxed => &self.relaxed,
        };
        let failed = |source| StoreError::Database { doing: "begin to write", source };
        let connection = pool.acquire().await.map_err(failed)?;
        let mut tx = WriteTx { connection, open: true, _turn: turn };
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *tx.connection).await.map_err(failed)?;
        Ok(tx)
    }

    /// Closes all connections; the log is folded into the file.
    pub async fn close(&self) {
        self.readers.close().await;
        self.relaxed.close().await;
        self.durable.close().await;
    }
}

fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(path).ok().map(|meta| (meta.dev(), meta.ino()))
}

async fn migrate(pool: &SqlitePool, path: &Path) -> Result<(), StoreError> {
    let shown = || path.display().to_string();
    match MIGRATIONS.run(pool).await {
        Ok(()) => Ok(()),
        Err(sqlx::migrate::MigrateError::VersionMissing(found)) => {
            let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
            Err(StoreError::Newer { path: shown(), found, known })
        }
        Err(source) => Err(StoreError::Migrate { path: shown(), source }),
    }
}

/// A writing transaction, alone until it ends.
///
/// A connection whose transaction did not end well is closed and never used again: after a full disk SQLite has
/// rolled back by itself, and what a connection believes of its transaction need not be true any more.
#[derive(Debug)]
pub struct WriteTx {
    connection: PoolConnection<Sqlite>,
    open: bool,
    _turn: OwnedMutexGuard<()>,
}

impl Drop for WriteTx {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl WriteTx {
    /// The bind with this number (from 1, in order) of a statement with very many of them. For SQLite `$1` is a name,
    /// and for every bind the driver has it look through all names; a bare `?` has none.
    pub(super) fn placeholder(_number: usize) -> String {
        "?".to_owned()
    }

    /// Rows of a statement, seeing what this transaction wrote.
    pub async fn fetch(&mut self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<Vec<Row>, StoreError> {
        fetch(&mut *self.connection, doing, sql, values).await
    }

    /// Runs a statement; the answer is how many rows it touched.
    pub async fn execute(&mut self, doing: &'static str, sql: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let query = sqlx::query_with(AssertSqlSafe(sql), bind(values));
        let done =
            query.execute(&mut *self.connection).await.map_err(|source| StoreError::Database { doing, source })?;
        Ok(done.rows_affected())
    }

    /// Makes it so.
    pub async fn commit(mut self) -> Result<(), StoreError> {
        let failed = |source| StoreError::Database { doing: "commit", source };
        sqlx::raw_sql("COMMIT").execute(&mut *self.connection).await.map_err(failed)?;
        self.open = false;
        Ok(())
    }
}

async fn fetch<'e>(
    executor: impl Executor<'e, Database = Sqlite>,
    doing: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, StoreError> {
    let query = sqlx::query_with(AssertSqlSafe(sql), bind(values));
    let rows = query.fetch_all(executor).await.map_err(|source| StoreError::Database { doing, source })?;
    rows.iter().map(|row| read(row).map_err(|source| StoreError::Database { doing, source })).collect()
}

fn bind(values: Vec<Value>) -> SqliteArguments {
    use sqlx::Arguments;
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value {
            Value::Null => arguments.add(Option::<i64>::None),
            Value::Int(value) => arguments.add(value),
            Value::Text(value) => arguments.add(value),
            Value::Bytes(value) => arguments.add(value),
        };
        added.expect("integers, text and bytes always encode");
    }
    arguments
}

fn read(row: &SqliteRow) -> Result<Row, sqlx::Error> {
    (0..row.len())
        .map(|column| {
            let raw = row.try_get_raw(column)?;
            if raw.is_null() {
                return Ok(Value::Null);
            }
            let kind = raw.type_info();
            Ok(match kind.name() {
                "INTEGER" | "BOOLEAN" => Value::Int(row.try_get_unchecked(column)?),
                "BLOB" => Value::Bytes(row.try_get_unchecked(column)?),
                _ => Value::Text(row.try_get_unchecked(column)?),
            })
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Row)
}
