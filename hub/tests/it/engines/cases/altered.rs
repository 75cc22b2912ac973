use slomix_hub::pipeline::rebuild::rebuild;
use slomix_hub::pipeline::verify::deep::compare;
use slomix_hub::pipeline::verify::{Verified, verify};
use slomix_hub::store::tables::{self, Table};
use slomix_hub::store::{Durability, Store};
use slomix_shared::sim::Accidents;

use crate::pipeline::{Bench, evenings};

/// Does to the database what other tools can: the references between tables are not checked.
pub(super) async fn alter(store: &Store, damage: &str) {
    if let Some(path) = store.path() {
        use sqlx::ConnectOptions as _;
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut other = options.foreign_keys(false).connect().await.unwrap();
        sqlx::raw_sql(sqlx::AssertSqlSafe(damage)).execute(&mut other).await.unwrap();
        sqlx::Connection::close(other).await.unwrap();
        return;
    }
    // Some references are triggers there.
    let triggers = |verb: &str| {
        format!(
            "for one in select distinct tgrelid::regclass::text as place from pg_trigger where not tgisinternal loop \
               execute format('alter table %s {verb} trigger user', one.place); end loop"
        )
    };
    let (disabled, enabled) = (triggers("disable"), triggers("enable"));
    let sql = format!(
        "do $do$ declare one record; begin {disabled}; \
         create temp table held on commit drop as \
           select conrelid::regclass::text as place, conname::text as name, pg_get_constraintdef(oid) as what \
           from pg_constraint where contype = 'f' and connamespace = current_schema()::regnamespace; \
         for one in select * from held loop \
           execute format('alter table %s drop constraint %I', one.place, one.name); end loop; \
         {damage}; \
         for one in select * from held loop \
           execute format('alter table %s add constraint %I %s %s', one.place, one.name, \
             replace(one.what, ' NOT VALID', ''), 'not valid'); end loop; \
         {enabled}; end $do$"
    );
    let mut tx = store.begin(Durability::Full).await.unwrap();
    tx.execute("damage", &sql, vec![]).await.unwrap();
    tx.commit().await.unwrap();
}

async fn checked(store: &Store) -> Verified {
    verify(store, |_| {}).await.unwrap()
}

/// Has everything derived again, as a new version of the program would.
pub(super) async fn derive_again(bench: &Bench) {
    let mut tx = bench.store.begin(Durability::Relaxed).await.unwrap();
    tx.queue_all().await.unwrap();
    tx.commit().await.unwrap();
    bench.derive().await;
}

pub(super) async fn played(bench: &Bench) -> Vec<String> {
    bench.keep(&evenings(4, 2, Accidents::default())).await;
    bench.derive().await;
    assert!(checked(&bench.store).await.is_sound());
    bench.dump().await
}

/// Alters, derives anew and rebuilds; all is as it was in the end.
pub(super) async fn is_mended(bench: &Bench, before: &[String], damage: &str, derive: bool) {
    alter(&bench.store, damage).await;
    assert!(bench.dump().await != before, "{damage}");
    if derive {
        // So that there is something to be written.
        alter(&bench.store, "delete from leaf; delete from session_name").await;
        derive_again(bench).await;
        assert_eq!(bench.store.pending_count().await.unwrap(), 0, "{damage}");
    }
    rebuild(&bench.deriver, |_, _| {}).await.unwrap_or_else(|error| panic!("{damage}: {error}"));
    assert!(bench.dump().await == before, "{damage}");
    let verified = checked(&bench.store).await;
    assert!(verified.is_sound(), "{damage}: {verified:?}");
}

pub(in crate::engines) async fn a_player_under_another_id_or_key_stops_nothing(bench: Bench) {
    let before = played(&bench).await;
    for damage in [
        "update player set id = 77 where id = (select max(player) from round_player)",
        "update player set id = id + 1",
        "update player set id = 77 where id = (select max(id) from player); \
         update leaf set player = 77 where player = (select max(player) from round_player)",
        "delete from player",
        "delete from player where id = (select max(id) from player); \
         update player set key = (select max(guid) || 'X' from player) where id = (select min(id) from player)",
        "update player set key = 'zzz' where id = (select min(id) from player); \
         update player set key = guid where key = 'zzz'; update player set guid = 'DEADBEEF'",
        // Two have each other's.
        "update player set key = '?' where id = (select min(id) from player); \
         update player set key = (select guid from player where key = '?') \
           where id = (select max(id) from player); \
         update player set key = (select guid from player where id = (select max(id) from player)) where key = '?'",
    ] {
        for derive in [false, true] {
            is_mended(&bench, &before, damage, derive).await;
        }
    }
}

pub(in crate::engines) async fn rows_of_nobody_are_mended(bench: Bench) {
    let before = played(&bench).await;
    for damage in [
        "update leaf set player = 5 where player = (select max(player) from leaf)",
        "update weapon_leaf set player = 5 where player = (select max(player) from weapon_leaf)",
        "update session_member set player = 5 where player = (select max(player) from session_member)",
        "update session_name set player = 5 where player = (select max(player) from session_name)",
        "update round_player set player = 5 where player = (select max(player) from round_player)",
        "update round_weapon set player = 5 where player = (select max(player) from round_weapon)",
        "update total set player = 5 where player = (select max(player) from total)",
        "delete from round_player where player = (select max(player) from total); \
         delete from player where id = (select max(player) from total)",
        "update leaf set session = 999 where session = (select max(session) from leaf)",
        "update leaf set block = 999 where session = (select max(session) from leaf)",
        "update round set map_play = 999, session = 999",
        "delete from session; delete from map_play; delete from round where number = 1",
        "delete from block; delete from epoch",
        "update total set kills = 9223372036854775807",
    ] {
        for derive in [false, true] {
            is_mended(&bench, &before, damage, derive).await;
        }
    }
}

/// A leaf that the schema refuses, written with its checks off.
pub(in crate::engines) async fn leaves_that_no_rule_allows_are_part_of_no_total(bench: Bench) {
    let store = &bench.store;
    let before = played(&bench).await;
    let on_server = store.path().is_none();
    let lift = if on_server {
        "alter table weapon_leaf drop constraint if exists weapon_leaf_weapon_check, \
           drop constraint if exists weapon_leaf_shots_check; \
         alter table leaf drop constraint if exists leaf_rounds_check, drop constraint if exists leaf_kills_check"
    } else {
        "pragma ignore_check_constraints = on"
    };
    // One row of each.
    let of_leaf = "where (session, player, map) in \
         (select session, player, map from leaf order by session desc, player desc, map limit 1)";
    let of_weapon = "where (session, player, weapon) in \
         (select session, player, weapon from weapon_leaf order by session desc, player desc, weapon limit 1)";
    for damage in [
        format!("update weapon_leaf set weapon = 99 {of_weapon}"),
        format!("update weapon_leaf set weapon = -1 {of_weapon}"),
        format!("update weapon_leaf set shots = -7 {of_weapon}"),
        format!("update leaf set kills = -1 {of_leaf}"),
        format!("update leaf set rounds = 0 {of_leaf}"),
        format!("update leaf set kills = 9223372036854775807 {of_leaf}"),
        // Only one engine takes these.
        format!("update leaf set kills = 'x' {of_leaf}"),
        format!("update weapon_leaf set weapon = 'x' {of_weapon}"),
    ]
    .iter()
    .take(if on_server { 6 } else { 8 })
    {
        for derive in [true, false] {
            alter(store, &format!("{lift}; {damage}")).await;
            assert!(bench.dump().await != before, "{damage}");
            assert_eq!(compare(&bench.deriver, |_, _| {}).await.unwrap().differing.len(), 1, "{damage}");
            if derive {
                derive_again(&bench).await;
            } else {
                rebuild(&bench.deriver, |_, _| {}).await.unwrap_or_else(|error| panic!("{damage}: {error}"));
            }
            assert!(bench.dump().await == before, "{damage}, {derive}");
            assert!(checked(store).await.is_sound(), "{damage}, {derive}");
        }
    }
}

/// One more row of a table, of which a column names what is not there.
fn orphan(table: Table, column: &str) -> String {
    let value = |own: &&str| if *own == column { format!("{own} + 1") } else { (*own).to_owned() };
    let values: Vec<String> = table.columns.iter().map(value).collect();
    let Table { name, columns, .. } = table;
    let columns = columns.join(", ");
    format!("insert into {name} ({columns}) select {} from {name} limit 1", values.join(", "))
}

pub(in crate::engines) async fn rows_of_what_is_not_there_are_named_and_removed(bench: Bench) {
    let before = played(&bench).await;
    for (table, column) in [
        (tables::ROUND_PLAYER, "round"),
        (tables::ROUND_WEAPON, "round"),
        (tables::ROUND_AWARD, "round"),
        (tables::ROUND_DUEL, "round"),
        (tables::EPOCH, "session"),
        (tables::SESSION_MEMBER, "session"),
        (tables::SESSION_NAME, "session"),
        (tables::PLAYER_GUID, "session"),
        (tables::LEAF, "session"),
        (tables::WEAPON_LEAF, "session"),
        (tables::TOTAL, "player"),
        (tables::WEAPON_TOTAL, "player"),
    ] {
        alter(&bench.store, &orphan(table, column)).await;
        let verified = checked(&bench.store).await;
        let named = verified.orphans.iter().any(|one| one.starts_with(&format!("{}: 1 without its ", table.name)));
        assert!(named && !verified.is_sound(), "{}: {verified:?}", table.name);
        rebuild(&bench.deriver, |_, _| {}).await.unwrap();
        let verified = checked(&bench.store).await;
        assert!(verified.is_sound(), "{}: {verified:?}", table.name);
        assert!(bench.dump().await == before, "{}", table.name);
    }
    alter(&bench.store, "insert into player (id, key, guid, bot) values (7, 'ABCDEF01', 'ABCDEF01', 0)").await;
    assert_eq!(checked(&bench.store).await.orphans, ["player: 1 of whom no round tells"]);
    rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert!(bench.dump().await == before);
}

pub(in crate::engines) async fn what_is_left_of_files_that_are_gone_is_removed(bench: Bench) {
    let before = played(&bench).await;
    alter(
        &bench.store,
        "insert into pending (artifact) values (7); \
         insert into disposition (artifact, block, state, code, reason) values (8, null, 'kept', '', ''); \
         insert into disposition (artifact, block, state, code, reason) \
           select 9, max(id), 'superseded', '', '' from block",
    )
    .await;
    let verified = checked(&bench.store).await;
    assert_eq!(verified.orphans, ["pending: 1 without its artifact", "disposition: 2 without its artifact"]);
    assert!(verified.vanished.is_empty(), "a backup would not help");
    rebuild(&bench.deriver, |_, _| {}).await.unwrap();
    assert_eq!(bench.store.pending_count().await.unwrap(), 0);
    assert!(checked(&bench.store).await.is_sound());
    assert!(bench.dump().await == before);
}
