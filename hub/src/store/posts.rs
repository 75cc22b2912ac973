//! Posts that were sent or wait to be. A post is anchored to an artifact and belongs to whatever round or session
//! contains that artifact, or another content or copy of its file.

use std::collections::BTreeMap;

use crate::values;

use super::sql::StoreError;
use super::{Row, Store, WriteTx};

/// A post that should be there.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The server's key.
    pub server: &'a str,
    /// The files that it is about, never none: a new post is anchored to the first, and one that stands at any of
    /// them is this post.
    pub files: &'a [&'a str],
    /// Round, map, session or digest.
    pub kind: &'a str,
    /// Identifies what it should show.
    pub hash: [u8; 32],
    /// Whether it may be posted if it was not before.
    pub may_be_new: bool,
    /// Not before this time, Unix milliseconds.
    pub not_before_ms: i64,
}

/// Posts that are there already, by channel, kind and file, with their row and what they should show.
#[derive(Debug, Clone, Default)]
pub struct StandingPosts(BTreeMap<(String, String, String), (i64, Vec<u8>)>);

impl StandingPosts {
    /// Whether a channel has a post of a kind about any of these files.
    pub fn has_any(&self, channel: &str, kind: &str, files: &[&str]) -> bool {
        let key = |file: &str| (channel.to_owned(), kind.to_owned(), file.to_owned());
        files.iter().any(|file| self.0.contains_key(&key(file)))
    }
}

/// One row of the outbox.
#[derive(Debug, Clone)]
pub struct PostRow {
    /// Its place in the order.
    pub id: i64,
    /// Where.
    pub channel: String,
    /// About which artifact.
    pub anchor: i64,
    /// Round, map, session or digest.
    pub kind: String,
    /// What it should show.
    pub wanted: Vec<u8>,
    /// What it shows.
    pub sent: Option<Vec<u8>>,
    /// The message.
    pub message: Option<String>,
    /// As stored.
    pub state: String,
    /// When Discord was asked first, in state `sending`.
    pub sending_since_ms: i64,
    /// Attempts since the last success.
    pub attempts: i64,
    /// Not before.
    pub retry_at_ms: i64,
}

const COLUMNS: &str =
    "id, channel, anchor, kind, wanted, sent, message, state, sending_since_ms, attempts, retry_at_ms";

impl PostRow {
    fn from_row(row: &Row) -> Self {
        let bytes = row.bytes(5);
        let message = row.text(6);
        Self {
            id: row.int(0),
            channel: row.text(1).to_owned(),
            anchor: row.int(2),
            kind: row.text(3).to_owned(),
            wanted: row.bytes(4).to_owned(),
            sent: (!bytes.is_empty()).then(|| bytes.to_owned()),
            message: (!message.is_empty()).then(|| message.to_owned()),
            state: row.text(7).to_owned(),
            sending_since_ms: row.int(8),
            attempts: row.int(9),
            retry_at_ms: row.int(10),
        }
    }
}

impl WriteTx {
    /// The posts about files of one stretch of stamps (seconds), and of copies of them.
    pub async fn posts_between(&mut self, server: &str, first: i64, last: i64) -> Result<StandingPosts, StoreError> {
        let sql = "select p.channel, p.kind, o.name, p.id, p.wanted from artifact a cross join post p cross join artifact o \
                   where p.anchor = a.id and o.server = a.server and o.kind = a.kind and o.hash = a.hash \
                     and a.server = $1 and a.kind = 'stats' and a.stamp >= $2 and a.stamp <= $3 order by p.id desc";
        let rows = self.fetch("read standing posts", sql, values![server, first, last]).await?;
        let key = |row: &Row| (row.text(0).to_owned(), row.text(1).to_owned(), row.text(2).to_owned());
        // The oldest row of a file is the one that lives on; it comes last and wins.
        Ok(StandingPosts(rows.iter().map(|row| (key(row), (row.int(3), row.bytes(4).to_owned()))).collect()))
    }

    /// Sets what a post should show, or asks for a new one. Where several posts have come to be about the same (two
    /// sessions that a late file made one), all of them show it.
    pub async fn want_post(
        &mut self,
        channel: &str,
        wanted: &Wanted<'_>,
        standing: &StandingPosts,
    ) -> Result<(), StoreError> {
        let mut stands = false;
        for file in wanted.files {
            let key = (channel.to_owned(), wanted.kind.to_owned(), (*file).to_owned());
            let Some((id, shown)) = standing.0.get(&key) else { continue };
            stands = true;
            if *shown != wanted.hash {
                // A row that still waits for its other half need not wait once it changed.
                let sql = "update post set wanted = $2, retry_at_ms = case when message is null and attempts = 0 \
                           then $3 else retry_at_ms end where id = $1";
                self.execute(
                    "want another look of a post",
                    sql,
                    values![*id, wanted.hash.as_slice(), wanted.not_before_ms],
                )
                .await?;
            }
        }
        let Some(anchor) = wanted.files.first().filter(|_| !stands && wanted.may_be_new) else {
            return Ok(());
        };
        let sql = "insert into post (id, channel, anchor, kind, wanted, state, retry_at_ms) \
                   select (select coalesce(max(id), 0) + 1 from post), $1, a.id, $2, $3, 'pending', $4 \
                   from artifact a left join disposition d on d.artifact = a.id \
                   where a.server = $5 and a.kind = 'stats' and a.name = $6 \
                   order by case d.state when 'stored' then 0 else 1 end, a.id limit 1";
        let values =
            values![channel, wanted.kind, wanted.hash.as_slice(), wanted.not_before_ms, wanted.server, *anchor];
        self.execute("want a post", sql, values).await.map(|_| ())
    }

    /// Asks for edits of posts whose round or map is no more, among the files of one stretch of stamps (seconds).
    pub async fn want_notice_of_gone(&mut self, server: &str, first: i64, last: i64) -> Result<(), StoreError> {
        let gone = *blake3::hash(b"gone").as_bytes();
        let sql = "update post set wanted = $1 where state = 'sent' and kind in ('round', 'map') and anchor in \
                     (select id from artifact where server = $2 and kind = 'stats' and stamp >= $3 and stamp <= $4) \
                   and not exists (select 1 from artifact a join artifact o on o.server = a.server \
                       and o.kind = a.kind and o.name = a.name join round r on r.artifact = o.id \
                     where a.id = post.anchor) \
                   and not exists (select 1 from artifact a join artifact o on o.server = a.server \
                       and o.kind = a.kind and o.hash = a.hash join round r on r.artifact = o.id \
                     where a.id = post.anchor)";
        self.execute("withdraw a post", sql, values![gone.as_slice(), server, first, last]).await.map(|_| ())
    }

    /// Sets columns of one row. `set` is `column = $2, …`.
    async fn update_post(&mut self, set: &str, mut values: Vec<super::Value>, id: i64) -> Result<(), StoreError> {
        values.insert(0, id.into());
        self.execute("note a post", &format!("update post set {set} where id = $1"), values).await.map(|_| ())
    }

    /// Discord is about to be asked.
    pub async fn post_sending(&mut self, id: i64, now_ms: i64) -> Result<(), StoreError> {
        let set = "sending_since_ms = case state when 'sending' then sending_since_ms else $2 end, \
                   state = 'sending', attempts = attempts + 1";
        self.update_post(set, values![now_ms], id).await
    }

    /// Discord has it.
    pub async fn post_sent(&mut self, id: i64, message: &str, shows: Option<&[u8]>) -> Result<(), StoreError> {
        let set = "state = 'sent', message = $2, sent = $3, attempts = 0, retry_at_ms = 0, problem = ''";
        self.update_post(set, values![message, shows], id).await
    }

    /// It did not work and is tried again.
    pub async fn post_failed(&mut self, id: i64, at_ms: i64, perhaps: bool, why: &str) -> Result<(), StoreError> {
        let set = "state = case when $3 = 1 then 'sending' when message is null then 'pending' else 'sent' end, \
                   retry_at_ms = $2, problem = $4";
        self.update_post(set, values![at_ms, perhaps, why], id).await
    }

    /// There is nothing to show.
    pub async fn post_skipped(&mut self, id: i64, wanted: &[u8]) -> Result<(), StoreError> {
        self.update_post("state = 'sent', sent = $2, attempts = 0, retry_at_ms = 0", values![wanted], id).await
    }

    /// It is given up.
    pub async fn post_dead(&mut self, id: i64, why: &str) -> Result<(), StoreError> {
        self.update_post("state = 'dead', problem = $2", values![why], id).await
    }
}

impl Store {
    /// For each channel the open row with the lowest id.
    pub async fn post_heads(&self) -> Result<Vec<PostRow>, StoreError> {
        let sql = format!(
            "select {COLUMNS} from post where id in (select min(id) from post \
             where state in ('pending', 'sending') or (state = 'sent' and (sent is null or sent <> wanted)) \
             group by channel) order by id"
        );
        let rows = self.fetch("read the outbox", &sql, vec![]).await?;
        Ok(rows.iter().map(PostRow::from_row).collect())
    }

    /// The channels that have posts.
    pub async fn post_channels(&self) -> Result<Vec<String>, StoreError> {
        let rows = self.fetch("list channels", "select distinct channel from post order by channel", vec![]).await?;
        Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
    }

    /// (open, sent, dead) rows.
    pub async fn post_counts(&self) -> Result<(i64, i64, i64), StoreError> {
        let sql = "select sum(case when state in ('pending', 'sending') then 1 else 0 end), \
                          sum(case when state = 'sent' then 1 else 0 end), \
                          sum(case when state = 'dead' then 1 else 0 end) from post";
        let rows = self.fetch("count posts", sql, vec![]).await?;
        Ok(rows.first().map_or((0, 0, 0), |row| (row.int(0), row.int(1), row.int(2))))
    }
}
