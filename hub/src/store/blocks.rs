//! Which block a file belongs to, and everything that the domain needs of it.

use std::collections::BTreeSet;
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
use super::archive::{UNIX_SECONDS_OF_2000, unpack};
use super::sql::{Row, StoreError, Value};

const DAY: i64 = 86_400;

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
            .filter_map(|row| {
                Some(Mark {
                    stamp: LocalStamp::from_seconds(row.int(0)),
                    number: RoundNumber::from_number(row.int(1))?,
                })
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

    /// The stamps of these stats files and of others that hold the same content as one of them or as another one of
    /// its moment, and so on: a new content under the name of a copy gives that file a round of its own again, and with
    /// it what was decided about that round.
    pub async fn stamps_of_copies(&self, server: &str, artifacts: &[i64]) -> Result<Vec<i64>, StoreError> {
        // The cross joins keep SQLite from going through all files to find the few that are meant.
        let sql = "select o.id, o.stamp from artifact a cross join artifact o where a.id = any($2) \
                     and a.server = $1 and o.server = a.server and o.hash = a.hash and o.kind = 'stats' \
                     and o.stamp is not null \
                   union select o.id, o.stamp from artifact a cross join artifact o where a.id = any($2) \
                     and a.server = $1 and o.server = a.server and o.stamp = a.stamp and o.kind = 'stats'";
        let mut known: BTreeSet<i64> = artifacts.iter().copied().collect();
        let mut stamps: BTreeSet<i64> = BTreeSet::new();
        let mut asked = artifacts.to_vec();
        while !asked.is_empty() {
            let values = vec![Value::from(server), Value::Ints(asked)];
            let rows = self.fetch("look for copies", sql, values).await?;
            stamps.extend(rows.iter().map(|row| row.int(1)));
            asked = rows.iter().map(|row| row.int(0)).filter(|id| known.insert(*id)).collect();
        }
        Ok(stamps.into_iter().collect())
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
        let name = |row: &Row| match FileName::parse(row.text(0)) {
            Ok(FileName::Round(name)) => Some(name),
            _ => None,
        };
        Ok(rows.iter().filter_map(name).collect())
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
        let sql = "select a.id, a.name, a.hash, a.size, a.content, \
                          (select min(case r.verdict when 'reject' then 1 else 0 end) from receipt r \
                              where r.artifact = a.id), \
                          (select max(r.rules) from receipt r where r.artifact = a.id), \
                          (select count(*) from decision d where d.kind = 'accept' and d.target = cast(a.id as text) \
                              and d.undone_ms is null) \
                   from artifact a where a.server = $1 and a.kind = $2 and a.stamp >= $3 and a.stamp <= $4 \
                   order by a.name, a.hash";
        let mut found = Vec::new();
        for (kind, low, high) in [("endstats", first, last), ("gametime", earliest, latest)] {
            let values = values![server, kind, low - WINDOW, high + WINDOW];
            for row in self.fetch("read the papers of a block", sql, values).await? {
                let Ok(name) = FileName::parse(row.text(1)) else { continue };
                let home = papers::home(&name, &names, zone);
                if home.is_some_and(|home| (span.first..=span.last).contains(&home.stamp)) {
                    found.push(paper(&row, name)?);
                }
            }
        }
        Ok(found)
    }

    /// The files of a block, parsed.
    pub async fn block_files(&self, server: &str, span: Span) -> Result<Vec<BlockFile>, StoreError> {
        let sql = "select a.id, a.name, a.hash, a.size, a.content, \
                          (select min(o.name) from artifact o where o.server = a.server and o.hash = a.hash \
                              and o.kind = 'stats' and o.stamp < a.stamp), \
                          (select min(case r.verdict when 'reject' then 1 else 0 end) from receipt r \
                              where r.artifact = a.id), \
                          (select max(r.rules) from receipt r where r.artifact = a.id), \
                          (select count(*) from decision d where d.kind = 'accept' and d.target = cast(a.id as text) \
                              and d.undone_ms is null) \
                   from artifact a where a.server = $1 and a.kind = 'stats' and a.stamp >= $2 and a.stamp <= $3 \
                   order by a.name, a.hash";
        let values = values![server, span.first.seconds(), span.last.seconds()];
        let rows = self.fetch("read the files of a block", sql, values).await?;
        rows.iter().map(block_file).collect()
    }
}

fn near(stamp: LocalStamp, edge: i64) -> bool {
    (stamp.seconds() - edge).abs() <= DAY
}

fn paper(row: &Row, name: FileName) -> Result<Paper, StoreError> {
    let inconsistent = || StoreError::Inconsistent { table: "artifact", what: "a hash of another length".to_owned() };
    let hash = ContentHash::from_slice(row.bytes(2)).ok_or_else(inconsistent)?;
    // As with stats files, a disk fault in one content must not stop the others.
    let content = unpack(row.bytes(4), row.int(3)).unwrap_or_default();
    let parsed = match name {
        FileName::Gametime(_) => Parsed::Event(Arc::new(gametime::parse(&content))),
        FileName::Round(_) => Parsed::Endstats(Arc::new(endstats::parse(&content))),
    };
    let refused = row.maybe_int(5) == Some(1) && row.int(7) == 0;
    Ok(Paper {
        artifact: row.int(0),
        file_name: row.text(1).to_owned(),
        name,
        hash,
        damaged: ContentHash::of(&content) != hash,
        content: content.into(),
        parsed,
        refused: refused.then(|| row.text(6).to_owned()),
    })
}

fn block_file(row: &Row) -> Result<BlockFile, StoreError> {
    let inconsistent = |what: &str| StoreError::Inconsistent { table: "artifact", what: what.to_owned() };
    let file_name = row.text(1).to_owned();
    let Ok(FileName::Round(name)) = FileName::parse(&file_name) else {
        return Err(inconsistent("a stats file's name that is none"));
    };
    let hash = ContentHash::from_slice(row.bytes(2)).ok_or_else(|| inconsistent("a hash of another length"))?;
    // A disk fault in one content must not stop the others: it is set aside by name.
    let content = unpack(row.bytes(4), row.int(3)).unwrap_or_default();
    let damaged = ContentHash::of(&content) != hash;
    let parsed = stats::parse(&content);
    let refused = row.maybe_int(6) == Some(1) && row.int(8) == 0;
    Ok(BlockFile {
        artifact: row.int(0),
        file_name,
        name,
        hash,
        damaged,
        content: content.into(),
        parsed: Arc::new(parsed),
        copy_of: Some(row.text(5).to_owned()).filter(|name| !name.is_empty()),
        refused: refused.then(|| row.text(7).to_owned()),
    })
}
