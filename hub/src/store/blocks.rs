//! Which block a file belongs to, and everything that the domain needs of it.

use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_shared::artifact::{ContentHash, FileName, LocalStamp, RoundFileName, RoundNumber};
use slomix_shared::formats::{endstats, gametime, stats};

use crate::domain::block::{Mark, Span, spans};
use crate::domain::clock;
use crate::domain::input::BlockFile;
use crate::domain::papers::{self, Paper, Parsed, REACH, WINDOW};
use crate::values;

use super::Store;
use super::archive::{HEAD_COLUMNS, UNIX_SECONDS_OF_2000, unpack};
use super::damage::{Damage, judge};
use super::sql::{Row, StoreError, Value};

const DAY: i64 = 86_400;

/// Behind an artifact `a` and its content: whether all its receipts refuse it, by which rules, and whether an admin
/// overruled them.
const REFUSED: &str = "(select min(case r.verdict when 'reject' then 1 else 0 end) from receipt r \
                           where r.artifact = a.id), \
                       (select max(r.rules) from receipt r where r.artifact = a.id), \
                       (select count(*) from decision d where d.kind = 'accept' and d.target = cast(a.id as text) \
                           and d.undone_ms is null)";

/// A block as it stands in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OldBlock {
    /// Its id.
    pub id: i64,
    /// Its lowest stamp in seconds.
    pub first: i64,
    /// Its highest stamp in seconds.
    pub last: i64,
}

/// Blocks that are replaced together: old and new ones that overlap each other and no others.
#[derive(Debug, Clone, Default)]
pub struct Affected {
    /// Blocks to be replaced.
    pub old: Vec<OldBlock>,
    /// Blocks to be derived.
    pub new: Vec<Span>,
}

impl Store {
    /// The blocks around `stamps` (seconds, ascending), old and new, closed under overlap.
    pub async fn affected(&self, server: &str, stamps: &[i64]) -> Result<Vec<Affected>, StoreError> {
        let mut affected: Vec<Affected> = Vec::new();
        let mut done = i64::MIN;
        for &stamp in stamps {
            if stamp <= done {
                continue;
            }
            let (mut low, mut high) = (stamp, stamp);
            loop {
                let new = self.spans_over(server, low, high).await?;
                let old = self.old_blocks(server, low, high).await?;
                let lowest = new.iter().map(|s| s.first.seconds()).chain(old.iter().map(|b| b.first)).min();
                let highest = new.iter().map(|s| s.last.seconds()).chain(old.iter().map(|b| b.last)).max();
                let wider = (lowest.unwrap_or(low).min(low), highest.unwrap_or(high).max(high));
                if wider == (low, high) {
                    affected.push(Affected { old, new });
                    done = high;
                    break;
                }
                (low, high) = wider;
            }
        }
        Ok(affected)
    }

    /// The blocks that the archive's files form over a stretch of stamps.
    async fn spans_over(&self, server: &str, low: i64, high: i64) -> Result<Vec<Span>, StoreError> {
        // Whole days before and after: a day's cut needs the day from its start. If the run reaches the edge of what
        // was read, more is read; a server without a first half for days is the only one that needs many turns.
        let mut margin = 2;
        loop {
            let from = (low.div_euclid(DAY) - margin) * DAY;
            let to = (high.div_euclid(DAY) + margin) * DAY;
            let marks = self.marks(server, from, to).await?;
            let all = spans(&marks);
            let over: Vec<Span> =
                all.iter().filter(|s| s.last.seconds() >= low && s.first.seconds() <= high).copied().collect();
            let at_start = over.first().is_some_and(|span| Some(span) == all.first() && near(span.first, from));
            let at_end = over.last().is_some_and(|span| Some(span) == all.last() && near(span.last, to));
            if !at_start && !at_end {
                return Ok(over);
            }
            margin *= 2;
        }
    }

    async fn marks(&self, server: &str, from: i64, to: i64) -> Result<Vec<Mark>, StoreError> {
        let sql = "select stamp, round_number from artifact \
                   where server = $1 and kind = 'stats' and stamp >= $2 and stamp < $3 order by stamp, round_number";
        let rows = self.fetch("read stamps", sql, values![server, from, to]).await?;
        Ok(rows
            .iter()
            .map(|row| Mark {
                stamp: LocalStamp::from_seconds(row.int(0)),
                // A damaged number cuts nothing.
                number: RoundNumber::from_number(row.int(1)).unwrap_or(RoundNumber::Two),
            })
            .collect())
    }

    async fn old_blocks(&self, server: &str, low: i64, high: i64) -> Result<Vec<OldBlock>, StoreError> {
        // Blocks do not overlap, so of those that begin before the stretch only the last can reach into it.
        let sql = "select id, first_stamp, last_stamp from block \
                   where server = $1 and first_stamp >= $2 and first_stamp <= $3 \
                   union select * from (select id, first_stamp, last_stamp from block \
                       where server = $1 and first_stamp < $2 order by first_stamp desc limit 1) as before \
                   where last_stamp >= $2";
        let rows = self.fetch("read blocks", sql, values![server, low, high]).await?;
        Ok(rows.iter().map(|row| OldBlock { id: row.int(0), first: row.int(1), last: row.int(2) }).collect())
    }

    /// All blocks of the archive, for a rebuild.
    pub async fn all_spans(&self, server: &str) -> Result<Vec<Span>, StoreError> {
        Ok(spans(&self.marks(server, i64::MIN, i64::MAX).await?))
    }

    /// The servers that have artifacts.
    pub async fn servers(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.fetch("list servers", "select distinct server from artifact order by server", vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// Blocks of which no file is left, with their server.
    pub async fn stale_blocks(&self) -> Result<Vec<(String, OldBlock)>, StoreError> {
        let sql = "select id, first_stamp, last_stamp, server from block b where not exists \
                   (select 1 from artifact a where a.server = b.server and a.kind = 'stats' \
                      and a.stamp >= b.first_stamp and a.stamp <= b.last_stamp)";
        let rows = self.fetch("look for stale blocks", sql, vec![]).await?;
        Ok(rows
            .iter()
            .map(|row| (row.text(3).to_owned(), OldBlock { id: row.int(0), first: row.int(1), last: row.int(2) }))
            .collect())
    }

    /// The stamps of these stats files and of others that hold the same content as one of them.
    pub async fn stamps_of_copies(&self, server: &str, artifacts: &[i64]) -> Result<Vec<i64>, StoreError> {
        // The cross join keeps SQLite from going through all files to find the few that are meant.
        let sql = "select distinct o.stamp from artifact a cross join artifact o where a.id = any($2) \
                     and a.server = $1 and o.server = a.server and o.hash = a.hash and o.kind = 'stats' \
                     and o.stamp is not null";
        let values = vec![Value::from(server), Value::Ints(artifacts.to_owned())];
        let rows = self.fetch("look for copies", sql, values).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    /// The stamps of stats files at most `reach` seconds from one of these artifacts.
    pub async fn stamps_near(&self, server: &str, artifacts: &[i64], reach: i64) -> Result<Vec<i64>, StoreError> {
        let sql = "select distinct o.stamp from artifact a cross join artifact o where a.id = any($2) \
                     and a.server = $1 and o.server = a.server and o.kind = 'stats' \
                     and o.stamp >= a.stamp - $3 and o.stamp <= a.stamp + $3";
        let values = vec![Value::from(server), Value::Ints(artifacts.to_owned()), Value::Int(reach)];
        let rows = self.fetch("look for neighbours", sql, values).await?;
        Ok(rows.iter().map(|row| row.int(0)).collect())
    }

    /// The names of the stats files stamped from `low` to `high`, in seconds.
    pub async fn stats_names(&self, server: &str, low: i64, high: i64) -> Result<Vec<RoundFileName>, StoreError> {
        let sql = "select name from artifact where server = $1 and kind = 'stats' and stamp >= $2 and stamp <= $3 \
                   order by stamp, name";
        let rows = self.fetch("read the names of stats files", sql, values![server, low, high]).await?;
        Ok(rows.iter().filter_map(|row| round_name(row.text(0))).collect())
    }

    /// The stats file that a paper belongs to, among all that the archive holds.
    pub async fn home_of(
        &self,
        server: &str,
        paper: &FileName,
        zone: &TimeZone,
    ) -> Result<Option<RoundFileName>, StoreError> {
        let stamp = papers::local_stamp(paper, zone).seconds();
        let names = self.stats_names(server, stamp - WINDOW, stamp + WINDOW).await?;
        Ok(papers::home(paper, &names, zone).cloned())
    }

    /// The endstats and round events of a block, parsed: those that belong to one of its stats files.
    pub async fn block_papers(&self, server: &str, span: Span, zone: &TimeZone) -> Result<Vec<Paper>, StoreError> {
        let (first, last) = (span.first.seconds(), span.last.seconds());
        let names = self.stats_names(server, first - REACH, last + REACH).await?;
        let [earliest, _] = clock::instants_ms(zone, span.first).map(|ms| ms / 1000 - UNIX_SECONDS_OF_2000);
        let [_, latest] = clock::instants_ms(zone, span.last).map(|ms| ms / 1000 - UNIX_SECONDS_OF_2000);
        let sql = format!(
            "select {HEAD_COLUMNS}, a.content, {REFUSED} \
             from artifact a where a.server = $1 and a.kind = $2 and a.stamp >= $3 and a.stamp <= $4 \
             order by a.name, a.hash"
        );
        let mut found = Vec::new();
        for (kind, low, high) in [("endstats", first, last), ("gametime", earliest, latest)] {
            let values = values![server, kind, low - WINDOW, high + WINDOW];
            for row in self.fetch("read the papers of a block", &sql, values).await? {
                let Ok(name) = FileName::parse(row.text(3)) else { continue };
                let home = papers::home(&name, &names, zone);
                if home.is_some_and(|home| (span.first..=span.last).contains(&home.stamp)) {
                    found.push(paper(&row, name));
                }
            }
        }
        Ok(found)
    }

    /// The files of a block, parsed.
    pub async fn block_files(&self, server: &str, span: Span) -> Result<Vec<BlockFile>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS}, a.content, {REFUSED}, \
                    (select min(o.name) from artifact o where o.server = a.server and o.hash = a.hash \
                        and o.kind = 'stats' and o.stamp < a.stamp) \
             from artifact a where a.server = $1 and a.kind = 'stats' and a.stamp >= $2 and a.stamp <= $3 \
             order by a.name, a.hash"
        );
        let values = values![server, span.first.seconds(), span.last.seconds()];
        let rows = self.fetch("read the files of a block", &sql, values).await?;
        Ok(rows.iter().filter_map(block_file).collect())
    }
}

fn near(stamp: LocalStamp, edge: i64) -> bool {
    (stamp.seconds() - edge).abs() <= DAY
}

/// What a fault of the disk left of a row must not stop the others: a damaged one is set aside by name. A wrong size
/// beside a sound content spoils nothing, and a check tells of it.
fn is_damaged(row: &Row) -> bool {
    judge(row).is_some_and(|damage| damage != Damage::Size)
}

/// The hash in a row; one of another length, in a damaged row, stands for itself.
fn hash(row: &Row) -> ContentHash {
    ContentHash::from_slice(row.bytes(5)).unwrap_or_else(|| ContentHash::of(row.bytes(5)))
}

fn refused(row: &Row) -> Option<String> {
    (row.maybe_int(9) == Some(1) && row.int(11) == 0).then(|| row.text(10).to_owned())
}

fn paper(row: &Row, name: FileName) -> Paper {
    let content = unpack(row.bytes(8)).unwrap_or_default();
    let parsed = match name {
        FileName::Gametime(_) => Parsed::Event(Arc::new(gametime::parse(&content))),
        FileName::Round(_) => Parsed::Endstats(Arc::new(endstats::parse(&content))),
    };
    Paper {
        artifact: row.int(0),
        file_name: row.text(3).to_owned(),
        name,
        hash: hash(row),
        damaged: is_damaged(row),
        content: content.into(),
        parsed,
        refused: refused(row),
    }
}

fn round_name(file: &str) -> Option<RoundFileName> {
    match FileName::parse(file) {
        Ok(FileName::Round(name)) => Some(name),
        _ => None,
    }
}

fn block_file(row: &Row) -> Option<BlockFile> {
    let file_name = row.text(3).to_owned();
    let named = round_name(&file_name);
    // Only a damaged row has a name that is none. The file becomes no round, so any name will do.
    let damaged = is_damaged(row) || named.is_none();
    let unknown = || round_name(&format!("{}-unknown-round-1.txt", LocalStamp::from_seconds(row.int(4))));
    let name = named.or_else(unknown)?;
    let content = unpack(row.bytes(8)).unwrap_or_default();
    let parsed = stats::parse(&content);
    Some(BlockFile {
        artifact: row.int(0),
        file_name,
        name,
        hash: hash(row),
        damaged,
        content: content.into(),
        parsed: Arc::new(parsed),
        copy_of: Some(row.text(12).to_owned()).filter(|name| !name.is_empty()),
        refused: refused(row),
    })
}
