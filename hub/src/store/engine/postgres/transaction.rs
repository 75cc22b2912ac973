use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use sqlx::{AssertSqlSafe, PgConnection};
use tokio::runtime::Handle;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

use super::super::{DatabaseUrl, Into, POSTGRES, tell};
use super::rows::Kind;
use super::{Kinds, Writer, copy, fetch, rows, trouble};
use crate::store::sql::{Row, StoreError, Value};

/// Rows per statement.
const MOST_ROWS: usize = 5_000;
/// Bytes that are sent together.
const PIECE: usize = 64 * 1024;

/// How many values are copied rather than bound. Over TCP the end of a copy waits until the server has acknowledged the
/// data before it, for which that takes up to 40 ms: Nagle's algorithm is on, and sqlx has no way to turn it off.
const WORTH_A_COPY: usize = 30_000;

/// A writer that has to wait longer than this for its turn says so.
const TURN: Duration = Duration::from_secs(1);
/// How long undoing may take before the session is given up.
const UNDOING: Duration = Duration::from_secs(5);

/// A writing transaction, alone until it ends.
///
/// The session is given back when it has ended, by a commit or undone: it holds the database for this hub, and another
/// hub must find no gap. A session that cannot be given back is dropped, and the server undoes what it had begun.
#[derive(Debug)]
pub(in super::super) struct Tx {
    /// None only after the end.
    open: Option<Open>,
    kinds: Arc<Kinds>,
    url: DatabaseUrl,
}

#[derive(Debug)]
struct Open {
    connection: PgConnection,
    writer: OwnedMutexGuard<Writer>,
}

const ENDED: &str = "a transaction is used until it ends";

impl Tx {
    pub(super) fn begun(
        connection: PgConnection,
        writer: OwnedMutexGuard<Writer>,
        kinds: Arc<Kinds>,
        url: DatabaseUrl,
    ) -> Self {
        Self { open: Some(Open { connection, writer }), kinds, url }
    }

    /// Begins, when no other process writes. One that has to wait says why.
    pub(super) async fn take_turn(&mut self, begin: &'static str) -> Result<(), sqlx::Error> {
        let server = self.url.to_string();
        let mut turn = pin!(sqlx::raw_sql(begin).execute(self.connection()));
        let taken = if let Ok(taken) = timeout(TURN, &mut turn).await {
            taken
        } else {
            tracing::info!("another command writes to the database {server}: waiting for its end");
            turn.await
        };
        taken.map(drop)
    }

    /// Gives up a session that is lost.
    pub(super) fn give_up(mut self) -> OwnedMutexGuard<Writer> {
        self.open.take().expect(ENDED).writer
    }

    fn connection(&mut self) -> &mut PgConnection {
        &mut self.open.as_mut().expect(ENDED).connection
    }

    pub(in super::super) async fn fetch(
        &mut self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let rows = fetch(self.connection(), sql, values).await;
        rows.map_err(|source| trouble::while_doing(doing, source, &self.url))
    }

    pub(in super::super) async fn execute(
        &mut self,
        doing: &'static str,
        sql: &str,
        values: Vec<Value>,
    ) -> Result<u64, StoreError> {
        let query = sqlx::query_with(AssertSqlSafe(sql), rows::bind(values));
        let done = query.execute(self.connection()).await;
        Ok(done.map_err(|source| trouble::while_doing(doing, source, &self.url))?.rows_affected())
    }

    /// Many rows that are all new are copied. Others, and those that may meet some, go in by one bind for each column, an
    /// array: the statement's text is the same for any number of rows.
    pub(in super::super) async fn insert_rows(
        &mut self,
        doing: &'static str,
        into: Into<'_>,
        rows: &[&[Value]],
    ) -> Result<Vec<Row>, StoreError> {
        let Into { table, columns, clause } = into;
        let kind = |column: &&str| {
            let found = self.kinds.get(&(table.to_owned(), (*column).to_owned())).copied();
            found.ok_or(StoreError::Inconsistent { table: "pg_attribute", what: format!("no {table}.{column}") })
        };
        let kinds = columns.iter().map(kind).collect::<Result<Vec<_>, _>>()?;
        if clause.is_empty() && rows.len() * kinds.len() >= WORTH_A_COPY {
            let sql = format!("copy {table} ({}) from stdin (format binary)", columns.join(", "));
            tell(POSTGRES, doing, &sql, String::new);
            let copied = self.copy_rows(&sql, &kinds, rows).await;
            return copied.map(|()| Vec::new()).map_err(|source| trouble::while_doing(doing, source, &self.url));
        }
        // Side by side, the arrays are read as they come; as a table, `unnest` of all, they would be copied first.
        let lists: Vec<String> =
            (1..).zip(&kinds).map(|(at, kind)| format!("unnest(${at}::{}[])", kind.name())).collect();
        let sql = format!("insert into {table} ({}) select {} {clause}", columns.join(", "), lists.join(", "));
        let mut returned = Vec::new();
        for chunk in rows.chunks(MOST_ROWS) {
            tell(POSTGRES, doing, &sql, || "n".repeat(kinds.len()));
            let query = sqlx::query_with(AssertSqlSafe(&*sql), rows::bind_columns(&kinds, chunk));
            let rows = query.fetch_all(self.connection()).await.and_then(|rows| rows::read(&rows));
            returned.extend(rows.map_err(|source| trouble::while_doing(doing, source, &self.url))?);
        }
        Ok(returned)
    }

    async fn copy_rows(&mut self, sql: &str, kinds: &[Kind], rows: &[&[Value]]) -> Result<(), sqlx::Error> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut copy = self.connection().copy_in_raw(sql).await?;
        let mut encoded = copy::Rows::begin(kinds);
        for row in rows {
            encoded.add(row);
            if let Some(piece) = encoded.piece(PIECE) {
                copy.send(piece).await?;
            }
        }
        copy.send(encoded.end()).await?;
        copy.finish().await.map(drop)
    }

    pub(in super::super) async fn check_references(&mut self) -> Result<(), StoreError> {
        let check = "set constraints all immediate; set constraints all deferred";
        let done = sqlx::raw_sql(check).execute(self.connection()).await;
        done.map(|_| ()).map_err(|source| trouble::while_doing("check references", source, &self.url))
    }

    pub(in super::super) async fn commit(mut self) -> Result<(), StoreError> {
        let done = sqlx::raw_sql("commit").execute(self.connection()).await;
        done.map_err(|source| trouble::while_doing("commit", source, &self.url))?;
        self.open.take().expect(ENDED).give_back();
        Ok(())
    }
}

impl Open {
    fn give_back(mut self) {
        self.writer.connection = Some(self.connection);
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        let (Some(mut open), Ok(runtime)) = (self.open.take(), Handle::try_current()) else { return };
        // Whoever writes next waits for it.
        runtime.spawn(async move {
            let undone = timeout(UNDOING, sqlx::raw_sql("rollback").execute(&mut open.connection)).await;
            if matches!(undone, Ok(Ok(_))) {
                open.give_back();
            }
        });
    }
}
