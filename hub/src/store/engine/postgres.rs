//! The engine behind a URL: one session that writes, a few that read.
//!
//! All tables lie in a schema of their own, `slomix`, so that a database which is shared with other programs stays
//! theirs and ours.

mod copy;
mod rows;
mod transaction;
mod trouble;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, PgPool, Postgres as Driver};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{DatabaseUrl, Durability};
use crate::store::sql::{Row, StoreError, Value};
use rows::Kind;
pub(super) use transaction::Tx;

static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../migrations/postgres");

/// How long making a connection may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long a reader may wait for a connection.
const READER_PATIENCE: Duration = Duration::from_secs(5);

/// What every session is told first. A server whose network died lets go of a session within about a minute, so that
/// the hub can come back.
const SESSION: &str = "set search_path = slomix; set lock_timeout = '10s'; set synchronous_commit = on; set jit = off; \
     set tcp_keepalives_idle = 30; set tcp_keepalives_interval = 10; set tcp_keepalives_count = 3; \
     set default_transaction_isolation = 'read committed'";
/// Held by the session of the hub that works on the database. It waits a moment, for a hub that was killed just now.
const HOLD: &str = "set lock_timeout = '2s'; select pg_advisory_lock(1936485229, 1); set lock_timeout = '10s'";
/// Held by each writing transaction, so that they follow one another as on SQLite.
const BEGIN_FULL: &str = "begin; select pg_advisory_xact_lock(1936485229, 2)";
const BEGIN_RELAXED: &str = "begin; set local synchronous_commit = off; select pg_advisory_xact_lock(1936485229, 2)";

/// A database behind a URL.
#[derive(Debug, Clone)]
pub(super) struct Postgres {
    readers: PgPool,
    /// Writers queue here, in order of arrival.
    writer: Arc<Mutex<Writer>>,
    /// A session that only tells whether the server answers; none before it was asked, and after it did not.
    pulse: Arc<Mutex<Option<PgConnection>>>,
    url: DatabaseUrl,
    name: Arc<str>,
    kinds: Arc<Kinds>,
    identity: Identity,
}

/// What each column holds, by table and name.
type Kinds = BTreeMap<(String, String), Kind>;

/// Tells one database from another one that took its place: the numbers that the server gave to the database and to a
/// table that is never made anew.
type Identity = (i64, i64);

/// The writing session.
#[derive(Debug)]
struct Writer {
    /// None after a transaction that did not end well, and while one is under way.
    connection: Option<PgConnection>,
    /// Whether this is the hub that works on the database.
    holds: bool,
}

impl Postgres {
    pub(super) async fn connect(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let mut connection = session(url).await?;
        prepare(&mut connection, url).await?;
        let identity = identity(&mut connection, url).await?;
        let kinds = kinds(&mut connection, url).await?;
        let readers = PgPoolOptions::new()
            .max_connections(4)
            .acquire_timeout(READER_PATIENCE)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    sqlx::raw_sql(SESSION).execute(&mut *connection).await?;
                    sqlx::raw_sql("set default_transaction_read_only = on").execute(connection).await.map(|_| ())
                })
            })
            .connect_lazy_with(url.options());
        Ok(Self {
            readers,
            writer: Arc::new(Mutex::new(Writer { connection: Some(connection), holds: false })),
            pulse: Arc::default(),
            name: url.to_string().into(),
            url: url.clone(),
            kinds: Arc::new(kinds),
            identity,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) async fn engine(&self) -> Result<String, StoreError> {
        let sql = "select current_setting('server_version'), current_database()";
        let rows = self.fetch("ask for the version", sql, vec![]).await?;
        let (version, database) = rows.first().map_or(("", ""), |row| (row.text(0), row.text(1)));
        Ok(format!("PostgreSQL {version}, database `{database}` ({})", self.name))
    }

    pub(super) async fn bytes(&self) -> Result<u64, StoreError> {
        let sql = "select cast(coalesce(sum(pg_total_relation_size(c.oid)), 0) as bigint) from pg_class c \
                   where c.relnamespace = to_regnamespace('slomix') and c.relkind = 'r'";
        let rows = self.fetch("measure the database", sql, vec![]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)).unsigned_abs())
    }

    pub(super) async fn hold(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let mut connection = match writer.connection.take() {
            Some(connection) => connection,
            None => self.writing_session(false).await?,
        };
        hold(&mut connection, &self.url).await?;
        *writer = Writer { connection: Some(connection), holds: true };
        Ok(())
    }

    pub(super) async fn fetch(
        &self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let read = fetch(&self.readers, sql, values).await;
        read.map_err(|source| trouble::while_doing(doing, source, &self.url))
    }

    /// Whether the server answers. It is asked over a session of its own, made anew at once where it was lost: readers
    /// would wait for a server that is away until their patience ends.
    pub(super) async fn answers(&self) -> Result<(), StoreError> {
        let mut pulse = self.pulse.lock().await;
        if let Some(mut connection) = pulse.take()
            && sqlx::raw_sql("select 1").execute(&mut connection).await.is_ok()
        {
            *pulse = Some(connection);
            return Ok(());
        }
        *pulse = Some(session(&self.url).await?);
        Ok(())
    }

    /// Looks whether the session that holds the database for this hub is there, and makes and holds another one if
    /// not. Whoever writes just now finds that out by himself.
    pub(super) async fn keep_hold(&self) -> Result<(), StoreError> {
        let Ok(mut writer) = self.writer.try_lock() else { return Ok(()) };
        if !writer.holds {
            return Ok(());
        }
        if let Some(mut connection) = writer.connection.take()
            && sqlx::raw_sql("select 1").execute(&mut connection).await.is_ok()
        {
            writer.connection = Some(connection);
            return Ok(());
        }
        writer.connection = Some(self.writing_session(true).await?);
        Ok(())
    }

    pub(super) async fn begin(&self, durability: Durability) -> Result<Tx, StoreError> {
        let mut writer = Arc::clone(&self.writer).lock_owned().await;
        let begin = match durability {
            Durability::Full => BEGIN_FULL,
            Durability::Relaxed => BEGIN_RELAXED,
        };
        let failed = |source| trouble::while_doing("begin to write", source, &self.url);
        if let Some(connection) = writer.connection.take() {
            let mut tx = self.transaction(connection, writer);
            match tx.take_turn(begin).await {
                Ok(()) => return Ok(tx),
                Err(error) if !trouble::is_lost(&error) => return Err(failed(error)),
                // The server was gone for a while, or is.
                Err(_) => writer = tx.give_up(),
            }
        }
        let connection = self.writing_session(writer.holds).await?;
        let mut tx = self.transaction(connection, writer);
        tx.take_turn(begin).await.map_err(failed)?;
        Ok(tx)
    }

    fn transaction(&self, connection: PgConnection, writer: OwnedMutexGuard<Writer>) -> Tx {
        Tx::begun(connection, writer, Arc::clone(&self.kinds), self.url.clone())
    }

    /// A new session that writes to the same database as before.
    async fn writing_session(&self, holds: bool) -> Result<PgConnection, StoreError> {
        let mut connection = session(&self.url).await?;
        if identity(&mut connection, &self.url).await? != self.identity {
            return Err(StoreError::Gone { path: self.name.to_string() });
        }
        if holds {
            hold(&mut connection, &self.url).await?;
        }
        Ok(connection)
    }

    /// Counts the kept tables for the planner. The server does so by itself, but up to a minute after they have grown.
    pub(super) async fn take_stock(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let Some(connection) = writer.connection.as_mut() else { return Ok(()) };
        let done = sqlx::raw_sql("analyze artifact, receipt, pending").execute(connection).await;
        done.map(|_| ()).map_err(|source| trouble::while_doing("count the tables", source, &self.url))
    }

    /// Gives room to new rows and counts for the planner. Writers wait until it is done.
    pub(super) async fn vacuum(&self) -> Result<(), StoreError> {
        let mut writer = self.writer.lock().await;
        let Some(connection) = writer.connection.as_mut() else { return Ok(()) };
        let tables = "select string_agg(quote_ident(tablename), ', ') from pg_tables where schemaname = 'slomix'";
        let failed = |source| trouble::while_doing("tidy up", source, &self.url);
        let names: Option<String> = sqlx::query_scalar(tables).fetch_one(&mut *connection).await.map_err(failed)?;
        let Some(names) = names else { return Ok(()) };
        let tidy = AssertSqlSafe(format!("vacuum (analyze) {names}"));
        sqlx::raw_sql(tidy).execute(&mut *connection).await.map(|_| ()).map_err(failed)
    }

    pub(super) async fn move_aside(&self, stamp: &str) -> Result<String, StoreError> {
        let may = "select has_database_privilege(current_database(), 'create')";
        let rows = self.fetch("look whether a schema can be made", may, vec![]).await?;
        if !rows.first().is_some_and(|row| row.flag(0)) {
            return Err(trouble::unreachable(&self.url, trouble::no_schema(&self.url)));
        }
        let schema = format!("slomix_before_restore_{}", stamp.replace('-', "_"));
        self.alter("move the tables aside", &format!("alter schema slomix rename to {schema}")).await?;
        Ok(schema)
    }

    pub(super) async fn bring_back(&self, schema: &str) -> Result<(), StoreError> {
        let sql =
            format!("begin; drop schema if exists slomix cascade; alter schema {schema} rename to slomix; commit");
        self.alter("bring the tables back", &sql).await
    }

    /// Changes the schema, over a session of its own.
    async fn alter(&self, doing: &'static str, sql: &str) -> Result<(), StoreError> {
        let mut connection = session(&self.url).await?;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
        done.map_err(|source| trouble::while_doing(doing, source, &self.url))?;
        // The server lets go of it either way.
        let _ = connection.close().await;
        Ok(())
    }

    pub(super) async fn close(&self) {
        self.readers.close().await;
        drop(self.pulse.lock().await.take());
        if let Some(connection) = self.writer.lock().await.connection.take() {
            // The server lets go of it either way.
            let _ = connection.close().await;
        }
    }
}

async fn session(url: &DatabaseUrl) -> Result<PgConnection, StoreError> {
    let connect = async {
        // A writer that waits for its turn is slow and no wonder; it says so itself, without the statement.
        let mut connection = url.options().disable_statement_logging().connect().await?;
        sqlx::raw_sql(SESSION).execute(&mut connection).await?;
        Ok(connection)
    };
    match tokio::time::timeout(PATIENCE, connect).await {
        Ok(connected) => connected.map_err(|source| trouble::while_connecting(&source, url)),
        Err(_) => Err(trouble::unreachable(url, trouble::SILENT.to_owned())),
    }
}

/// Makes the schema if it is not there and brings it up to date.
async fn prepare(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<(), StoreError> {
    let facts = "select current_setting('server_encoding'), to_regnamespace('slomix') is not null";
    let doing = "look at the database";
    let rows = fetch(&mut *connection, facts, vec![]).await;
    let rows = rows.map_err(|source| trouble::while_doing(doing, source, url))?;
    let (encoding, is_there) = rows.first().map_or(("", false), |row| (row.text(0), row.flag(1)));
    if encoding != "UTF8" {
        return Err(trouble::unreachable(url, trouble::encoding(encoding, url)));
    }
    if !is_there {
        let made = sqlx::raw_sql("create schema if not exists slomix").execute(&mut *connection).await;
        made.map_err(|source| trouble::while_connecting(&source, url))?;
    }
    match MIGRATIONS.run(&mut *connection).await {
        Ok(()) => Ok(()),
        Err(sqlx::migrate::MigrateError::VersionMissing(found)) => {
            let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
            Err(StoreError::Newer { path: url.to_string(), found, known })
        }
        Err(source) => Err(trouble::while_migrating(source, url)),
    }
}

async fn identity(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<Identity, StoreError> {
    let sql = "select cast(oid as bigint), cast(cast(to_regclass('slomix.artifact') as oid) as bigint) \
               from pg_database where datname = current_database()";
    let doing = "tell the database from others";
    let rows = fetch(connection, sql, vec![]).await;
    let rows = rows.map_err(|source| trouble::while_doing(doing, source, url))?;
    Ok(rows.first().map_or((0, 0), |row| (row.int(0), row.int(1))))
}

async fn kinds(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<Kinds, StoreError> {
    let sql = "select c.relname, a.attname, t.typname from pg_attribute a \
               join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid \
               where c.relnamespace = to_regnamespace('slomix') and c.relkind = 'r' and a.attnum > 0 \
                 and not a.attisdropped";
    let doing = "read what columns hold";
    let rows = fetch(connection, sql, vec![]).await;
    let rows = rows.map_err(|source| trouble::while_doing(doing, source, url))?;
    let column = |row: &Row| ((row.text(0).to_owned(), row.text(1).to_owned()), Kind::of(row.text(2)));
    Ok(rows.iter().map(column).collect())
}

async fn hold(connection: &mut PgConnection, url: &DatabaseUrl) -> Result<(), StoreError> {
    match sqlx::raw_sql(HOLD).execute(connection).await {
        Ok(_) => Ok(()),
        Err(error) if trouble::is_locked(&error) => Err(StoreError::Held { server: url.to_string() }),
        Err(source) => Err(trouble::while_doing("take the database for this hub", source, url)),
    }
}

async fn fetch<'e>(
    executor: impl Executor<'e, Database = Driver>,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::query_with(AssertSqlSafe(sql), rows::bind(values)).fetch_all(executor).await?;
    rows::read(&rows)
}
