//! Which blocks new files touch: those that the archive's files form now, and those that stand there.

use std::ops::RangeInclusive;

use slomix_shared::artifact::{LocalStamp, RoundNumber};

use crate::domain::block::{Mark, Span, spans};
use crate::values;

use super::Store;
use super::sql::StoreError;

const DAY: i64 = 86_400;
/// Whole days that are read before and after a stamp: a day's cut needs the day from its start.
const MARGIN: i64 = 2;
/// The longest stretch that is read at once for stamps that lie close together, in seconds.
const MOST_AT_ONCE: i64 = 64 * DAY;

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

impl Affected {
    /// `low` and `high`, moved out so far that all blocks lie between them.
    fn around(&self, low: i64, high: i64) -> (i64, i64) {
        let new = self.new.iter().map(|span| (span.first.seconds(), span.last.seconds()));
        let old = self.old.iter().map(|block| (block.first, block.last));
        new.chain(old).fold((low, high), |(low, high), (first, last)| (low.min(first), high.max(last)))
    }
}

/// What was read of a server's blocks.
#[derive(Debug)]
struct Seen {
    /// From this stamp on, in seconds.
    from: i64,
    /// Up to this one, which is outside.
    to: i64,
    old: Vec<OldBlock>,
    new: Vec<Span>,
}

impl Seen {
    /// The blocks over a stretch of stamps; none if what was read is too little to tell.
    fn over(&self, low: i64, high: i64) -> Option<Affected> {
        let (from, to) = days_around(low, high, MARGIN);
        if from < self.from || to > self.to {
            return None;
        }
        let new: Vec<Span> = self
            .new
            .iter()
            .filter(|span| span.last.seconds() >= low && span.first.seconds() <= high)
            .copied()
            .collect();
        // A run that reaches the edge may go on behind it.
        let at_start = new.first().is_some_and(|span| Some(span) == self.new.first() && near(span.first, self.from));
        let at_end = new.last().is_some_and(|span| Some(span) == self.new.last() && near(span.last, self.to));
        let old = self.old.iter().filter(|block| block.last >= low && block.first <= high).copied().collect();
        (!at_start && !at_end).then_some(Affected { old, new })
    }
}

/// Whole days from `margin` days before a stretch to as many after it.
fn days_around(low: i64, high: i64, margin: i64) -> (i64, i64) {
    // A damaged stamp can be anything.
    ((low.div_euclid(DAY) - margin).saturating_mul(DAY), (high.div_euclid(DAY) + margin).saturating_mul(DAY))
}

fn near(stamp: LocalStamp, edge: i64) -> bool {
    stamp.seconds().abs_diff(edge) <= DAY.unsigned_abs()
}

/// Where the first of some ascending stretches ends, with all that follow it close by.
fn end_of_run(touched: &[RangeInclusive<i64>]) -> i64 {
    let mut end = *touched[0].end();
    for next in touched {
        if next.start().saturating_sub(end) > 2 * MARGIN * DAY
            || next.end().saturating_sub(*touched[0].start()) > MOST_AT_ONCE
        {
            break;
        }
        end = end.max(*next.end());
    }
    end
}

impl Store {
    /// The blocks over stretches of stamps (seconds, ascending), old and new, closed under overlap.
    pub async fn affected(&self, server: &str, touched: &[RangeInclusive<i64>]) -> Result<Vec<Affected>, StoreError> {
        let mut affected: Vec<Affected> = Vec::new();
        let mut done = i64::MIN;
        let mut seen: Option<Seen> = None;
        for at in 0..touched.len() {
            let (mut low, mut high) = ((*touched[at].start()).max(done.saturating_add(1)), *touched[at].end());
            if low > high {
                continue;
            }
            // A server without a first half for days is the only one of which more must be read, again and again.
            let mut margin = MARGIN;
            loop {
                let Some(over) = seen.as_ref().and_then(|seen| seen.over(low, high)) else {
                    let (from, to) = days_around(low, high.max(end_of_run(&touched[at..])), margin);
                    seen = Some(self.look(server, from, to).await?);
                    margin *= 2;
                    continue;
                };
                let wider = over.around(low, high);
                if wider == (low, high) {
                    affected.push(over);
                    done = high;
                    break;
                }
                (low, high) = wider;
            }
        }
        affected.retain(|blocks| !blocks.old.is_empty() || !blocks.new.is_empty());
        Ok(affected)
    }

    async fn look(&self, server: &str, from: i64, to: i64) -> Result<Seen, StoreError> {
        let new = spans(&self.marks(server, from, to).await?);
        Ok(Seen { from, to, old: self.old_blocks(server, from, to).await?, new })
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

    async fn old_blocks(&self, server: &str, from: i64, to: i64) -> Result<Vec<OldBlock>, StoreError> {
        // Blocks do not overlap, so of those that begin before the stretch only the last can reach into it.
        let sql = "select id, first_stamp, last_stamp from block \
                   where server = $1 and first_stamp >= $2 and first_stamp <= $3 \
                   union select * from (select id, first_stamp, last_stamp from block \
                       where server = $1 and first_stamp < $2 order by first_stamp desc limit 1) as before \
                   where last_stamp >= $2";
        let rows = self.fetch("read blocks", sql, values![server, from, to]).await?;
        Ok(rows.iter().map(|row| OldBlock { id: row.int(0), first: row.int(1), last: row.int(2) }).collect())
    }

    /// All blocks of the archive, for a rebuild.
    pub async fn all_spans(&self, server: &str) -> Result<Vec<Span>, StoreError> {
        Ok(spans(&self.marks(server, i64::MIN, i64::MAX).await?))
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
}
