//! Layer 6, the database: each constraint on the derived tables refuses a row that is wrong, whoever writes it.

use std::collections::{BTreeMap, BTreeSet};

use slomix_hub::store::{Durability, Store, StoreError, Value, tables};
use slomix_hub::values;

use super::healthy::pair;
use super::schema_file::{Constraint, constraints};
use crate::pipeline::Bench;

const SCHEMA: &str = include_str!("../../../../migrations/sqlite/0002_derived.sql");

/// Rows for tables that a stats file alone does not fill, so that each has one to be spoilt.
const FILLERS: [(&str, &str); 6] = [
    (
        "round_award",
        "insert into round_award (round, place, award, scope, holder, player, value, amount) \
         select round, 0, 'most_kills', 'round', name, player, '3', 3000 from round_player limit 1",
    ),
    (
        "round_duel",
        "insert into round_duel (round, place, scope, subject, subject_player, opponent, opponent_player, kills, deaths) \
         select round, 0, 'match', name, player, name, player, 1, 1 from round_player limit 1",
    ),
    (
        "player_guid",
        "insert into player_guid (session, player, guid, block) \
         select session, player, '0123456789ABCDEF0123456789ABCDEF', block from leaf limit 1",
    ),
    (
        "weapon_leaf",
        "insert into weapon_leaf (session, player, weapon, block, rounds, hits, shots, kills, deaths, headshots) \
         select session, player, 4, block, 1, 1, 1, 1, 1, 1 from leaf limit 1",
    ),
    (
        "weapon_total",
        "insert into weapon_total (scope, player, weapon, rounds, hits, shots, kills, deaths, headshots) \
         select 'all', player, 4, 1, 1, 1, 1, 1, 1 from leaf limit 1",
    ),
    ("derivation", "insert into derivation (id, version) values (1, 1)"),
];

async fn fill(store: &Store) {
    for (table, sql) in FILLERS {
        let sql_count = format!("select count(*) from {table}");
        if store.fetch("look for a row", &sql_count, vec![]).await.unwrap()[0].int(0) == 0 {
            let mut tx = store.begin(Durability::Relaxed).await.unwrap();
            tx.execute("fill a table", sql, vec![]).await.unwrap();
            tx.commit().await.unwrap();
        }
    }
}

/// A column of every table that tells its rows apart, for those with several rows.
fn key(table: &str) -> Vec<&'static str> {
    let known: BTreeMap<&str, &[&str]> = tables::ALL.iter().map(|table| (table.name, table.key_columns())).collect();
    match table {
        "derivation" => vec!["id"],
        "round_award" | "round_duel" => vec!["round", "place"],
        "player_guid" => vec!["session", "player", "guid"],
        "weapon_leaf" => vec!["session", "player", "weapon"],
        "weapon_total" => vec!["scope", "player", "weapon"],
        _ => known.get(table).unwrap_or_else(|| panic!("what is the key of {table}?")).to_vec(),
    }
}

/// Sets one column of one row of a table; whether that was refused at once, at the commit, or not at all.
async fn spoil(store: &Store, table: &str, column: &str, bad: Value) -> Refusal {
    let key = key(table);
    let sql = format!("select {} from {table} order by {} limit 1", key.join(", "), key.join(", "));
    let row = store.fetch("choose a row", &sql, vec![]).await.unwrap().remove(0);
    let conditions: Vec<String> = key.iter().zip(2..).map(|(column, at)| format!("{column} = ${at}")).collect();
    let sql = format!("update {table} set {column} = $1 where {}", conditions.join(" and "));
    attempt(store, &sql, [vec![bad], row.0].concat()).await
}

#[derive(Debug, PartialEq, Eq)]
enum Refusal {
    AtOnce,
    AtCommit,
    None,
}

async fn attempt(store: &Store, sql: &str, values: Vec<Value>) -> Refusal {
    let mut tx = store.begin(Durability::Relaxed).await.unwrap();
    match tx.execute("spoil a row", sql, values).await {
        Err(StoreError::Database { .. }) => return Refusal::AtOnce,
        Err(error) => panic!("{sql}: {error}"),
        Ok(touched) => assert_eq!(touched, 1, "{sql}"),
    }
    if tx.commit().await.is_err() { Refusal::AtCommit } else { Refusal::None }
}

/// Every constraint of every column.
async fn each_column_refuses_what_it_must(store: &Store) {
    fill(store).await;
    let (of_columns, _) = constraints(SCHEMA);
    let tables: BTreeSet<&str> = of_columns.iter().map(|one| one.table.as_str()).collect();
    assert!(of_columns.len() > 250 && tables.len() >= 19, "{} of {tables:?}", of_columns.len());
    let mut accepted = Vec::new();
    for Constraint { table, column, deferred, bad } in of_columns {
        let found = spoil(store, &table, &column, bad.clone()).await;
        let refused = if deferred { found != Refusal::None } else { found == Refusal::AtOnce };
        if !refused {
            accepted.push(format!("{table}.{column} = {bad:?}: {found:?}"));
        }
    }
    assert_eq!(accepted, Vec::<String>::new());
}

/// The constraints that span columns, each by a statement that breaks it and no other.
async fn each_table_refuses_what_it_must(store: &Store) {
    fill(store).await;
    let broken = [
        ("block", "first_stamp <= last_stamp", "update block set first_stamp = last_stamp + 1"),
        (
            "map_play",
            "first_half is not null or second_half is not null",
            "update map_play set first_half = null, second_half = null",
        ),
        ("round", "start_ms <= end_ms", "update round set start_ms = end_ms + 1 where number = 1"),
        (
            "round",
            "status <> 'aborted' or valid = 0",
            "update round set status = 'aborted', valid = 1 where number = 1",
        ),
        (
            "round",
            "surrendered is null or end_reason = 'surrender'",
            "update round set surrendered = 1 where number = 1",
        ),
    ];
    for (table, check, sql) in broken {
        assert_eq!(attempt(store, sql, vec![]).await, Refusal::AtOnce, "{table}: {check}");
    }
    let hanging = [
        (
            "session_member",
            "(session, epoch)",
            "update session_member set epoch = 99 where player = (select min(player) from session_member)",
        ),
        (
            "round_weapon",
            "(round, player)",
            "update round_weapon set round = 99 where player = (select min(player) from round_weapon) and round = (select min(round) from round_weapon)",
        ),
    ];
    for (table, columns, sql) in hanging {
        assert_ne!(attempt(store, sql, vec![]).await, Refusal::None, "{table}: {columns}");
    }
    let (_, of_tables) = constraints(SCHEMA);
    let known = |table: &str, line: &str| {
        broken.iter().chain(&hanging).any(|(of, what, _)| *of == table && line.contains(what))
    };
    let unknown: Vec<_> = of_tables.iter().filter(|(table, line)| !known(table, line)).collect();
    assert!(unknown.is_empty(), "no statement breaks {unknown:?}");
}

/// Keys are unique, and a row that others need stays.
async fn keys_and_parents_hold(store: &Store) {
    for table in ["block", "session", "player", "map_play", "round"] {
        let sql = format!("delete from {table} where id = (select min(id) from {table})");
        assert_eq!(attempt(store, &sql, vec![]).await, Refusal::AtCommit, "{table} is needed");
    }
    let twice = "insert into player (id, key, guid, bot) select id + 1, key, guid, bot from player limit 1";
    assert_eq!(attempt(store, twice, vec![]).await, Refusal::AtOnce, "a key is one player's");
    let again = "insert into player (id, key, guid, bot) select id, $1, guid, bot from player limit 1";
    assert_eq!(attempt(store, again, values!["another"]).await, Refusal::AtOnce, "an id is one player's");
}

/// All of it, on an empty database of either engine.
pub(crate) async fn every_constraint_holds(bench: Bench) {
    bench.keep(&pair()).await;
    bench.derive().await;
    each_column_refuses_what_it_must(&bench.store).await;
    each_table_refuses_what_it_must(&bench.store).await;
    keys_and_parents_hold(&bench.store).await;
}

#[tokio::test]
async fn sqlite_refuses_every_row_that_breaks_a_constraint() {
    every_constraint_holds(Bench::new().await).await;
}
