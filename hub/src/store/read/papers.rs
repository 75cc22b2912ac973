use std::collections::BTreeMap;

use crate::store::Store;
use crate::store::sql::StoreError;
use crate::values;

/// An award as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each other field is the column of the same name in the round_award table")]
pub struct AwardRow {
    pub award: String,
    pub scope: String,
    /// As the endstats write it, which cut names that are not plain ASCII.
    pub holder: String,
    /// What the stats file of the round calls the player; as written where nobody is known to be meant.
    pub name: String,
    pub player: Option<i64>,
    pub value: String,
    pub amount: Option<i64>,
}

impl AwardRow {
    fn from_row(row: &crate::store::Row) -> Self {
        Self {
            award: row.text(0).to_owned(),
            scope: row.text(1).to_owned(),
            holder: row.text(2).to_owned(),
            player: row.maybe_int(3),
            value: row.text(4).to_owned(),
            amount: row.maybe_int(5),
            name: row.text(6).to_owned(),
        }
    }
}

/// A versus line as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each other field is the column of the same name in the round_duel table")]
pub struct DuelRow {
    pub subject: Option<String>,
    /// What the stats file of the round calls the subject; as written where nobody is known to be meant.
    pub subject_name: Option<String>,
    pub subject_player: Option<i64>,
    pub opponent: String,
    /// What the stats file of the round calls the opponent, as above.
    pub opponent_name: String,
    pub opponent_player: Option<i64>,
    pub kills: i64,
    pub deaths: i64,
}

/// Eight characters of a GUID behind which more than one client was seen.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GuidCollision {
    /// The eight characters, under which all of them are one player.
    pub guid: String,
    /// The full GUIDs, sorted.
    pub full: Vec<String>,
}

impl Store {
    /// The awards of a round, in the order of its endstats.
    pub async fn round_awards(&self, round: i64) -> Result<Vec<AwardRow>, StoreError> {
        let sql = "select a.award, a.scope, a.holder, a.player, a.value, a.amount, coalesce(p.name, a.holder) \
                   from round_award a left join round_player p on p.round = a.round and p.player = a.player \
                   where a.round = $1 order by a.place";
        let rows = self.fetch("read the awards of a round", sql, values![round]).await?;
        Ok(rows.iter().map(AwardRow::from_row).collect())
    }

    /// The awards of every round of a session that has endstats, by round, in the order of the file.
    pub async fn session_awards(&self, session: i64) -> Result<BTreeMap<i64, Vec<AwardRow>>, StoreError> {
        let sql = "select a.award, a.scope, a.holder, a.player, a.value, a.amount, coalesce(p.name, a.holder), a.round \
                   from round r join round_award a on a.round = r.id \
                     left join round_player p on p.round = a.round and p.player = a.player \
                   where r.session = $1 order by a.round, a.place";
        let mut awards: BTreeMap<i64, Vec<AwardRow>> = BTreeMap::new();
        for row in self.fetch("read the awards of a session", sql, values![session]).await? {
            awards.entry(row.int(7)).or_default().push(AwardRow::from_row(&row));
        }
        Ok(awards)
    }

    /// The versus lines of a round, in the order of its endstats.
    pub async fn round_duels(&self, round: i64) -> Result<Vec<DuelRow>, StoreError> {
        let sql = "select coalesce(d.subject, ''), d.subject_player, d.opponent, d.opponent_player, d.kills, d.deaths, \
                          case when d.subject is null then 0 else 1 end, \
                          coalesce(s.name, d.subject, ''), coalesce(o.name, d.opponent) \
                   from round_duel d left join round_player s on s.round = d.round and s.player = d.subject_player \
                      left join round_player o on o.round = d.round and o.player = d.opponent_player \
                   where d.round = $1 order by d.place";
        let rows = self.fetch("read the duels of a round", sql, values![round]).await?;
        let duel = |row: &crate::store::Row| DuelRow {
            subject: row.flag(6).then(|| row.text(0).to_owned()),
            subject_name: row.flag(6).then(|| row.text(7).to_owned()),
            subject_player: row.maybe_int(1),
            opponent: row.text(2).to_owned(),
            opponent_name: row.text(8).to_owned(),
            opponent_player: row.maybe_int(3),
            kills: row.int(4),
            deaths: row.int(5),
        };
        Ok(rows.iter().map(duel).collect())
    }

    /// The full GUIDs that were seen of a player; more than one means that several clients share its first eight
    /// characters.
    pub async fn full_guids(&self, player: i64) -> Result<Vec<String>, StoreError> {
        let sql = "select distinct guid from player_guid where player = $1 order by guid";
        let rows = self.fetch("read a player's full GUIDs", sql, values![player]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Every eight characters behind which more than one full GUID was seen, under one player or several.
    pub async fn guid_collisions(&self) -> Result<Vec<GuidCollision>, StoreError> {
        let sql = "select distinct p.guid, g.guid from player_guid g join player p on p.id = g.player \
                   where p.guid in (select q.guid from player_guid f join player q on q.id = f.player \
                       group by q.guid having count(distinct f.guid) > 1) \
                   order by p.guid, g.guid";
        let mut collisions: Vec<GuidCollision> = Vec::new();
        for row in self.fetch("look for GUIDs that share their beginning", sql, vec![]).await? {
            let (guid, full) = (row.text(0), row.text(1).to_owned());
            match collisions.last_mut().filter(|last| last.guid == guid) {
                Some(last) => last.full.push(full),
                None => collisions.push(GuidCollision { guid: guid.to_owned(), full: vec![full] }),
            }
        }
        Ok(collisions)
    }
}
