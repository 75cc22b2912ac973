use super::players::WeaponTotals;
use crate::domain::milestones::Done;
use crate::domain::round::CountsFor;
use crate::store::Store;
use crate::store::sql::{Row, StoreError};
use crate::values;

/// A round that counts for a player's totals, with what he did in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedRound {
    /// The round.
    pub round: i64,
    /// The session that it is of.
    pub session: i64,
    /// The map.
    pub map: String,
    /// Whether his side attacked; unknown where the file does not tell who defended or where he stood.
    pub attacked: Option<bool>,
    /// Seconds in a team.
    pub seconds: i64,
    /// Damage given to enemies.
    pub damage: i64,
    /// Kills.
    pub kills: i64,
    /// Deaths.
    pub deaths: i64,
}

impl Store {
    /// What a player did in each of his sessions, in order of play.
    pub async fn done_by_session(&self, player: i64) -> Result<Vec<(i64, Done)>, StoreError> {
        let sql = "select session, cast(sum(rounds) as bigint), cast(sum(kills) as bigint), \
                   cast(sum(deaths) as bigint) from leaf where player = $1 group by session order by session";
        let rows = self.fetch("read what a player did by session", sql, values![player]).await?;
        let done = |row: &Row| Done { rounds: row.int(1), kills: row.int(2), deaths: row.int(3) };
        Ok(rows.iter().map(|row| (row.int(0), done(row))).collect())
    }

    /// The newest `limit` rounds of a player from the round `from` on, the newest first: those of them that count for
    /// his totals and tell time and damage.
    pub async fn played_rounds(&self, player: i64, from: i64, limit: i64) -> Result<Vec<PlayedRound>, StoreError> {
        let sql = "select p.round, r.session, r.map, r.counts_for, r.defender, p.side, p.counted, p.seconds, \
                       p.damage_given, p.kills, p.deaths \
                   from round_player p join round r on r.id = p.round \
                   where p.player = $1 and p.round >= $2 order by p.round desc limit $3";
        let rows = self.fetch("read what a player did by round", sql, values![player, from, limit]).await?;
        let counting = |row: &Row| {
            if row.int(3) & i64::from(CountsFor::LIFETIME) == 0 || !row.flag(6) {
                return None;
            }
            Some(PlayedRound {
                round: row.int(0),
                session: row.int(1),
                map: row.text(2).to_owned(),
                attacked: row.maybe_int(4).zip(row.maybe_int(5)).map(|(defender, side)| defender != side),
                seconds: row.maybe_int(7)?,
                damage: row.maybe_int(8)?,
                kills: row.int(9),
                deaths: row.int(10),
            })
        };
        Ok(rows.iter().filter_map(counting).collect())
    }

    /// Everybody's numbers of a round by weapon, the one with the most kills first; rounds are players here.
    pub async fn weapons_of_round(&self, round: i64) -> Result<Vec<(i64, WeaponTotals)>, StoreError> {
        let sql = "select weapon, count(*), cast(sum(hits) as bigint), cast(sum(shots) as bigint), \
                       cast(sum(kills) as bigint), cast(sum(deaths) as bigint), cast(sum(headshots) as bigint) \
                   from round_weapon where round = $1 group by weapon order by 5 desc, 4 desc, weapon";
        let rows = self.fetch("read the weapons of a round", sql, values![round]).await?;
        Ok(rows.iter().map(|row| (row.int(0), WeaponTotals::from_row(row, 1))).collect())
    }
}
