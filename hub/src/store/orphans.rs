//! Rows that speak of what is not there. No engine lets the hub write one, but other tools can switch the checks off.

use std::collections::BTreeSet;

use super::sql::StoreError;
use super::tables::Table;
use super::{Store, WriteTx, tables};

/// Columns of a table that name a row of another one, as the schema has it.
#[derive(Debug, Clone, Copy)]
struct Reference {
    table: &'static str,
    columns: &'static [&'static str],
    parent: &'static str,
    keys: &'static [&'static str],
}

const fn to(
    parent: &'static str,
    keys: &'static [&'static str],
    table: &'static str,
    columns: &'static [&'static str],
) -> Reference {
    Reference { table, columns, parent, keys }
}

const ID: &[&str] = &["id"];

/// Every reference of what is derived or waits, each behind those whose rows it names: what is removed for one of them
/// takes along what the next ones find.
const REFERENCES: [Reference; 35] = [
    to("artifact", ID, "pending", &["artifact"]),
    to("artifact", ID, "disposition", &["artifact"]),
    to("block", ID, "disposition", &["block"]),
    to("block", ID, "session", &["block"]),
    to("session", ID, "epoch", &["session"]),
    to("block", ID, "epoch", &["block"]),
    to("epoch", &["session", "number"], "session_member", &["session", "epoch"]),
    to("player", ID, "session_member", &["player"]),
    to("block", ID, "session_member", &["block"]),
    to("block", ID, "map_play", &["block"]),
    to("session", ID, "map_play", &["session"]),
    to("block", ID, "round", &["block"]),
    to("session", ID, "round", &["session"]),
    to("map_play", ID, "round", &["map_play"]),
    to("artifact", ID, "round", &["artifact"]),
    to("round", ID, "round_player", &["round"]),
    to("player", ID, "round_player", &["player"]),
    to("round_player", &["round", "player"], "round_weapon", &["round", "player"]),
    to("round", ID, "round_award", &["round"]),
    to("player", ID, "round_award", &["player"]),
    to("round", ID, "round_duel", &["round"]),
    to("player", ID, "round_duel", &["subject_player"]),
    to("player", ID, "round_duel", &["opponent_player"]),
    to("session", ID, "player_guid", &["session"]),
    to("player", ID, "player_guid", &["player"]),
    to("block", ID, "player_guid", &["block"]),
    to("session", ID, "session_name", &["session"]),
    to("player", ID, "session_name", &["player"]),
    to("block", ID, "session_name", &["block"]),
    to("session", ID, "leaf", &["session"]),
    to("player", ID, "leaf", &["player"]),
    to("block", ID, "leaf", &["block"]),
    to("session", ID, "weapon_leaf", &["session"]),
    to("player", ID, "weapon_leaf", &["player"]),
    to("block", ID, "weapon_leaf", &["block"]),
];

/// Totals are counted again from their leaves, so they are looked for and not removed here.
const OF_TOTALS: [Reference; 2] =
    [to("player", ID, "total", &["player"]), to("player", ID, "weapon_total", &["player"])];

/// Behind `where`: a player whom no row speaks of.
pub(super) const OF_NOBODY: &str = "\
    not exists (select 1 from round_player t where t.player = player.id) \
    and not exists (select 1 from session_member t where t.player = player.id) \
    and not exists (select 1 from round_award t where t.player = player.id) \
    and not exists (select 1 from round_duel t where t.subject_player = player.id) \
    and not exists (select 1 from round_duel t where t.opponent_player = player.id) \
    and not exists (select 1 from player_guid t where t.player = player.id) \
    and not exists (select 1 from session_name t where t.player = player.id) \
    and not exists (select 1 from leaf t where t.player = player.id) \
    and not exists (select 1 from weapon_leaf t where t.player = player.id) \
    and not exists (select 1 from total t where t.player = player.id) \
    and not exists (select 1 from weapon_total t where t.player = player.id)";

impl Reference {
    /// Behind `where`: rows that name something and there is none of it.
    fn is_loose(&self) -> String {
        let Self { table, columns, parent, keys } = self;
        let known: Vec<String> = columns.iter().map(|column| format!("{table}.{column} is not null")).collect();
        let same: Vec<String> =
            keys.iter().zip(*columns).map(|(key, column)| format!("p.{key} = {table}.{column}")).collect();
        format!("{} and not exists (select 1 from {parent} p where {})", known.join(" and "), same.join(" and "))
    }
}

/// Rows of a table that speak of what is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Orphans {
    /// Their table.
    pub table: &'static str,
    /// The table in which there is no row of what they name; for players, the one in which none names them.
    pub parent: &'static str,
    /// How many.
    pub rows: i64,
}

impl Store {
    /// Derived rows that speak of what is not there, and players of no round. Goes through all rows.
    pub async fn orphans(&self) -> Result<Vec<Orphans>, StoreError> {
        let mut orphans = Vec::new();
        for reference in REFERENCES.iter().chain(&OF_TOTALS) {
            let Reference { table, parent, .. } = *reference;
            let sql = format!("select count(*) from {table} where {}", reference.is_loose());
            let rows = self.fetch("look for rows of what is not there", &sql, vec![]).await?;
            orphans.push(Orphans { table, parent, rows: rows.first().map_or(0, |row| row.int(0)) });
        }
        let sql = format!("select count(*) from player where {OF_NOBODY}");
        let rows = self.fetch("look for players of no round", &sql, vec![]).await?;
        let rows = rows.first().map_or(0, |row| row.int(0));
        orphans.push(Orphans { table: tables::PLAYER.name, parent: tables::ROUND_PLAYER.name, rows });
        orphans.retain(|orphans| orphans.rows > 0);
        Ok(orphans)
    }
}

impl Store {
    /// Removes derived rows that speak of what is not there; the answer is how many there were. What belongs to a block
    /// is made again with it, and totals are counted again by a rebuild.
    pub async fn remove_orphans(&self) -> Result<usize, StoreError> {
        let mut tx = self.begin_unchecked().await?;
        let mut removed = 0;
        // In SQLite a key can be anything. What is none that the program writes is nobody's, and no row finds it.
        let parents: BTreeSet<_> = REFERENCES.iter().map(|reference| (reference.parent, reference.keys)).collect();
        for (parent, keys) in parents.into_iter().filter(|(parent, _)| *parent != "artifact") {
            let odd: Vec<String> = keys.iter().map(|key| format!("{key} <> cast({key} as bigint)")).collect();
            let sql = format!("delete from {parent} where {}", odd.join(" or "));
            removed += tx.execute("remove rows whose keys are no numbers", &sql, vec![]).await?;
        }
        for reference in REFERENCES {
            let sql = format!("delete from {} where {}", reference.table, reference.is_loose());
            removed += tx.execute("remove rows of what is not there", &sql, vec![]).await?;
        }
        tx.commit().await?;
        Ok(removed as usize)
    }
}

impl WriteTx {
    /// Removes players whom no row speaks of; the answer is how many there were.
    pub async fn remove_nobodies(&mut self) -> Result<usize, StoreError> {
        let Table { name, .. } = tables::PLAYER;
        let sql = format!("delete from {name} where {OF_NOBODY}");
        Ok(self.execute("remove players of no round", &sql, vec![]).await? as usize)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// A reference that is left out would let its orphans lie for ever.
    #[tokio::test]
    async fn every_reference_of_the_schema_is_looked_at() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("slomix.db")).await.unwrap();
        let sql = "select m.name, f.id, f.\"table\", f.\"from\", f.\"to\" from sqlite_master m \
                   join pragma_foreign_key_list(m.name) f where m.type = 'table' order by m.name, f.id, f.seq";
        let mut schema: BTreeSet<(String, i64, String, String, String)> = BTreeSet::new();
        for row in store.fetch("read the schema", sql, vec![]).await.unwrap() {
            let text = |at: usize| row.text(at).to_owned();
            // What is kept is told of elsewhere, and never removed; what agents ask is gone within a day.
            if !["receipt", "post", "readmission"].contains(&row.text(0)) {
                schema.insert((text(0), row.int(1), text(2), text(3), text(4)));
            }
        }
        let own: BTreeSet<(&str, &str, &str, &str)> = REFERENCES
            .iter()
            .chain(&OF_TOTALS)
            .flat_map(|one| {
                one.columns.iter().zip(one.keys).map(move |(column, key)| (one.table, one.parent, *column, *key))
            })
            .collect();
        let schema: BTreeSet<(&str, &str, &str, &str)> =
            schema.iter().map(|(table, _, parent, column, key)| (&**table, &**parent, &**column, &**key)).collect();
        assert_eq!(own, schema);
        for (table, _, column, _) in schema.iter().filter(|(_, parent, ..)| *parent == "player") {
            assert!(OF_NOBODY.contains(&format!("from {table} t where t.{column} = ")) || *table == "round_weapon");
        }
    }
}
