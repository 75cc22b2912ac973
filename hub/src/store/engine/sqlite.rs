//! The embedded engine: one file, write-ahead log, one writer at a time, several readers.

mod trouble;

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous,
};
use sqlx::{Arguments as _, AssertSqlSafe, Executor, Row as _, Sqlite as Driver, SqlitePool, TypeInfo, ValueRef};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Durability, Into};
use crate::store::sql::{Row, StoreError, Value};

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/sqlite");

/// Binds per statement stay below this.
const MOST_BINDS: usize = 4_096;

/// A database in a file.
#[derive(Debug, Clone)]
pub(super) struct Sqlite {
    readers: SqlitePool,
    durable: SqlitePool,
    relaxed: SqlitePool,
    /// Without checks of foreign keys; connected when it is needed.
    unchecked: SqlitePool,
    /// Writers queue here, in order of arrival, instead of meeting a busy database.
    turn: Arc<Mutex<()>>,
    path: Arc<Path>,
    /// Device and inode of the file as opened.
    identity: Option<(u64, u64)>,
}

impl Sqlite {
    pub(super) async fn open(path: &Path) -> Result<Self, StoreError> {
        // Kibibytes of pages that each connection may hold; there are six of them.
        let options = |synchronous: SqliteSynchronous, cache: &'static str| {
            SqliteConnectOptions::new()
                .filename(path)
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(synchronous)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                .pragma("cache_size", cache)
                // Pages: a page that many rounds change is folded into the file once for all of them.
                .pragma("wal_autocheckpoint", "4000")
                // Every row of a long answer wakes its reader if these are few.
                .row_buffer_size(1024)
                .statement_cache_capacity(256)
        };
        make_private(path);
        let failed = |source| trouble::while_doing("open the database", source, path);
        let durable = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(SqliteSynchronous::Full, "-4000"))
            .await
            .map_err(failed)?;
        migrate(&durable, path).await?;
        let relaxed = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options(SqliteSynchronous::Normal, "-8000"))
            .await
            .map_err(failed)?;
        let unchecked = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_lazy_with(options(SqliteSynchronous::Normal, "-2000").foreign_keys(false));
        let readers = SqlitePoolOptions::new()
            .max_connections(4)
            .connect_with(options(SqliteSynchronous::Normal, "-2000").read_only(true))
            .await
            .map_err(failed)?;
        Ok(Self {
            readers,
            durable,
            relaxed,
            unchecked,
            turn: Arc::new(Mutex::new(())),
            identity: identity(path),
            path: path.into(),
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) async fn engine(&self) -> Result<String, StoreError> {
        let rows = self.fetch("ask for the version", "select sqlite_version()", vec![]).await?;
        Ok(format!("SQLite {}", rows.first().map_or("", |row| row.text(0))))
    }

    /// The file and its log.
    pub(super) fn bytes(&self) -> u64 {
        let size = |path: &Path| std::fs::metadata(path).map_or(0, |file| file.len());
        let mut log = self.path.as_os_str().to_owned();
        log.push("-wal");
        size(&self.path) + size(log.as_ref())
    }

    pub(super) fn check_in_place(&self) -> Result<(), StoreError> {
        let now = identity(&self.path);
        if now == self.identity { Ok(()) } else { Err(StoreError::Gone { path: self.path.display().to_string() }) }
    }

    pub(super) async fn fetch(
        &self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = fetch(&self.readers, sql, values).await;
        rows.map_err(|source| trouble::while_doing(doing, source, &self.path))
    }

    /// Whether a large batch would find room beside the database: a small write may, in what its log has left over.
    pub(super) async fn has_room(&self) -> Result<(), StoreError> {
        let path = Arc::clone(&self.path);
        let tried = tokio::task::spawn_blocking(move || trouble::try_room(&path)).await;
        tried.unwrap_or_else(|fault| {
            Err(StoreError::Disk { place: self.path.display().to_string(), source: fault.into() })
        })
    }

    pub(super) async fn begin(&self, durability: Durability) -> Result<Tx, StoreError> {
        match durability {
            Durability::Full => self.begin_on(&self.durable).await,
            Durability::Relaxed => self.begin_on(&self.relaxed).await,
        }
    }

    /// Begins where rows may be removed that hang loose: what is counted within a transaction must come to 0 in its end,
    /// and such a row was never counted.
    pub(super) async fn begin_unchecked(&self) -> Result<Tx, StoreError> {
        self.begin_on(&self.unchecked).await
    }

    async fn begin_on(&self, pool: &SqlitePool) -> Result<Tx, StoreError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let failed = |source| trouble::while_doing("begin to write", source, &self.path);
        let connection = pool.acquire().await.map_err(failed)?;
        let mut tx = Tx { connection, open: true, path: Arc::clone(&self.path), _turn: turn };
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *tx.connection).await.map_err(failed)?;
        Ok(tx)
    }

    /// Gives room back to the disk, folds the log, and counts anew for the planner. Writers wait until it is done.
    pub(super) async fn vacuum(&self) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let failed = |source| trouble::while_doing("tidy up", source, &self.path);
        let mut connection = self.durable.acquire().await.map_err(failed)?;
        let tidy = "vacuum; pragma optimize; pragma wal_checkpoint(truncate)";
        sqlx::raw_sql(tidy).execute(&mut *connection).await.map(|_| ()).map_err(failed)
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        self.unchecked.close().await;
        self.relaxed.close().await;
        self.durable.close().await;
    }
}

/// Makes the file of a new database, readable by its owner alone; SQLite gives the log and its index the same mode. A
/// file that is there stays as it is, and what keeps this one from being made SQLite tells.
fn make_private(path: &Path) {
    use std::os::unix::fs::OpenOptionsExt;
    let made = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    if let Err(error) = made {
        tracing::debug!("{} is not made anew: {error}", path.display());
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
        Err(source) => Err(trouble::while_migrating(source, path)),
    }
}

/// A connection whose transaction did not end well is closed and never used again: after a full disk SQLite has
/// rolled back by itself, and what a connection believes of its transaction need not be true any more.
#[derive(Debug)]
pub(super) struct Tx {
    connection: PoolConnection<Driver>,
    open: bool,
    path: Arc<Path>,
    _turn: OwnedMutexGuard<()>,
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            self.connection.close_on_drop();
        }
    }
}

impl Tx {
    pub(super) async fn fetch(
        &mut self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = fetch(&mut *self.connection, sql, values).await;
        rows.map_err(|source| trouble::while_doing(doing, source, &self.path))
    }

    pub(super) async fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let sql = own_lists(sql, &values);
        let query = sqlx::query_with(AssertSqlSafe(&*sql), bind(&values));
        let done = query.execute(&mut *self.connection).await;
        Ok(done.map_err(|source| trouble::while_doing(doing, source, &self.path))?.rows_affected())
    }

    pub(super) async fn insert_rows(
        &mut self,
        doing: &'static str,
        into: Into<'_>,
        rows: &[&[Value]],
    ) -> Result<Vec<Row>, StoreError> {
        let mut chunks = chunks(rows, into.columns.len());
        let mut next = chunks.next().map(|chunk| insertion(into, chunk));
        let mut returned = Vec::new();
        while let Some((sql, arguments)) = next {
            super::tell(super::SQLITE, doing, &sql, || "n".repeat(arguments.len()));
            let query = sqlx::query_with(AssertSqlSafe(sql), arguments);
            // While the engine's thread inserts these rows, the next ones are bound.
            let (done, following) = tokio::join!(query.fetch_all(&mut *self.connection), async {
                chunks.next().map(|chunk| insertion(into, chunk))
            });
            let failed = |source| trouble::while_doing(doing, source, &self.path);
            for row in done.map_err(failed)? {
                returned.push(read(&row).map_err(failed)?);
            }
            next = following;
        }
        Ok(returned)
    }

    pub(super) async fn commit(mut self) -> Result<(), StoreError> {
        let done = sqlx::raw_sql("COMMIT").execute(&mut *self.connection).await;
        done.map_err(|source| trouble::while_doing("commit", source, &self.path))?;
        self.open = false;
        Ok(())
    }
}

/// Rows in lots of powers of two: so a table's statements come in a dozen sizes, which stay prepared, and not in
/// hundreds.
fn chunks<'a>(rows: &'a [&'a [Value]], width: usize) -> impl Iterator<Item = &'a [&'a [Value]]> {
    let most = (MOST_BINDS / width).max(1);
    let mut rest = rows;
    std::iter::from_fn(move || {
        let (chunk, behind) = rest.split_at(1 << rest.len().min(most).checked_ilog2()?);
        rest = behind;
        Some(chunk)
    })
}

/// The statement that inserts some rows.
fn insertion(Into { table, columns, clause }: Into<'_>, rows: &[&[Value]]) -> (String, SqliteArguments) {
    // For SQLite `$1` is a name, and for every bind the driver has it look through all names; a bare `?` has none.
    let tuple = format!("({})", vec!["?"; columns.len()].join(","));
    let tuples = vec![tuple.as_str(); rows.len()].join(",");
    let sql = format!("insert into {table} ({}) values {tuples} {clause}", columns.join(", "));
    (sql, bind(rows.iter().copied().flatten()))
}

/// The statement with its lists of ids as SQLite has them: a JSON text taken apart.
fn own_lists<'a>(sql: &'a str, values: &[Value]) -> Cow<'a, str> {
    let mut sql = Cow::Borrowed(sql);
    for (value, number) in values.iter().zip(1..) {
        if matches!(value, Value::Ints(_)) {
            let list = format!("in (select value from json_each(${number}))");
            sql = Cow::Owned(sql.replace(&format!("= any(${number})"), &list));
        }
    }
    sql
}

async fn fetch<'e>(
    executor: impl Executor<'e, Database = Driver>,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, sqlx::Error> {
    let sql = own_lists(sql, &values);
    let query = sqlx::query_with(AssertSqlSafe(&*sql), bind(&values));
    query.fetch_all(executor).await?.iter().map(read).collect()
}

fn bind<'a>(values: impl IntoIterator<Item = &'a Value>) -> SqliteArguments {
    let mut arguments = SqliteArguments::default();
    for value in values {
        let added = match value {
            Value::Null => arguments.add(Option::<i64>::None),
            Value::Int(value) => arguments.add(*value),
            Value::Text(value) => arguments.add(value.clone()),
            Value::Bytes(value) => arguments.add(value.clone()),
            Value::Ints(list) => arguments.add(serde_json::json!(list).to_string()),
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
                // A damaged text must not keep the rows beside it from being read.
                _ => Value::Text(String::from_utf8_lossy(row.try_get_unchecked(column)?).into_owned()),
            })
        })
        .collect::<Result<Vec<_>, _>>()
        .map(Row)
}
