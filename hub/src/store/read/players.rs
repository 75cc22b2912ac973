use std::collections::BTreeSet;

use slomix_shared::game::clean_name;

use crate::domain::folding::folded;
use crate::domain::leaf::{NUMBERS, Number, Sums, WEAPON_NUMBERS, WeaponSums};
use crate::domain::metrics::weapon_accuracy::weapon_accuracy;
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
    /// The last round he was in.
    pub last_round: i64,
}

/// A name that a player bore.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The name.
    pub name: String,
    /// In how many rounds.
    pub rounds: i64,
    /// The session in which he bore it first.
    pub first_session: i64,
    /// The round in which he bore it last.
    pub last_round: i64,
}

/// A player's sums with one weapon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the weapon_total table")]
pub struct WeaponTotals {
    pub rounds: i64,
    pub hits: i64,
    pub shots: i64,
    pub kills: i64,
    pub deaths: i64,
    pub headshots: i64,
}

impl WeaponTotals {
    /// Hits of shots in tenths of a percent; unknown where shots are not what hits (artillery counts its calls).
    pub fn accuracy(&self) -> Option<i64> {
        weapon_accuracy(self.hits, self.shots).filter(|_| self.hits <= self.shots)
    }

    /// As sums of a player who has nothing but this weapon, for metrics over one weapon.
    pub fn sums(&self) -> Sums {
        let mut sums = [0; Number::COUNT];
        sums[Number::Rounds as usize] = self.rounds;
        sums[Number::Kills as usize] = self.kills;
        // The weapon's own, in the place of those of all that fires bullets.
        sums[Number::BulletShots as usize] = self.shots;
        sums[Number::BulletHits as usize] = self.hits;
        sums
    }

    pub(super) fn from_row(row: &Row, from: usize) -> Self {
        let mut sums: WeaponSums = [0; WEAPON_NUMBERS.len()];
        for (sum, column) in sums.iter_mut().zip(from..) {
            *sum = row.int(column);
        }
        let [rounds, hits, shots, kills, deaths, headshots] = sums;
        Self { rounds, hits, shots, kills, deaths, headshots }
    }
}

pub(super) fn sums_from_row(row: &Row, from: usize) -> Sums {
    let mut sums = [0; Number::COUNT];
    for (sum, column) in sums.iter_mut().zip(from..) {
        *sum = row.int(column);
    }
    sums
}

const NAMED: &str = "select p.id, p.key, \
     (select n.name from session_name n where n.player = p.id order by n.last_round desc, n.name limit 1), \
     (select max(n.last_round) from session_name n where n.player = p.id) from player p";

fn named(row: &Row) -> NamedPlayer {
    NamedPlayer {
        player: row.int(0),
        key: row.text(1).to_owned(),
        name: row.text(2).to_owned(),
        last_round: row.int(3),
    }
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
        let rows = self.fetch("read who was in a session", sql, values![session]).await?;
        Ok(rows.iter().map(named).collect())
    }

    /// Players whose key, GUID or id is `text`; else those who bore exactly that name; else those who bore it but for
    /// case and accents; else those whose name holds it; colour codes aside. Who played last comes first.
    pub async fn find_players(&self, text: &str) -> Result<Vec<NamedPlayer>, StoreError> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(player) = self.player_of_key(text).await? {
            return Ok(vec![player]);
        }
        let cleaned = clean_name(text.as_bytes());
        let text = Some(cleaned.trim()).filter(|text| !text.is_empty()).unwrap_or(text);
        let exact = self.players_called(&[text.to_owned()]).await?;
        if !exact.is_empty() {
            return Ok(exact);
        }
        let wanted = folded(text);
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let names: Vec<(String, String)> =
            self.every_name().await?.into_iter().map(|name| (folded(&name), name)).collect();
        let matching = |fits: fn(&str, &str) -> bool| -> Vec<String> {
            names.iter().filter(|(plain, _)| fits(plain, &wanted)).map(|(_, name)| name.clone()).collect()
        };
        let same = self.players_called(&matching(|plain, wanted| plain == wanted)).await?;
        if !same.is_empty() {
            return Ok(same);
        }
        self.players_called(&matching(|plain, wanted| plain.contains(wanted))).await
    }

    /// Players one of whose names holds a text, case and accents aside: those who bore a name that begins with it come
    /// first, and among them who played last.
    pub async fn players_like(&self, text: &str, most: usize) -> Result<Vec<NamedPlayer>, StoreError> {
        let wanted = folded(text.trim());
        let names: Vec<(bool, String)> = self
            .every_name()
            .await?
            .into_iter()
            .filter_map(|name| folded(&name).find(&wanted).map(|at| (at == 0, name)))
            .collect();
        let mut found: Vec<NamedPlayer> = Vec::new();
        for begins in [true, false] {
            // Of many names that fit, those that begin with the text are enough.
            let fitting = names.iter().filter(|(begin, _)| *begin == begins).take(4 * most);
            let fitting: Vec<String> = fitting.map(|(_, name)| name.clone()).collect();
            for player in self.players_called(&fitting).await? {
                if found.len() < most && found.iter().all(|known| known.player != player.player) {
                    found.push(player);
                }
            }
        }
        found.extend(self.player_of_key(text).await?.filter(|_| found.is_empty()));
        Ok(found)
    }

    /// Who played last, the newest first.
    pub async fn newest_players(&self, limit: i64) -> Result<Vec<NamedPlayer>, StoreError> {
        let sql = "select player from session_name where session in \
                       (select id from session order by date desc, id desc limit 20) \
                   group by player order by max(last_round) desc, player limit $1";
        let mut players = Vec::new();
        for row in self.fetch("look who played last", sql, values![limit]).await? {
            players.extend(self.player(row.int(0)).await?);
        }
        Ok(players)
    }

    /// The player with this key, GUID or id.
    pub async fn player_of_key(&self, text: &str) -> Result<Option<NamedPlayer>, StoreError> {
        // Of a full GUID the first eight characters are the key.
        let key = if text.len() == 32 && text.is_ascii() { &text[..8] } else { text };
        let sql = format!("{NAMED} where p.key = $1");
        for key in [text, &key.to_uppercase()] {
            let rows = self.fetch("look for a player by key", &sql, values![key]).await?;
            if let Some(row) = rows.first() {
                return Ok(Some(named(row)));
            }
        }
        match text.parse::<i64>() {
            Ok(id) => self.player(id).await,
            Err(_) => Ok(None),
        }
    }

    /// Everybody who bore one of these names.
    async fn players_called(&self, names: &[String]) -> Result<Vec<NamedPlayer>, StoreError> {
        let mut ids = BTreeSet::new();
        for name in names {
            let sql = "select distinct player from session_name where name = $1";
            ids.extend(
                self.fetch("look for who bore a name", sql, values![name.as_str()]).await?.iter().map(|row| row.int(0)),
            );
        }
        let mut players = Vec::with_capacity(ids.len());
        for id in ids {
            players.extend(self.player(id).await?);
        }
        players.sort_by_key(|player| (-player.last_round, player.player));
        Ok(players)
    }

    /// Every name that anybody bore, once. Each is found by one step in the index, however often it was borne.
    pub async fn every_name(&self) -> Result<Vec<String>, StoreError> {
        let sql = "with recursive known (name) as (select min(n.name) from session_name n union all \
                   select (select min(n.name) from session_name n where n.name > known.name) from known \
                   where known.name is not null) select name from known where name is not null";
        let rows = self.fetch("read every name", sql, vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// A player's sums in a scope, as in `all` or `month:2026-11`.
    pub async fn totals(&self, scope: &str, player: i64) -> Result<Option<Sums>, StoreError> {
        let sql = format!("select {} from total where scope = $1 and player = $2", NUMBERS.join(", "));
        let rows = self.fetch("read totals", &sql, values![scope, player]).await?;
        Ok(rows.first().map(|row| sums_from_row(row, 0)))
    }

    /// A player's sums by map, the most played first.
    pub async fn map_totals(&self, player: i64) -> Result<Vec<(String, Sums)>, StoreError> {
        let sql = format!(
            "select scope, {} from total where player = $1 and scope like 'map:%' order by rounds desc, scope",
            NUMBERS.join(", ")
        );
        let rows = self.fetch("read a player's maps", &sql, values![player]).await?;
        Ok(rows.iter().map(|row| (row.text(0)["map:".len()..].to_owned(), sums_from_row(row, 1))).collect())
    }

    /// A player's sums by weapon, the one with the most kills first.
    pub async fn weapon_totals(&self, scope: &str, player: i64) -> Result<Vec<(i64, WeaponTotals)>, StoreError> {
        let sql = format!(
            "select weapon, {} from weapon_total where scope = $1 and player = $2 \
             order by kills desc, shots desc, weapon",
            WEAPON_NUMBERS.join(", ")
        );
        let rows = self.fetch("read a player's weapons", &sql, values![scope, player]).await?;
        Ok(rows.iter().map(|row| (row.int(0), WeaponTotals::from_row(row, 1))).collect())
    }

    /// A player's sums by session, the newest first.
    pub async fn sessions_of_player(&self, player: i64, limit: i64) -> Result<Vec<(i64, Sums)>, StoreError> {
        let sums: Vec<String> = NUMBERS.iter().map(|n| format!("cast(sum({n}) as bigint)")).collect();
        let sql = format!(
            "select session, {} from leaf where player = $1 group by session order by session desc limit $2",
            sums.join(", ")
        );
        let rows = self.fetch("read a player's sessions", &sql, values![player, limit]).await?;
        Ok(rows.iter().map(|row| (row.int(0), sums_from_row(row, 1))).collect())
    }

    /// In how many sessions a player had rounds that count.
    pub async fn session_count(&self, player: i64) -> Result<i64, StoreError> {
        let sql = "select count(distinct session) from leaf where player = $1";
        let rows = self.fetch("count a player's sessions", sql, values![player]).await?;
        Ok(rows.first().map_or(0, |row| row.int(0)))
    }

    /// Names that a player bore, the newest first.
    pub async fn aliases(&self, player: i64) -> Result<Vec<Alias>, StoreError> {
        let sql = "select name, cast(sum(rounds) as bigint), min(session), max(last_round) from session_name \
                   where player = $1 group by name order by max(last_round) desc, name";
        let rows = self.fetch("read a player's names", sql, values![player]).await?;
        let alias = |row: &Row| Alias {
            name: row.text(0).to_owned(),
            rounds: row.int(1),
            first_session: row.int(2),
            last_round: row.int(3),
        };
        Ok(rows.iter().map(alias).collect())
    }

    /// The first and the last round that a player was in.
    pub async fn first_and_last(&self, player: i64) -> Result<Option<(i64, i64)>, StoreError> {
        let sql = "select (select min(round) from round_player where player = $1), \
                   (select max(round) from round_player where player = $1)";
        let rows = self.fetch("read when a player was seen", sql, values![player]).await?;
        Ok(rows.first().and_then(|row| row.maybe_int(0).zip(row.maybe_int(1))))
    }
}
