use crate::domain::leaf::{NUMBERS, Sums};
use crate::store::Store;
use crate::store::sql::{Row, StoreError};
use crate::values;

/// A player with his current name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPlayer {
    /// His id.
    pub player: i64,
    /// His key, for most the eight characters of the GUID.
    pub key: String,
    /// The name he bore last.
    pub name: String,
}

/// A player's sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlayerTotals(Sums);

impl PlayerTotals {
    /// The sum of one of [`NUMBERS`].
    ///
    /// # Panics
    /// On a name that is not one of them.
    pub fn get(&self, number: &str) -> i64 {
        let at = NUMBERS.iter().position(|&name| name == number).expect("a name out of leaf::NUMBERS");
        self.0[at]
    }

    fn from_row(row: &Row, from: usize) -> Self {
        let mut sums = [0; NUMBERS.len()];
        for (sum, column) in sums.iter_mut().zip(from..) {
            *sum = row.int(column);
        }
        Self(sums)
    }
}

const NAMED: &str = "select p.id, p.key, (select n.name from session_name n where n.player = p.id \
     order by n.last_round desc, n.name limit 1) from player p";

fn named(row: &Row) -> NamedPlayer {
    NamedPlayer { player: row.int(0), key: row.text(1).to_owned(), name: row.text(2).to_owned() }
}

impl Store {
    /// A player by id.
    pub async fn player(&self, id: i64) -> Result<Option<NamedPlayer>, StoreError> {
        let rows = self.fetch("read a player", &format!("{NAMED} where p.id = $1"), values![id]).await?;
        Ok(rows.first().map(named))
    }

    /// Everybody who has a row in a session, by key, with the name that he bore last in it.
    pub async fn players_of_session(&self, session: i64) -> Result<Vec<NamedPlayer>, StoreError> {
        let sql = "select distinct p.id, p.key, (select o.name from session_name o where o.session = n.session \
                       and o.player = p.id order by o.last_round desc, o.name limit 1) \
                   from session_name n join player p on p.id = n.player where n.session = $1 order by p.key";
        let rows = self.fetch("read the players of a session", sql, values![session]).await?;
        Ok(rows.iter().map(named).collect())
    }

    /// Players whose key or id is `text`, who bore exactly that name, or, if there are none, whose name holds it.
    pub async fn find_players(&self, text: &str, limit: i64) -> Result<Vec<NamedPlayer>, StoreError> {
        let doing = "look for a player";
        let by_key = self.fetch(doing, &format!("{NAMED} where p.key = $1"), values![text.to_uppercase()]).await?;
        let by_id = match text.parse::<i64>() {
            Ok(id) if by_key.is_empty() => self.player(id).await?,
            _ => None,
        };
        if let Some(player) = by_id {
            return Ok(vec![player]);
        }
        if !by_key.is_empty() {
            return Ok(by_key.iter().map(named).collect());
        }
        let order = "order by (select max(n.last_round) from session_name n where n.player = p.id) desc limit $2";
        let exact =
            format!("{NAMED} where p.id in (select player from session_name where lower(name) = lower($1)) {order}");
        let found = self.fetch(doing, &exact, values![text, limit]).await?;
        if !found.is_empty() {
            return Ok(found.iter().map(named).collect());
        }
        let pattern = format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"));
        let part = format!(
            "{NAMED} where p.id in (select player from session_name where lower(name) like lower($1) escape '\\') {order}"
        );
        Ok(self.fetch(doing, &part, values![pattern, limit]).await?.iter().map(named).collect())
    }

    /// A player's sums in a scope, as in `all` or `month:2026-11`.
    pub async fn totals(&self, scope: &str, player: i64) -> Result<Option<PlayerTotals>, StoreError> {
        let sql = format!("select {} from total where scope = $1 and player = $2", NUMBERS.join(", "));
        let rows = self.fetch("read totals", &sql, values![scope, player]).await?;
        Ok(rows.first().map(|row| PlayerTotals::from_row(row, 0)))
    }

    /// A player's sums by map, the most played first.
    pub async fn map_totals(&self, player: i64) -> Result<Vec<(String, PlayerTotals)>, StoreError> {
        let sums: Vec<String> = NUMBERS.iter().map(|n| format!("cast(sum({n}) as bigint)")).collect();
        let sql = format!(
            "select map, {} from leaf where player = $1 group by map order by sum(rounds) desc, map",
            sums.join(", ")
        );
        let rows = self.fetch("read a player's maps", &sql, values![player]).await?;
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), PlayerTotals::from_row(row, 1))).collect())
    }

    /// Names that a player bore, the newest first.
    pub async fn names(&self, player: i64) -> Result<Vec<String>, StoreError> {
        let sql = "select name from session_name where player = $1 group by name order by max(last_round) desc, name";
        let rows = self.fetch("read a player's names", sql, values![player]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }
}
