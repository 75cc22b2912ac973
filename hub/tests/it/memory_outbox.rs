//! An outbox that lives in memory, and dies where a test wants it to.

use std::collections::BTreeMap;
use std::future;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use slomix_hub::discord::id::{ChannelId, MessageId};
use slomix_hub::discord::outbox::{OutboxError, OutboxRow, OutboxStore, RowId, RowState};
use slomix_shared::artifact::ContentHash;
use tokio::sync::watch;
use tokio::time::timeout;

/// Where the hub dies: a call that reaches this point never comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Death {
    /// Before the row is marked `sending`.
    BeforeSending,
    /// The row is `sending`, Discord has not been asked.
    AfterSending,
    /// Discord has the message, the row does not know.
    BeforeSent,
    /// The row is `sent`.
    AfterSent,
}

pub(crate) struct MemoryOutbox {
    rows: Mutex<BTreeMap<i64, Kept>>,
    death: Mutex<Option<Death>>,
    /// Changes with every change, and tells whether the hub has died.
    changed: watch::Sender<bool>,
}

struct Kept {
    row: OutboxRow,
    reason: Option<String>,
}

impl MemoryOutbox {
    pub(crate) fn new() -> Self {
        Self { rows: Mutex::default(), death: Mutex::default(), changed: watch::Sender::new(false) }
    }

    /// Wishes that `channel` shows `version` of what there is about `anchor`.
    pub(crate) fn wish(&self, channel: u64, anchor: &str, version: &str) -> RowId {
        let channel = ChannelId::new(channel).expect("a channel id");
        let wanted = ContentHash::of(version.as_bytes());
        let mut rows = self.rows();
        if let Some(kept) = rows.values_mut().find(|kept| kept.row.channel == channel && kept.row.anchor == anchor) {
            kept.row.wanted = wanted;
            return kept.row.id;
        }
        let id = RowId(rows.len() as i64 + 1);
        let row = OutboxRow {
            id,
            channel,
            anchor: anchor.to_owned(),
            kind: "round".to_owned(),
            wanted,
            sent: None,
            message: None,
            state: RowState::Pending,
            attempts: 0,
            retry_at_ms: 0,
        };
        rows.insert(id.0, Kept { row, reason: None });
        id
    }

    pub(crate) fn row(&self, id: RowId) -> OutboxRow {
        self.rows()[&id.0].row.clone()
    }

    /// Why the row failed last.
    pub(crate) fn reason(&self, id: RowId) -> Option<String> {
        self.rows()[&id.0].reason.clone()
    }

    /// The hub dies the next time it comes to `death`.
    pub(crate) fn die_at(&self, death: Death) {
        *self.death() = Some(death);
    }

    pub(crate) async fn wait_for_death(&self) {
        self.wait(|_, died| died).await;
        self.changed.send_replace(false);
    }

    /// Waits until a row is as `test` wants it.
    pub(crate) async fn wait_for_row(&self, id: RowId, test: impl Fn(&OutboxRow) -> bool) -> OutboxRow {
        self.wait(|store, _| test(&store.row(id))).await;
        self.row(id)
    }

    /// Waits until nothing is left to send.
    pub(crate) async fn wait_until_done(&self) {
        self.wait(|store, _| store.rows().values().all(|kept| !kept.row.is_open())).await;
    }

    async fn wait(&self, test: impl Fn(&Self, bool) -> bool) {
        let mut changed = self.changed.subscribe();
        let seen = timeout(Duration::from_secs(30), async {
            while !test(self, *changed.borrow_and_update()) {
                changed.changed().await.expect("the store lives");
            }
        });
        if seen.await.is_err() {
            let rows: Vec<(OutboxRow, Option<String>)> =
                self.rows().values().map(|kept| (kept.row.clone(), kept.reason.clone())).collect();
            panic!("waited too long for the outbox: {rows:#?}");
        }
    }

    async fn perhaps_die(&self, here: Death) {
        let dies = self.death().take_if(|death| *death == here).is_some();
        if dies {
            self.changed.send_replace(true);
            future::pending::<()>().await;
        }
    }

    fn change(&self, id: RowId, reason: Option<&str>, change: impl FnOnce(&mut OutboxRow)) {
        let mut rows = self.rows();
        let kept = rows.get_mut(&id.0).expect("a known row");
        change(&mut kept.row);
        kept.reason = reason.map(str::to_owned).or_else(|| kept.reason.take());
        drop(rows);
        self.changed.send_modify(|_| ());
    }

    fn rows(&self) -> MutexGuard<'_, BTreeMap<i64, Kept>> {
        self.rows.lock().expect("nobody panics with the rows in hand")
    }

    fn death(&self) -> MutexGuard<'_, Option<Death>> {
        self.death.lock().expect("nobody panics with death in hand")
    }
}

#[async_trait]
impl OutboxStore for MemoryOutbox {
    async fn heads(&self) -> Result<Vec<OutboxRow>, OutboxError> {
        let mut heads: Vec<OutboxRow> = Vec::new();
        for kept in self.rows().values().filter(|kept| kept.row.is_open()) {
            if heads.iter().all(|head| head.channel != kept.row.channel) {
                heads.push(kept.row.clone());
            }
        }
        Ok(heads)
    }

    async fn mark_sending(&self, id: RowId, now_ms: i64) -> Result<(), OutboxError> {
        self.perhaps_die(Death::BeforeSending).await;
        self.change(id, None, |row| {
            if !matches!(row.state, RowState::Sending { .. }) {
                row.state = RowState::Sending { since_ms: now_ms };
            }
            row.attempts += 1;
        });
        self.perhaps_die(Death::AfterSending).await;
        Ok(())
    }

    async fn mark_sent(&self, id: RowId, message: MessageId, shows: Option<ContentHash>) -> Result<(), OutboxError> {
        self.perhaps_die(Death::BeforeSent).await;
        self.change(id, None, |row| {
            row.state = RowState::Sent;
            row.message = Some(message);
            row.sent = shows;
            row.attempts = 0;
            row.retry_at_ms = 0;
        });
        self.perhaps_die(Death::AfterSent).await;
        Ok(())
    }

    async fn mark_failed(
        &self,
        id: RowId,
        retry_at_ms: i64,
        perhaps_done: bool,
        reason: &str,
    ) -> Result<(), OutboxError> {
        self.change(id, Some(reason), |row| {
            if !perhaps_done {
                row.state = if row.message.is_some() { RowState::Sent } else { RowState::Pending };
            }
            row.retry_at_ms = retry_at_ms;
        });
        Ok(())
    }

    async fn mark_skipped(&self, id: RowId, wanted: ContentHash) -> Result<(), OutboxError> {
        self.change(id, None, |row| {
            row.state = RowState::Sent;
            row.sent = Some(wanted);
        });
        Ok(())
    }

    async fn mark_dead(&self, id: RowId, reason: &str) -> Result<(), OutboxError> {
        self.change(id, Some(reason), |row| row.state = RowState::Dead);
        Ok(())
    }
}
