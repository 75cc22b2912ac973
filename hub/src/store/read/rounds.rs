use crate::store::Store;
use crate::store::sql::{Row, StoreError};
use crate::values;

/// A round as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the round table")]
pub struct RoundRow {
    pub id: i64,
    pub server: String,
    pub session: i64,
    pub map_play: Option<i64>,
    pub artifact: i64,
    pub file: String,
    pub stamp: i64,
    pub map: String,
    pub number: i64,
    pub config: String,
    pub host: String,
    pub status: String,
    pub valid: bool,
    pub counts_for: i64,
    pub clock: Option<i64>,
    pub defender: Option<i64>,
    pub winner: Option<i64>,
    pub outcome: String,
    pub set_time: Option<i64>,
    pub duration: Option<i64>,
    pub start_ms: i64,
    pub end_ms: i64,
    pub humans: i64,
    pub bots: i64,
    pub axis_team: i64,
    pub flags: String,
    pub epoch: i64,
    pub end_reason: String,
    pub surrendered: Option<i64>,
    pub pauses: Option<i64>,
    pub pause_seconds: Option<i64>,
}

const ROUND_COLUMNS: &str = "r.id, r.server, r.session, r.map_play, r.artifact, r.file, r.stamp, r.map, r.number, \
     r.config, r.host, r.status, r.valid, r.counts_for, r.clock, r.defender, r.winner, r.outcome, r.set_time, r.duration, \
     r.start_ms, r.end_ms, r.humans, r.bots, r.axis_team, r.flags, r.epoch, r.end_reason, r.surrendered, \
     r.pauses, r.pause_seconds";

impl RoundRow {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            server: row.text(1).to_owned(),
            session: row.int(2),
            map_play: row.maybe_int(3),
            artifact: row.int(4),
            file: row.text(5).to_owned(),
            stamp: row.int(6),
            map: row.text(7).to_owned(),
            number: row.int(8),
            config: row.text(9).to_owned(),
            host: row.text(10).to_owned(),
            status: row.text(11).to_owned(),
            valid: row.flag(12),
            counts_for: row.int(13),
            clock: row.maybe_int(14),
            defender: row.maybe_int(15),
            winner: row.maybe_int(16),
            outcome: row.text(17).to_owned(),
            set_time: row.maybe_int(18),
            duration: row.maybe_int(19),
            start_ms: row.int(20),
            end_ms: row.int(21),
            humans: row.int(22),
            bots: row.int(23),
            axis_team: row.int(24),
            flags: row.text(25).to_owned(),
            epoch: row.int(26),
            end_reason: row.text(27).to_owned(),
            surrendered: row.maybe_int(28),
            pauses: row.maybe_int(29),
            pause_seconds: row.maybe_int(30),
        }
    }

    /// Whether the round counts for a purpose of [`crate::domain::round::CountsFor`].
    pub fn counts_for(&self, purpose: u8) -> bool {
        self.counts_for & i64::from(purpose) != 0
    }

    /// The time that a completed round shows: the clock it set for the next one, else what was measured.
    pub fn made_in(&self) -> Option<i64> {
        self.set_time.or(self.duration)
    }

    /// The half that it was. The writer labels a round that was cut off with the other one's number.
    pub fn half(&self) -> i64 {
        if self.has_flag("label_inverted") { 3 - self.number } else { self.number }
    }

    /// Which team attacked: 1 for A, -1 for B, 0 where it is not known.
    pub fn attackers(&self) -> i64 {
        match self.defender {
            Some(1) => -self.axis_team,
            Some(_) => self.axis_team,
            None => 0,
        }
    }

    /// Whether the numbers are totals of both halves, of which the first could not be taken off.
    pub fn is_cumulative(&self) -> bool {
        self.status == "orphan" || (self.status == "aborted" && self.half() == 2)
    }

    /// Whether the round bears a flag.
    pub fn has_flag(&self, flag: &str) -> bool {
        self.flags.split(',').any(|one| one == flag)
    }
}

/// A player's numbers in a round, those that reports show.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "each field is the column of the same name in the round_player table")]
pub struct RoundPlayerRow {
    pub round: i64,
    pub player: i64,
    pub name: String,
    pub side: Option<i64>,
    pub team: i64,
    pub bot: bool,
    pub participant: bool,
    pub counted: bool,
    pub origin: String,
    pub seconds: Option<i64>,
    pub kills: i64,
    pub deaths: i64,
    pub bullet_hits: i64,
    pub bullet_shots: i64,
    pub headshots: i64,
    pub damage_given: Option<i64>,
    pub damage_received: Option<i64>,
    pub gibs: Option<i64>,
    pub self_kills: Option<i64>,
    pub team_kills: Option<i64>,
    pub revives_given: Option<i64>,
    pub headshot_kills: Option<i64>,
    pub killing_spree: Option<i64>,
    pub useful_kills: Option<i64>,
    pub denied_seconds: Option<i64>,
    pub dynamites_planted: Option<i64>,
    pub dynamites_defused: Option<i64>,
    pub flags: String,
}

const PLAYER_COLUMNS: &str = "p.round, p.player, p.name, p.side, p.team, p.bot, p.participant, p.counted, p.origin, \
     p.seconds, p.kills, p.deaths, p.bullet_hits, p.bullet_shots, p.headshots, p.damage_given, p.damage_received, \
     p.gibs, p.self_kills, p.team_kills, p.revives_given, p.headshot_kills, p.killing_spree, p.useful_kills, \
     p.denied_seconds, p.dynamites_planted, p.dynamites_defused, p.flags";

impl RoundPlayerRow {
    fn from_row(row: &Row) -> Self {
        Self {
            round: row.int(0),
            player: row.int(1),
            name: row.text(2).to_owned(),
            side: row.maybe_int(3),
            team: row.int(4),
            bot: row.flag(5),
            participant: row.flag(6),
            counted: row.flag(7),
            origin: row.text(8).to_owned(),
            seconds: row.maybe_int(9),
            kills: row.int(10),
            deaths: row.int(11),
            bullet_hits: row.int(12),
            bullet_shots: row.int(13),
            headshots: row.int(14),
            damage_given: row.maybe_int(15),
            damage_received: row.maybe_int(16),
            gibs: row.maybe_int(17),
            self_kills: row.maybe_int(18),
            team_kills: row.maybe_int(19),
            revives_given: row.maybe_int(20),
            headshot_kills: row.maybe_int(21),
            killing_spree: row.maybe_int(22),
            useful_kills: row.maybe_int(23),
            denied_seconds: row.maybe_int(24),
            dynamites_planted: row.maybe_int(25),
            dynamites_defused: row.maybe_int(26),
            flags: row.text(27).to_owned(),
        }
    }
}

impl Store {
    /// A round by id.
    pub async fn round(&self, id: i64) -> Result<Option<RoundRow>, StoreError> {
        let sql = format!("select {ROUND_COLUMNS} from round r where r.id = $1");
        let rows = self.fetch("read a round", &sql, values![id]).await?;
        Ok(rows.first().map(RoundRow::from_row))
    }

    /// The round that an artifact, another content of its file, or a file that it copies became.
    pub async fn round_of_artifact(&self, artifact: i64) -> Result<Option<RoundRow>, StoreError> {
        let sql = format!(
            "select {ROUND_COLUMNS}, 0 as far from artifact a join artifact o on o.server = a.server \
               and o.kind = a.kind and o.name = a.name join round r on r.artifact = o.id where a.id = $1 \
             union all select {ROUND_COLUMNS}, 1 as far from artifact a join artifact o on o.server = a.server \
               and o.kind = a.kind and o.hash = a.hash and o.name <> a.name join round r on r.artifact = o.id \
               where a.id = $1 order by far, 1 limit 1"
        );
        let rows = self.fetch("read the round of an artifact", &sql, values![artifact]).await?;
        Ok(rows.first().map(RoundRow::from_row))
    }

    /// The rounds of a session, in order of play.
    pub async fn rounds_of_session(&self, session: i64) -> Result<Vec<RoundRow>, StoreError> {
        let sql = format!("select {ROUND_COLUMNS} from round r where r.session = $1 order by r.start_ms, r.id");
        let rows = self.fetch("read the rounds of a session", &sql, values![session]).await?;
        Ok(rows.iter().map(RoundRow::from_row).collect())
    }

    /// The numbers of everybody in a round.
    pub async fn round_players(&self, round: i64) -> Result<Vec<RoundPlayerRow>, StoreError> {
        let sql = format!("select {PLAYER_COLUMNS} from round_player p where p.round = $1 order by p.player");
        let rows = self.fetch("read the players of a round", &sql, values![round]).await?;
        Ok(rows.iter().map(RoundPlayerRow::from_row).collect())
    }

    /// The numbers of everybody in every round of a session.
    pub async fn session_players(&self, session: i64) -> Result<Vec<RoundPlayerRow>, StoreError> {
        let sql = format!(
            "select {PLAYER_COLUMNS} from round r join round_player p on p.round = r.id \
             where r.session = $1 order by p.round, p.player"
        );
        let rows = self.fetch("read the players of a session", &sql, values![session]).await?;
        Ok(rows.iter().map(RoundPlayerRow::from_row).collect())
    }

    /// The newest rounds of a player, the newest first.
    pub async fn rounds_of_player(
        &self,
        player: i64,
        limit: i64,
    ) -> Result<Vec<(RoundRow, RoundPlayerRow)>, StoreError> {
        let sql =
            format!("select {PLAYER_COLUMNS} from round_player p where p.player = $1 order by p.round desc limit $2");
        let mut rounds = Vec::new();
        for row in self.fetch("read the rounds of a player", &sql, values![player, limit]).await? {
            let numbers = RoundPlayerRow::from_row(&row);
            if let Some(round) = self.round(numbers.round).await? {
                rounds.push((round, numbers));
            }
        }
        Ok(rounds)
    }

    /// The earliest close that an agent saw of an artifact's file, Unix microseconds.
    pub async fn closed_us(&self, artifact: i64) -> Result<Option<i64>, StoreError> {
        let sql = "select min(closed_us) from receipt where artifact = $1";
        let rows = self.fetch("read a receipt", sql, values![artifact]).await?;
        Ok(rows.first().and_then(|row| row.maybe_int(0)))
    }
}

impl Store {
    /// The round that was read from a file of this name.
    pub async fn round_of_file(&self, file: &str) -> Result<Option<RoundRow>, StoreError> {
        let sql = format!(
            "select {ROUND_COLUMNS} from artifact a join round r on r.artifact = a.id \
             where a.kind = 'stats' and a.name = $1 order by r.id limit 1"
        );
        let rows = self.fetch("read a round by its file", &sql, values![file]).await?;
        Ok(rows.first().map(RoundRow::from_row))
    }
}
