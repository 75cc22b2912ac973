//! Totals by map, month, season and for all time: sums of leaves, kept by adding differences.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::LocalStamp;
use slomix_shared::game::Weapon;

use crate::domain::ids;

use super::WriteTx;
use super::derived::Difference;
use super::rows::Values;
use super::sql::{StoreError, Value};
use super::tables::{self, Table};

mod recount;

/// The scope of everything.
pub const ALL_TIME: &str = "all";

/// The scopes of time that a session's numbers belong to, by the local date of its first round: everything, its season
/// (a quarter of the year) and its month. The stamp stands in the session's id.
pub fn scopes(session: i64) -> [String; 3] {
    let date = LocalStamp::from_seconds(ids::stamp_seconds(session)).date();
    let quarter = (date.month() - 1) / 3 + 1;
    [ALL_TIME.to_owned(), format!("season:{}-Q{quarter}", date.year()), format!("month:{}", date.strftime("%Y-%m"))]
}

/// The scope of a map: all of it that was ever played.
pub fn map_scope(map: &str) -> String {
    format!("map:{map}")
}

/// A kind of leaves and the totals above them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rollup {
    /// By player, from leaves by map.
    Players,
    /// By player and weapon.
    Weapons,
}

/// Sums by the key of their total.
type Totals = BTreeMap<Values, Vec<i64>>;

/// What leaves that changed owe the totals above them, by kind.
#[derive(Debug, Default)]
pub(super) struct Owed {
    players: Totals,
    weapons: Totals,
    /// Players some leaf of whom was none that the program writes: what their totals hold of it nobody knows.
    recounted: BTreeSet<i64>,
}

impl Owed {
    fn of(&mut self, rollup: Rollup) -> &mut Totals {
        match rollup {
            Rollup::Players => &mut self.players,
            Rollup::Weapons => &mut self.weapons,
        }
    }

    /// Notes what changed in leaves.
    pub(super) fn note(&mut self, rollup: Rollup, leaves: &Difference) {
        for leaf in &leaves.removed {
            if rollup.allows(leaf) {
                rollup.add(self.of(rollup), leaf, -1);
            } else {
                self.recounted.insert(integer(&leaf[1]));
            }
        }
        for leaf in &leaves.added {
            rollup.add(self.of(rollup), leaf, 1);
        }
    }
}

/// No number of a leaf is larger by far, and one that is not keeps its totals within their columns.
const MOST: u64 = 1 << 59;
/// Leading columns of a leaf: session, player, map or weapon, block.
const LEAF_HEAD: usize = 4;

impl Rollup {
    pub(super) const ALL: [Self; 2] = [Self::Players, Self::Weapons];

    pub(super) fn leaf(self) -> Table {
        match self {
            Self::Players => tables::LEAF,
            Self::Weapons => tables::WEAPON_LEAF,
        }
    }

    pub(super) fn total(self) -> Table {
        match self {
            Self::Players => tables::TOTAL,
            Self::Weapons => tables::WEAPON_TOTAL,
        }
    }

    /// Whether a leaf is one that the program can have written. Another one, which is damage, is part of no total: no
    /// row of theirs may hold what it says.
    fn allows(self, leaf: &[Value]) -> bool {
        let is_third = match (self, &leaf[2]) {
            (Self::Players, Value::Text(_)) => true,
            (Self::Weapons, Value::Int(weapon)) => (0..i64::from(Weapon::COUNT)).contains(weapon),
            _ => false,
        };
        let is_number = |(value, column): (&Value, &&str)| match value {
            Value::Int(number) => number.unsigned_abs() <= MOST && (*number >= 0 || *column == "xp"),
            _ => false,
        };
        let ids = [&leaf[0], &leaf[1], &leaf[3]];
        is_third
            && ids.into_iter().all(|id| matches!(id, Value::Int(_)))
            && integer(&leaf[LEAF_HEAD]) > 0
            && leaf[LEAF_HEAD..].iter().zip(&self.leaf().columns[LEAF_HEAD..]).all(is_number)
    }

    /// The keys of the totals that a leaf is part of.
    fn keys(self, leaf: &Values) -> Vec<Values> {
        let (session, player, third) = (integer(&leaf[0]), leaf[1].clone(), &leaf[2]);
        let mut scopes = scopes(session).to_vec();
        match (self, third) {
            (Self::Players, Value::Text(map)) => {
                scopes.push(map_scope(map));
                scopes.into_iter().map(|scope| vec![scope.into(), player.clone()]).collect()
            }
            (_, weapon) => scopes.into_iter().map(|scope| vec![scope.into(), player.clone(), weapon.clone()]).collect(),
        }
    }

    /// Adds a leaf to its totals, or takes it off with a `sign` of -1.
    fn add(self, totals: &mut Totals, leaf: &Values, sign: i64) {
        let numbers = &leaf[LEAF_HEAD..];
        for key in self.keys(leaf) {
            let sums = totals.entry(key).or_insert_with(|| vec![0; numbers.len()]);
            for (sum, number) in sums.iter_mut().zip(numbers) {
                *sum += sign * integer(number);
            }
        }
    }
}

fn integer(value: &Value) -> i64 {
    if let Value::Int(value) = value { *value } else { 0 }
}

/// Totals as rows of their table.
fn rows(totals: Totals) -> impl Iterator<Item = Values> {
    totals.into_iter().map(|(mut key, sums)| {
        key.extend(sums.into_iter().map(Value::Int));
        key
    })
}

impl WriteTx {
    /// Adds what is owed to every total. A total of no round is no row.
    pub(super) async fn add_to_totals(&mut self) -> Result<(), StoreError> {
        for rollup in Rollup::ALL {
            let owed = std::mem::take(self.owed.of(rollup));
            if !owed.is_empty() {
                self.add_changes(rollup, owed).await?;
            }
        }
        let recounted = std::mem::take(&mut self.owed.recounted);
        if recounted.is_empty() { Ok(()) } else { self.recount_players(recounted).await }
    }

    async fn add_changes(&mut self, rollup: Rollup, mut changes: Totals) -> Result<(), StoreError> {
        changes.retain(|_, sums| sums.iter().any(|&sum| sum != 0));
        self.drop_totals_of_nobody(&mut changes).await?;
        // The number of rounds stands first. Only a total that loses some can end without any.
        let shrunk: Vec<Values> = changes.iter().filter(|(_, sums)| sums[0] < 0).map(|(key, _)| key.clone()).collect();
        let table = rollup.total();
        let updates: Vec<String> = table.columns[table.key..]
            .iter()
            .map(|column| format!("{column} = {}.{column} + excluded.{column}", table.name))
            .collect();
        let clause = format!(" on conflict ({}) do update set {}", table.key_columns().join(", "), updates.join(", "));
        let rows: Vec<Values> = rows(changes).collect();
        self.insert_with(table, &rows, &clause).await?;

        let conditions: Vec<String> =
            table.key_columns().iter().zip(1..).map(|(column, at)| format!("{column} = ${at}")).collect();
        let sql = format!("delete from {} where {} and rounds = 0", table.name, conditions.join(" and "));
        for key in shrunk {
            self.execute("drop an empty total", &sql, key).await?;
        }
        Ok(())
    }

    /// Leaves that something else gave to a player who is none are taken off no total: there is none.
    async fn drop_totals_of_nobody(&mut self, changes: &mut Totals) -> Result<(), StoreError> {
        // Whoever gains rounds is there.
        let losing = changes.iter().filter(|(_, sums)| sums[0] <= 0).map(|(key, _)| integer(&key[1]));
        let losing: BTreeSet<i64> = losing.collect();
        if losing.is_empty() {
            return Ok(());
        }
        let ids = Value::Ints(losing.iter().copied().collect());
        let sql = "select id from player where id = any($1)";
        let there = self.fetch("look who is a player", sql, vec![ids]).await?;
        let there: BTreeSet<i64> = there.iter().map(|row| row.int(0)).collect();
        changes.retain(|key, _| !losing.contains(&integer(&key[1])) || there.contains(&integer(&key[1])));
        Ok(())
    }
}
