use std::collections::{BTreeMap, BTreeSet};

use super::SessionRow;
use super::sessions::SESSION_COLUMNS;
use crate::store::Store;
use crate::store::sql::{StoreError, Value};
use crate::values;

/// How much was played in a session.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionSize {
    /// Rounds, whether they count or not.
    pub rounds: i64,
    /// Map plays, whether they count or not.
    pub maps: i64,
    /// Players of either team, guests as well.
    pub players: i64,
}

/// One pair of teams that played, with who they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EpochRow {
    /// The session.
    pub session: i64,
    /// Which pair of it, from 0.
    pub epoch: i64,
    /// Maps won by team A.
    pub wins_a: i64,
    /// Maps won by team B.
    pub wins_b: i64,
    /// Double fullholds.
    pub ties: i64,
    /// The keys of the cores of team A and team B.
    pub cores: [BTreeSet<String>; 2],
}

impl Store {
    /// The sessions that began on these local dates (`2026-11-09`) or between them, the newest first.
    pub async fn sessions_between(&self, first: &str, last: &str) -> Result<Vec<SessionRow>, StoreError> {
        let sql = format!(
            "select {SESSION_COLUMNS} from session s where s.date >= $1 and s.date <= $2 \
             order by s.date desc, s.id desc"
        );
        let rows = self.fetch("read the sessions of some days", &sql, values![first, last]).await?;
        Ok(rows.iter().map(SessionRow::from_row).collect())
    }

    /// The session of the same server before another one.
    pub async fn session_before(&self, session: &SessionRow) -> Result<Option<SessionRow>, StoreError> {
        let sql = format!(
            "select {SESSION_COLUMNS} from session s \
             where (s.date < $1 or (s.date = $1 and s.id < $2)) and s.date <= $1 and s.server = $3 \
             order by s.date desc, s.id desc limit 1"
        );
        let values = values![session.date.as_str(), session.id, session.server.as_str()];
        let rows = self.fetch("read the session before", &sql, values).await?;
        Ok(rows.first().map(SessionRow::from_row))
    }

    /// How much was played in these sessions.
    pub async fn session_sizes(&self, sessions: &[i64]) -> Result<BTreeMap<i64, SessionSize>, StoreError> {
        let sql = "select s.id, (select count(*) from round r where r.session = s.id), \
                      (select count(*) from map_play m where m.session = s.id), \
                      (select count(distinct p.player) from session_member p where p.session = s.id) \
                   from session s where s.id = any($1)";
        let rows = self.fetch("size up sessions", sql, vec![Value::Ints(sessions.to_owned())]).await?;
        let size = |row: &crate::store::Row| SessionSize { rounds: row.int(1), maps: row.int(2), players: row.int(3) };
        Ok(rows.iter().map(|row| (row.int(0), size(row))).collect())
    }

    /// The rounds of a session of which endstats came.
    pub async fn rounds_with_endstats(&self, session: i64) -> Result<BTreeSet<i64>, StoreError> {
        let sql = "select r.id from round r where r.session = $1 \
                   and (exists (select 1 from round_award a where a.round = r.id) \
                        or exists (select 1 from round_duel d where d.round = r.id))";
        let rows = self.fetch("look which rounds have endstats", sql, values![session]).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    /// Every pair of teams that played since a local date, in order of time.
    pub async fn epochs_since(&self, date: &str) -> Result<Vec<EpochRow>, StoreError> {
        let sql = "select e.session, e.number, e.wins_a, e.wins_b, e.ties from session s \
                   join epoch e on e.session = s.id where s.date >= $1 order by s.date, s.id, e.number";
        let mut epochs: Vec<EpochRow> = Vec::new();
        for row in self.fetch("read the teams since a day", sql, values![date]).await? {
            let [session, epoch, wins_a, wins_b, ties] = [0, 1, 2, 3, 4].map(|column| row.int(column));
            epochs.push(EpochRow { session, epoch, wins_a, wins_b, ties, cores: Default::default() });
        }
        let places: BTreeMap<(i64, i64), usize> =
            epochs.iter().enumerate().map(|(place, one)| ((one.session, one.epoch), place)).collect();
        let sql = "select m.session, m.epoch, m.team, p.key from session s \
                   join session_member m on m.session = s.id join player p on p.id = m.player \
                   where s.date >= $1 and m.core = 1";
        for row in self.fetch("read who was in the teams since a day", sql, values![date]).await? {
            if let Some(place) = places.get(&(row.int(0), row.int(1))) {
                epochs[*place].cores[usize::from(row.int(2) < 0)].insert(row.text(3).to_owned());
            }
        }
        Ok(epochs)
    }
}
