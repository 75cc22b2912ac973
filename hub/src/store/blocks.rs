//! What the domain needs of a block: its files and its papers.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::tz::TimeZone;
use slomix_shared::artifact::{ContentHash, FileName, LocalStamp, RoundFileName, UNIX_SECONDS_OF_2000};
use slomix_shared::formats::{endstats, gametime, stats};

use crate::domain::block::Span;
use crate::domain::clock;
use crate::domain::input::BlockFile;
use crate::domain::papers::{self, Paper, Parsed, REACH, WINDOW};
use crate::values;

use super::Store;
use super::archive::{HEAD_COLUMNS, unpack};
use super::damage::{Damage, Identity, judge};
use super::sql::{Row, StoreError, Value};

const HOUR: i64 = 3_600;

/// Behind an artifact `a` and its content: whether all its receipts refuse it, by which rules, and whether an admin
/// overruled them.
const REFUSED: &str = "(select min(case r.verdict when 'reject' then 1 else 0 end) from receipt r \
                           where r.artifact = a.id), \
                       (select max(r.rules) from receipt r where r.artifact = a.id), \
                       (select count(*) from decision d where d.kind = 'accept' and d.target = cast(a.id as text) \
                           and d.undone_ms is null)";

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
        // Each content and each moment is asked for once: a thousand copies of one would be a million rows. Those of
        // nothing at all, which servers write, are no rounds and never will be.
        let sql = "with a as materialized (select hash, stamp, size from artifact where id = any($2)), \
                   h as materialized (select distinct hash from a where size > 0), \
                   s as materialized (select distinct stamp from a) \
                   select o.id, o.stamp from h cross join artifact o \
                     where o.server = $1 and o.kind = 'stats' and o.hash = h.hash and o.stamp is not null \
                   union select o.id, o.stamp from s cross join artifact o \
                     where o.server = $1 and o.kind = 'stats' and o.stamp = s.stamp";
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
        // A stamp in the hour that a spring night skips is read an hour later than ones that follow it.
        let [earliest, _] = clock::instants_ms(zone, span.first).map(|ms| ms / 1000 - UNIX_SECONDS_OF_2000 - HOUR);
        let [_, latest] = clock::instants_ms(zone, span.last).map(|ms| ms / 1000 - UNIX_SECONDS_OF_2000);
        let sql = format!(
            "select {HEAD_COLUMNS}, a.content, {REFUSED} \
             from artifact a where a.server = $1 and a.kind = $2 and a.stamp >= $3 and a.stamp <= $4 \
             order by a.name, a.hash"
        );
        let mut found = Vec::new();
        for (kind, low, high) in [("endstats", first, last), ("gametime", earliest, latest)] {
            let values = values![server, kind, low - WINDOW, high + WINDOW];
            for mut row in self.fetch("read the papers of a block", &sql, values).await? {
                let Ok(name) = FileName::parse(row.text(3)) else { continue };
                let home = papers::home(&name, &names, zone);
                if home.is_some_and(|home| (span.first..=span.last).contains(&home.stamp)) {
                    let damaged = self.is_damaged(&mut row).await?;
                    found.extend(paper(&row, name, damaged));
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
        let mut files = Vec::new();
        for mut row in self.fetch("read the files of a block", &sql, values).await? {
            let damaged = self.is_damaged(&mut row).await?;
            let Some(mut file) = block_file(&row, damaged) else { continue };
            if file.copy_of.is_some() {
                file.copy_of = self.sound_original(server, &row).await?;
            }
            files.push(file);
        }
        Ok(files)
    }

    /// Whether an artifact cannot be read as it was kept; a row of [`HEAD_COLUMNS`] and the content. What a fault of
    /// the disk left must not stop the others: a damaged one is set aside by name. A content that another file has too is
    /// taken from there. A wrong size beside a sound content spoils nothing, and a check tells of it.
    async fn is_damaged(&self, row: &mut Row) -> Result<bool, StoreError> {
        let damage = judge(row);
        if damage == Some(Damage::Content)
            && let Some(content) = self.content_of_another(row.int(0), row.bytes(5)).await?
        {
            row.0[8] = Value::Bytes(content);
            return Ok(false);
        }
        Ok(damage.is_some_and(|damage| damage != Damage::Size))
    }

    /// The first stats file with the content of another one, which has the higher stamp. Where the row of the first one
    /// is damaged, that makes no round, so this is no copy of it.
    async fn sound_original(&self, server: &str, copy: &Row) -> Result<Option<String>, StoreError> {
        let sql = format!(
            "select {HEAD_COLUMNS} from artifact a \
             where a.hash = $1 and a.server = $2 and a.kind = 'stats' and a.stamp < $3"
        );
        let values = values![copy.bytes(5), server, copy.maybe_int(4)];
        let rows = self.fetch("read the files of which one is a copy", &sql, values).await?;
        let sound = rows.iter().filter(|row| Identity::of(row).damage().is_none());
        Ok(sound.map(|row| row.text(3).to_owned()).min())
    }
}

/// The hash in a row; one of another length, in a damaged row, stands for itself.
fn hash(row: &Row) -> ContentHash {
    ContentHash::from_slice(row.bytes(5)).unwrap_or_else(|| ContentHash::of(row.bytes(5)))
}

fn refused(row: &Row) -> Option<String> {
    (row.maybe_int(9) == Some(1) && row.int(11) == 0).then(|| row.text(10).to_owned())
}

/// None of a row whose id is no number: nothing can be said of it.
fn paper(row: &Row, name: FileName, damaged: bool) -> Option<Paper> {
    let artifact = row.maybe_int(0)?;
    let content = unpack(row.bytes(8)).unwrap_or_default();
    let parsed = match name {
        FileName::Gametime(_) => Parsed::Event(Arc::new(gametime::parse(&content))),
        FileName::Round(_) => Parsed::Endstats(Arc::new(endstats::parse(&content))),
    };
    Some(Paper {
        artifact,
        file_name: row.text(3).to_owned(),
        name,
        hash: hash(row),
        damaged,
        content: content.into(),
        parsed,
        refused: refused(row),
    })
}

fn round_name(file: &str) -> Option<RoundFileName> {
    match FileName::parse(file) {
        Ok(FileName::Round(name)) => Some(name),
        _ => None,
    }
}

/// None of a row whose id is no number, and of one whose name and stamp are none.
fn block_file(row: &Row, damaged: bool) -> Option<BlockFile> {
    let artifact = row.maybe_int(0)?;
    let file_name = row.text(3).to_owned();
    let named = round_name(&file_name);
    // Only a damaged row has a name that is none. The file becomes no round, so any name will do.
    let damaged = damaged || named.is_none();
    let unknown = || round_name(&format!("{}-unknown-round-1.txt", LocalStamp::from_seconds(row.int(4))));
    let name = named.or_else(unknown)?;
    let content = unpack(row.bytes(8)).unwrap_or_default();
    let parsed = stats::parse(&content);
    Some(BlockFile {
        artifact,
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
