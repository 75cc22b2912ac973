use crate::store::Store;
use crate::store::sql::{Row, StoreError};
use crate::values;

/// A session as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the session table")]
pub struct SessionRow {
    pub id: i64,
    pub server: String,
    pub date: String,
    pub stamp: i64,
    pub start_ms: i64,
    pub end_ms: i64,
    pub wins_a: i64,
    pub wins_b: i64,
    pub ties: i64,
    pub uncounted: i64,
    pub agreement: i64,
    pub confidence: String,
}

pub(super) const SESSION_COLUMNS: &str = "s.id, s.server, s.date, s.stamp, s.start_ms, s.end_ms, s.wins_a, s.wins_b, s.ties, \
     s.uncounted, s.agreement, s.confidence";

impl SessionRow {
    pub(super) fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            server: row.text(1).to_owned(),
            date: row.text(2).to_owned(),
            stamp: row.int(3),
            start_ms: row.int(4),
            end_ms: row.int(5),
            wins_a: row.int(6),
            wins_b: row.int(7),
            ties: row.int(8),
            uncounted: row.int(9),
            agreement: row.int(10),
            confidence: row.text(11).to_owned(),
        }
    }

    /// The headline score: a map won is 1 to 0, a double fullhold 1 to 1.
    pub fn score(&self) -> (i64, i64) {
        (self.wins_a + self.ties, self.wins_b + self.ties)
    }

    /// Maps in all, whether they count or not.
    pub fn plays(&self) -> i64 {
        self.wins_a + self.wins_b + self.ties + self.uncounted
    }
}

/// A map play as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the map_play table")]
pub struct MapPlayRow {
    pub id: i64,
    pub session: i64,
    pub map: String,
    pub stamp: i64,
    pub first_half: Option<i64>,
    pub second_half: Option<i64>,
    pub result: String,
    pub winner_team: i64,
    pub counted: bool,
    pub inferred: bool,
    pub uncounted: String,
    pub epoch: i64,
}

/// A player's place in a session's teams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRow {
    /// Which pair of teams of the session, from 0.
    pub epoch: i64,
    /// Who.
    pub player: i64,
    /// His key.
    pub key: String,
    /// The name he bore last in the session.
    pub name: String,
    /// +1 team A, −1 team B.
    pub team: i64,
    /// Halves played.
    pub halves: i64,
    /// Part of the team, or a guest.
    pub core: bool,
}

impl Store {
    /// A session by id.
    pub async fn session(&self, id: i64) -> Result<Option<SessionRow>, StoreError> {
        let sql = format!("select {SESSION_COLUMNS} from session s where s.id = $1");
        let rows = self.fetch("read a session", &sql, values![id]).await?;
        Ok(rows.first().map(SessionRow::from_row))
    }

    /// The newest sessions, the newest first.
    pub async fn newest_sessions(&self, limit: i64) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!("select {SESSION_COLUMNS} from session s order by s.date desc, s.id desc limit $1");
        let rows = self.fetch("read the newest sessions", &sql, values![limit]).await?;
        Ok(rows.iter().map(SessionRow::from_row).collect())
    }

    /// The sessions of a local date (`2026-11-09`), in order.
    pub async fn sessions_on(&self, date: &str) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!("select {SESSION_COLUMNS} from session s where s.date = $1 order by s.id");
        let rows = self.fetch("read the sessions of a day", &sql, values![date]).await?;
        Ok(rows.iter().map(SessionRow::from_row).collect())
    }

    /// The map plays of a session, in order.
    pub async fn map_plays(&self, session: i64) -> Result<Vec<MapPlayRow>, StoreError> {
        let sql = "select id, session, map, stamp, first_half, second_half, result, winner_team, counted, inferred, \
                   uncounted, epoch from map_play where session = $1 order by stamp, id";
        let rows = self.fetch("read the maps of a session", sql, values![session]).await?;
        Ok(rows
            .iter()
            .map(|row| MapPlayRow {
                id: row.int(0),
                session: row.int(1),
                map: row.text(2).to_owned(),
                stamp: row.int(3),
                first_half: row.maybe_int(4),
                second_half: row.maybe_int(5),
                result: row.text(6).to_owned(),
                winner_team: row.int(7),
                counted: row.flag(8),
                inferred: row.flag(9),
                uncounted: row.text(10).to_owned(),
                epoch: row.int(11),
            })
            .collect())
    }

    /// The teams of a session.
    pub async fn members(&self, session: i64) -> Result<Vec<MemberRow>, StoreError> {
        let sql = "select m.player, m.team, m.halves, m.core, m.epoch, \
                      (select n.name from session_name n where n.session = m.session and n.player = m.player \
                       order by n.last_round desc, n.name limit 1), \
                      (select p.key from player p where p.id = m.player) \
                   from session_member m where m.session = $1 order by m.epoch, m.halves desc, m.player";
        let rows = self.fetch("read the teams of a session", sql, values![session]).await?;
        Ok(rows
            .iter()
            .map(|row| MemberRow {
                player: row.int(0),
                team: row.int(1),
                halves: row.int(2),
                core: row.flag(3),
                epoch: row.int(4),
                name: row.text(5).to_owned(),
                key: row.text(6).to_owned(),
            })
            .collect())
    }
}
