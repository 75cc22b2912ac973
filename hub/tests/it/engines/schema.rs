//! Both schemas have the same tables with the same columns.

use std::collections::BTreeMap;

use slomix_hub::store::{Row, Store, StoreError, Value};
use slomix_hub::values;

use super::OnServer;
use crate::pipeline::Bench;

/// What holds of a column: type, whether it may be null, and its place in the key (0 for none).
type Columns = BTreeMap<(String, String), (String, bool, i64)>;

async fn read(store: &Store, sql: &str) -> Vec<Row> {
    store.fetch("read the schema", sql, Vec::<Value>::new()).await.unwrap()
}

fn columns(rows: &[Row]) -> Columns {
    let column = |row: &Row| {
        let kind = match row.text(2) {
            "blob" | "bytea" => "bytes",
            "bigint" | "int8" => "integer",
            other => other,
        };
        let nullable = !row.flag(3);
        ((row.text(0).to_owned(), row.text(1).to_owned()), (kind.to_owned(), nullable, row.int(4)))
    };
    let own = rows.iter().filter(|row| !row.text(0).starts_with("_sqlx") && !row.text(0).starts_with("sqlite_"));
    own.map(column).collect()
}

const SQLITE: &str = "select t.name, c.name, lower(c.type), c.\"notnull\", c.pk from sqlite_schema t \
     join pragma_table_info(t.name) c where t.type = 'table'";
const POSTGRES: &str = "select c.relname, a.attname, t.typname, a.attnotnull, \
       coalesce((select array_position(i.indkey::int2[], a.attnum) + 1 from pg_index i \
          where i.indrelid = c.oid and i.indisprimary), 0) \
     from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type t on t.oid = a.atttypid \
     where c.relnamespace = 'slomix'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped";

/// Indexes that somebody gave a name, with their columns.
const SQLITE_INDEXES: &str = "select i.name, i.tbl_name, group_concat(c.name), '' from sqlite_schema i \
     join pragma_index_info(i.name) c where i.type = 'index' and i.sql is not null group by i.name order by i.name";
const POSTGRES_INDEXES: &str = "select i.relname, t.relname, \
       string_agg(a.attname, ',' order by array_position(x.indkey::int2[], a.attnum)), '' \
     from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class t on t.oid = x.indrelid \
     join pg_attribute a on a.attrelid = t.oid and a.attnum = any(x.indkey::int2[]) \
     where t.relnamespace = 'slomix'::regnamespace \
       and not exists (select 1 from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u')) \
     group by i.relname, t.relname order by i.relname";

#[tokio::test]
async fn both_have_the_same_tables_columns_and_indexes() {
    let Some(place) = OnServer::new().await else { return };
    let (sqlite, postgres) = (Bench::new().await.store, place.store().await);
    let (here, there) = (columns(&read(&sqlite, SQLITE).await), columns(&read(&postgres, POSTGRES).await));
    assert!(here.len() > 200);
    let all: std::collections::BTreeSet<_> = here.keys().chain(there.keys()).collect();
    for column in all {
        assert_eq!(here.get(column), there.get(column), "{column:?}: on SQLite, and on PostgreSQL");
    }
    let indexes = (read(&sqlite, SQLITE_INDEXES).await, read(&postgres, POSTGRES_INDEXES).await);
    assert!(indexes.0.len() > 20);
    assert_eq!(indexes.0, indexes.1);
}

/// Rules: how many checks and references each table has. On PostgreSQL triggers hold some references, a parent's table
/// and a condition each.
#[tokio::test]
async fn both_have_the_same_checks_and_references() {
    let Some(place) = OnServer::new().await else { return };
    let (sqlite, postgres) = (Bench::new().await.store, place.store().await);
    let sql = "select name, lower(sql) from sqlite_schema where type = 'table' and name not like '%sql%' order by name";
    let told = |row: &Row| {
        let count = |what: &str| row.text(1).matches(what).count() as i64;
        values![row.text(0), count("check ("), count("references ")]
    };
    let here: Vec<Vec<Value>> = read(&sqlite, sql).await.iter().map(told).collect();
    let sql = "select c.relname, \
                 (select count(*) from pg_constraint k where k.conrelid = c.oid and k.contype = 'c'), \
                 (select count(*) from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') \
                   + (select coalesce(sum(t.tgnargs / 2), 0)::bigint from pg_trigger t where t.tgrelid = c.oid \
                        and t.tgname = 'inserted_rows_have_parents') \
               from pg_class c where c.relnamespace = 'slomix'::regnamespace and c.relkind = 'r' \
                 and c.relname not like '%sql%' order by c.relname collate \"C\"";
    let there: Vec<Vec<Value>> = read(&postgres, sql).await.into_iter().map(|row| row.0).collect();
    assert_eq!(here, there);
}

#[tokio::test]
async fn text_on_postgres_is_compared_by_its_bytes() {
    let Some(place) = OnServer::new().await else { return };
    let sql = "select c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid \
               join pg_collation l on l.oid = a.attcollation \
               where c.relnamespace = 'slomix'::regnamespace and c.relkind = 'r' and l.collname <> 'C' \
                 and c.relname <> '_sqlx_migrations' and a.attnum > 0";
    let others = read(&place.store().await, sql).await;
    assert_eq!(others, [], "write: text collate \"C\"");
}

#[tokio::test]
async fn a_newer_schema_is_refused_on_both() {
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time) \
                 values (9999, 'later', true, $1, 0)";
    let bench = Bench::new().await;
    let path = bench.store.path().unwrap().to_owned();
    let spoil = async |store: &Store| {
        let mut tx = store.begin(slomix_hub::store::Durability::Full).await.unwrap();
        tx.execute("pretend", newer, values![[0_u8].as_slice()]).await.unwrap();
        tx.commit().await.unwrap();
    };
    spoil(&bench.store).await;
    let refused = Store::open(&path).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 9999, .. }), "{refused}");
    let Some(place) = OnServer::new().await else { return };
    spoil(&place.store().await).await;
    let refused = Store::connect(&place.url()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 9999, .. }), "{refused}");
}

#[tokio::test]
async fn postgres_refuses_every_row_that_breaks_a_constraint() {
    let Some(place) = OnServer::new().await else { return };
    crate::layers::constraints::every_constraint_holds(place.bench().await).await;
}

/// A foreign key would refuse it too; triggers see rows that go one by one.
#[tokio::test]
async fn postgres_empties_no_table_at_once_that_others_refer_to() {
    let Some(place) = OnServer::new().await else { return };
    let store = place.store().await;
    for table in ["player", "block", "session", "epoch", "round", "round_player"] {
        let mut tx = store.begin(slomix_hub::store::Durability::Full).await.unwrap();
        let refused = tx.execute("empty", &format!("truncate {table} cascade"), vec![]).await.unwrap_err();
        assert!(refused.to_string().contains(&format!("{table} cannot be truncated")), "{refused}");
    }
}
