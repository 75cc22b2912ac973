//! What people decided, with author and reason; undone rather than removed.

use std::collections::{BTreeMap, BTreeSet};

use slomix_shared::artifact::LocalStamp;

use crate::domain::decisions::{Correction, Decisions, RoundKey, TeamNames};
use crate::values;

use super::sql::{Row, StoreError};
use super::{Store, WriteTx};

/// The zone of a server's wall clock, by its IANA name.
pub const ZONE: &str = "zone";
/// An artifact that is taken although the agent's rules refuse it, by its id.
pub const ACCEPT: &str = "accept";
/// The data directory that a server's database belongs to, by the public half of its signing key in hexadecimal digits.
pub const OWNER: &str = "owner";

/// Who decides what the configuration says.
pub const CONFIGURATION: &str = "configuration";

/// A decision to be kept.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What is decided, as in `accept` (an artifact that the agent's rules refuse).
    pub kind: &'static str,
    /// About what.
    pub target: String,
    /// The value decided on, where there is one.
    pub value: String,
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
}

/// A decision as kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DecisionRow {
    /// Its number, in the order in which they were made.
    pub id: i64,
    /// What is decided.
    pub kind: String,
    /// About what.
    pub target: String,
    /// The value decided on.
    pub value: String,
    /// Who decided.
    pub author: String,
    /// Why.
    pub reason: String,
    /// When, Unix milliseconds.
    pub made_ms: i64,
    /// When it was undone, if it was.
    pub undone_ms: Option<i64>,
    /// By whom.
    pub undone_by: String,
    /// Why.
    pub undone_because: String,
}

const COLUMNS: &str = "id, kind, target, value, author, reason, made_ms, undone_ms, undone_by, undone_because";

impl DecisionRow {
    fn from_row(row: &Row) -> Self {
        Self {
            id: row.int(0),
            kind: row.text(1).to_owned(),
            target: row.text(2).to_owned(),
            value: row.text(3).to_owned(),
            author: row.text(4).to_owned(),
            reason: row.text(5).to_owned(),
            made_ms: row.int(6),
            undone_ms: row.maybe_int(7),
            undone_by: row.text(8).to_owned(),
            undone_because: row.text(9).to_owned(),
        }
    }

    /// The correction that it is; none for what the domain does not heed.
    pub fn correction(&self) -> Option<Correction> {
        Correction::from_stored(&self.kind, &self.target, &self.value)
    }
}

impl WriteTx {
    /// Keeps a decision; the answer is its number.
    pub async fn decide(&mut self, decision: &Decision, now_ms: i64) -> Result<i64, StoreError> {
        let next = self.fetch("number a decision", "select coalesce(max(id), 0) + 1 from decision", vec![]).await?;
        let id = next.first().map_or(1, |row| row.int(0));
        self.execute(
            "keep a decision",
            "insert into decision (id, kind, target, value, author, reason, made_ms) \
             values ($1, $2, $3, $4, $5, $6, $7)",
            values![
                id,
                decision.kind,
                decision.target.as_str(),
                decision.value.as_str(),
                decision.author.as_str(),
                decision.reason.as_str(),
                now_ms
            ],
        )
        .await?;
        Ok(id)
    }

    /// Marks a decision as undone.
    pub async fn undo(&mut self, id: i64, author: &str, reason: &str, now_ms: i64) -> Result<(), StoreError> {
        let sql = "update decision set undone_ms = $2, undone_by = $3, undone_because = $4 \
                   where id = $1 and undone_ms is null";
        self.execute("undo a decision", sql, values![id, now_ms, author, reason]).await.map(|_| ())
    }

    /// Queues the files of a round, so that its block is derived again.
    pub async fn queue_round(&mut self, round: &RoundKey) -> Result<(), StoreError> {
        let sql = "insert into pending (artifact) select id from artifact \
                   where server = $1 and kind = 'stats' and stamp = $2 on conflict (artifact) do nothing";
        self.execute("queue a round", sql, values![round.server.as_str(), round.stamp.seconds()]).await.map(|_| ())
    }

    /// Queues a file by name, so that its block is derived again.
    pub async fn queue_file(&mut self, server: &str, file: &str) -> Result<(), StoreError> {
        let sql = "insert into pending (artifact) select id from artifact \
                   where server = $1 and kind = 'stats' and name = $2 on conflict (artifact) do nothing";
        self.execute("queue a file", sql, values![server, file]).await.map(|_| ())
    }

    /// Queues one file of each block in which a player (by key) or a line with that GUID has a row.
    pub async fn queue_player(&mut self, key: &str) -> Result<(), StoreError> {
        let sql = "insert into pending (artifact) select min(r.artifact) from player p \
                   join round_player rp on rp.player = p.id join round r on r.id = rp.round \
                   where p.key = $1 or p.guid = $1 group by r.block on conflict (artifact) do nothing";
        self.execute("queue a player's rounds", sql, values![key]).await.map(|_| ())
    }

    /// Queues one file of each block of a server.
    pub async fn queue_server(&mut self, server: &str) -> Result<(), StoreError> {
        let sql = "insert into pending (artifact) select min(artifact) from round where server = $1 group by block \
                   on conflict (artifact) do nothing";
        self.execute("queue a server's rounds", sql, values![server]).await.map(|_| ())
    }
}

impl Store {
    /// What holds of one kind of decision: the value of the newest one that was not undone, by target.
    pub async fn decided(&self, kind: &str) -> Result<BTreeMap<String, String>, StoreError> {
        let sql = "select target, value from decision where kind = $1 and undone_ms is null order by id";
        let rows = self.fetch("read decisions", sql, values![kind]).await?;
        Ok(rows.iter().map(|row| (row.text(0).to_owned(), row.text(1).to_owned())).collect())
    }

    /// What holds of one kind of decision about one target: the value of the newest one that was not undone.
    pub async fn decided_about(&self, kind: &str, target: &str) -> Result<Option<String>, StoreError> {
        let sql = "select value from decision where kind = $1 and target = $2 and undone_ms is null \
                   order by id desc limit 1";
        let rows = self.fetch("read a decision about something", sql, values![kind, target]).await?;
        Ok(rows.first().map(|row| row.text(0).to_owned()))
    }

    /// The public signing keys of the data directories that the database belonged to, 64 hexadecimal digits each, the
    /// newest first: only that one works on it, and what the others imported can still be verified.
    pub async fn owners(&self) -> Result<Vec<String>, StoreError> {
        let sql = "select value from decision where kind = $1 order by id desc";
        let rows = self.fetch("read whose the database is", sql, values![OWNER]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// All decisions, the oldest first.
    pub async fn decisions(&self) -> Result<Vec<DecisionRow>, StoreError> {
        let sql = format!("select {COLUMNS} from decision order by id");
        let rows = self.fetch("list decisions", &sql, vec![]).await?;
        Ok(rows.iter().map(DecisionRow::from_row).collect())
    }

    /// A decision by its number.
    pub async fn decision(&self, id: i64) -> Result<Option<DecisionRow>, StoreError> {
        let sql = format!("select {COLUMNS} from decision where id = $1");
        let rows = self.fetch("read a decision", &sql, values![id]).await?;
        Ok(rows.first().map(DecisionRow::from_row))
    }

    /// The decisions that were not undone, the oldest first.
    pub async fn standing_decisions(&self) -> Result<Vec<DecisionRow>, StoreError> {
        let sql = format!("select {COLUMNS} from decision where undone_ms is null and kind <> $1 order by id");
        let rows = self.fetch("read what was decided", &sql, values![ACCEPT]).await?;
        Ok(rows.iter().map(DecisionRow::from_row).collect())
    }

    /// The decisions of a kind about one target that were not undone, the oldest first.
    pub async fn standing_about(&self, kind: &str, target: &str) -> Result<Vec<DecisionRow>, StoreError> {
        let sql =
            format!("select {COLUMNS} from decision where kind = $1 and target = $2 and undone_ms is null order by id");
        let rows = self.fetch("read what was decided of one thing", &sql, values![kind, target]).await?;
        Ok(rows.iter().map(DecisionRow::from_row).collect())
    }

    /// The decisions of a kind about a server's rounds of these moments, stamps in seconds, that were not undone; the
    /// oldest first.
    pub async fn standing_at(
        &self,
        kind: &str,
        server: &str,
        stamps: &BTreeSet<i64>,
    ) -> Result<Vec<DecisionRow>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from decision where kind = $1 and target >= $2 and target < $3 and undone_ms is null"
        );
        let mut found = Vec::new();
        for stamp in stamps {
            // A round's key goes on with its map, behind a dash; the next sign behind that is the stop.
            let [from, to] = ["-", "."].map(|end| format!("{server}/{}{end}", LocalStamp::from_seconds(*stamp)));
            let rows = self.fetch("read what was decided of a moment", &sql, values![kind, from, to]).await?;
            found.extend(rows.iter().map(DecisionRow::from_row));
        }
        found.sort_by_key(|row| row.id);
        Ok(found)
    }

    /// What the domain must heed of a server, now, wherever its files turned out to be copies.
    pub async fn decisions_for(&self, server: &str) -> Result<Decisions, StoreError> {
        self.heeded(server, &self.corrections().await?).await
    }

    /// The corrections that were not undone, the oldest first.
    pub async fn corrections(&self) -> Result<Vec<Correction>, StoreError> {
        Ok(self.standing_decisions().await?.iter().filter_map(DecisionRow::correction).collect())
    }

    /// What the domain must heed of corrections that hold, about one server.
    pub async fn heeded(&self, server: &str, corrections: &[Correction]) -> Result<Decisions, StoreError> {
        self.follow_copies(server, Decisions::of(server, corrections)).await
    }

    /// Who is who, by what was decided about players; it is the same for every server.
    pub async fn who_is_who(&self) -> Result<Decisions, StoreError> {
        let sql = format!(
            "select {COLUMNS} from decision where kind in ('merge', 'split') and undone_ms is null order by id"
        );
        let rows = self.fetch("read who is who", &sql, vec![]).await?;
        let corrections: Vec<Correction> =
            rows.iter().filter_map(|row| DecisionRow::from_row(row).correction()).collect();
        Ok(Decisions::of("", &corrections))
    }

    /// Something that is another one whenever decisions were made or undone, by whomever.
    pub async fn state_of_decisions(&self) -> Result<[i64; 2], StoreError> {
        let sql = "select coalesce(max(id), 0), count(undone_ms) from decision";
        let rows = self.fetch("look whether anything was decided", sql, vec![]).await?;
        Ok(rows.first().map_or([0; 2], |row| [row.int(0), row.int(1)]))
    }

    /// Something that is another one whenever files were kept or made whole. Copies are the same until then.
    pub async fn state_of_files(&self) -> Result<[i64; 2], StoreError> {
        Ok([self.times_healed().cast_signed(), self.newest_batch().await?])
    }

    /// The team names that hold, the oldest first.
    pub async fn decided_names(&self) -> Result<Vec<Correction>, StoreError> {
        let sql = format!("select {COLUMNS} from decision where kind = 'name' and undone_ms is null order by id");
        let rows = self.fetch("read team names", &sql, vec![]).await?;
        Ok(rows.iter().filter_map(|row| DecisionRow::from_row(row).correction()).collect())
    }

    /// The team names that hold, to be asked for those of some teams.
    pub async fn team_names(&self) -> Result<TeamNames, StoreError> {
        let mut names = self.decided_names().await?;
        if names.is_empty() {
            return Ok(TeamNames::default());
        }
        for name in &mut names {
            *name = self.as_it_stands(name).await?;
        }
        Ok(TeamNames::new(names, self.who_is_who().await?.identities()))
    }

    /// The contents that a file name has, each with its artifact, size and state.
    pub async fn contents_of(&self, server: &str, file: &str) -> Result<Vec<Content>, StoreError> {
        let sql = "select a.id, a.hash, a.size, coalesce(d.state, ''), coalesce(d.code, '') from artifact a \
                   left join disposition d on d.artifact = a.id \
                   where a.server = $1 and a.kind = 'stats' and a.name = $2 order by a.hash";
        let rows = self.fetch("read the contents of a file", sql, values![server, file]).await?;
        Ok(rows
            .iter()
            .map(|row| Content {
                artifact: row.int(0),
                hash: row.bytes(1).to_owned(),
                size: row.int(2),
                state: row.text(3).to_owned(),
                code: row.text(4).to_owned(),
            })
            .collect())
    }

    /// The servers that have a stats file of this name.
    pub async fn servers_of_file(&self, file: &str) -> Result<Vec<String>, StoreError> {
        let sql = "select distinct server from artifact where kind = 'stats' and name = $1 order by server";
        let rows = self.fetch("look for the servers of a file", sql, values![file]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// The name of an artifact's file.
    pub async fn file_of(&self, artifact: i64) -> Result<Option<String>, StoreError> {
        let rows = self.fetch("name a file", "select name from artifact where id = $1", values![artifact]).await?;
        Ok(rows.first().map(|row| row.text(0).to_owned()))
    }

    /// In how many of these rounds players of one merge played side by side.
    pub async fn kept_apart(&self, rounds: &BTreeSet<i64>) -> Result<i64, StoreError> {
        let sql = "select 1 from round_player where round = $1 and flags like '%merge_conflict%' limit 1";
        let mut count = 0;
        for round in rounds {
            count += self.fetch("look for players side by side", sql, values![*round]).await?.len() as i64;
        }
        Ok(count)
    }

    /// The rounds in which two players (by key) both have a line: id, server and file, in order of time.
    pub async fn rounds_with_both(&self, one: &str, other: &str) -> Result<Vec<(i64, String, String)>, StoreError> {
        let sql = "select r.id, r.server, r.file from player a join round_player x on x.player = a.id \
                   join round_player y on y.round = x.round join player b on b.id = y.player \
                   join round r on r.id = x.round where a.key = $1 and b.key = $2 order by r.id";
        let rows = self.fetch("look for rounds of two players", sql, values![one, other]).await?;
        Ok(rows.iter().map(|row| (row.int(0), row.text(1).to_owned(), row.text(2).to_owned())).collect())
    }

    /// Whether anybody with this key or GUID has a row.
    pub async fn is_known(&self, key: &str) -> Result<bool, StoreError> {
        let sql = "select 1 from player where key = $1 or guid = $1 limit 1";
        Ok(!self.fetch("look for a player", sql, values![key]).await?.is_empty())
    }

    /// Whether lines with this GUID bore this name.
    pub async fn bore_name(&self, guid: &str, name: &str) -> Result<bool, StoreError> {
        let sql = "select 1 from player p join session_name n on n.player = p.id \
                   where p.guid = $1 and n.name = $2 limit 1";
        Ok(!self.fetch("look for a name", sql, values![guid, name]).await?.is_empty())
    }
}

/// One content of a file name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The artifact.
    pub artifact: i64,
    /// Its hash.
    pub hash: Vec<u8>,
    /// Bytes.
    pub size: i64,
    /// What became of it.
    pub state: String,
    /// Why it is quarantined, if it is.
    pub code: String,
}
