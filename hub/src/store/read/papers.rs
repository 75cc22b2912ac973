use crate::store::Store;
use crate::store::sql::StoreError;
use crate::values;

/// An award as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the round_award table")]
pub struct AwardRow {
    pub award: String,
    pub scope: String,
    pub holder: String,
    pub player: Option<i64>,
    pub value: String,
    pub amount: Option<i64>,
}

/// A versus line as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the round_duel table")]
pub struct DuelRow {
    pub subject: Option<String>,
    pub subject_player: Option<i64>,
    pub opponent: String,
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
        let sql = "select award, scope, holder, player, value, amount from round_award where round = $1 order by place";
        let rows = self.fetch("read the awards of a round", sql, values![round]).await?;
        let award = |row: &crate::store::Row| AwardRow {
            award: row.text(0).to_owned(),
            scope: row.text(1).to_owned(),
            holder: row.text(2).to_owned(),
            player: row.maybe_int(3),
            value: row.text(4).to_owned(),
            amount: row.maybe_int(5),
        };
        Ok(rows.iter().map(award).collect())
    }

    /// The versus lines of a round, in the order of its endstats.
    pub async fn round_duels(&self, round: i64) -> Result<Vec<DuelRow>, StoreError> {
        let sql = "select coalesce(subject, ''), subject_player, opponent, opponent_player, kills, deaths, \
                          case when subject is null then 0 else 1 end \
                   from round_duel where round = $1 order by place";
        let rows = self.fetch("read the duels of a round", sql, values![round]).await?;
        let duel = |row: &crate::store::Row| DuelRow {
            subject: row.flag(6).then(|| row.text(0).to_owned()),
            subject_player: row.maybe_int(1),
            opponent: row.text(2).to_owned(),
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
