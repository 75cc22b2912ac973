//! What the domain needs of a block: its files and its papers.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_shared::artifact::{ContentHash, FileName, RoundFileName};
use slomix_shared::formats::{endstats, gametime, stats};

use crate::domain::block::Span;
use crate::domain::clock;
use crate::domain::input::BlockFile;
use crate::domain::papers::{self, Paper, Parsed, REACH, WINDOW};
use crate::values;

use super::Store;
use super::archive::{UNIX_SECONDS_OF_2000, unpack};
use super::sql::{Row, StoreError, Value};

impl Store {
    /// The servers that have artifacts.
    pub async fn servers(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.fetch("list servers", "select distinct server from artifact order by server", vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// The stamps of these stats files and of others that hold the same content as one of them or as another one of
    /// its moment, and so on: a new content under the name of a copy gives that file a round of its own again, and with
    /// it what was decided about that round.
    pub async fn stamps_of_copies(&self, server: &str, artifacts: &[i64]) -> Result<Vec<i64>, StoreError> {
        // The few that are meant come first, whatever an engine believes of the table.
        let sql = "with a as materialized (select hash, stamp from artifact where id = any($2)) \
                   select o.id, o.stamp from a cross join artifact o \
                     where o.server = $1 and o.kind = 'stats' and o.hash = a.hash and o.stamp is not null \
                   union select o.id, o.stamp from a cross join artifact o \
                     where o.server = $1 and o.kind = 'stats' and o.stamp = a.stamp";
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
