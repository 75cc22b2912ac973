use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use slomix_shared::artifact::Kind;
use tokio::sync::{Mutex, MutexGuard, broadcast, watch};

use crate::archive::Clock;
use crate::domain::block::Span;
use crate::domain::derive::{Derived, derive_with_papers};
use crate::domain::input::Rules;
use crate::domain::revision::Fate;
use crate::store::affected::{Affected, OldBlock};
use crate::store::derived::Changes;
use crate::store::{BlockRows, Durability, Store, StoreError, WriteTx};

use super::announce::Announcer;
use super::event::Event;

mod close;
mod heeded;
mod plan;
mod turn;

use heeded::Heeded;

/// The rules of every server.
pub type RuleBook = Arc<dyn Fn(&str) -> Rules + Send + Sync>;

/// Why a turn failed. What waited still waits.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one turn did.
#[derive(Debug, Clone, Default)]
pub struct Driven {
    /// Files that were waiting and are done.
    pub files: usize,
    /// What changed.
    pub changes: Changes,
}

impl Driven {
    fn add(&mut self, other: Self) {
        self.files += other.files;
        self.changes.add(other.changes);
    }
}

/// Derives what waits.
#[derive(Clone)]
pub struct Deriver {
    store: Store,
    rules: RuleBook,
    announcer: Announcer,
    clock: Clock,
    events: broadcast::Sender<Event>,
    /// Why the last turn failed, while it is tried again.
    trouble: Arc<watch::Sender<Option<String>>>,
    /// Whether rows were mended since the last turn that succeeded.
    mended: Arc<AtomicBool>,
    /// One turn at a time: a block is read, derived and written as one thing.
    turn: Arc<Mutex<()>>,
    heeded: Arc<Heeded>,
}

impl Deriver {
    /// A deriver over a store.
    pub fn new(store: Store, rules: RuleBook, announcer: Announcer, clock: Clock) -> Self {
        let (events, _) = broadcast::channel(1024);
        let trouble = Arc::new(watch::Sender::new(None));
        let (mended, turn, heeded) = (Arc::default(), Arc::default(), Arc::default());
        Self { store, rules, announcer, clock, events, trouble, mended, turn, heeded }
    }

    /// What happens from now on.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// Why [`Self::run`] gets no further, while that lasts.
    pub fn trouble(&self) -> watch::Receiver<Option<String>> {
        self.trouble.subscribe()
    }

    /// The database.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The rules of a server.
    pub fn rules(&self, server: &str) -> Rules {
        (self.rules)(server)
    }

    /// The rules of a server with what people have decided about it.
    async fn rules_now(&self, server: &str) -> Result<Rules, StoreError> {
        let mut rules = (self.rules)(server);
        let decisions = self.heeded.of(&self.store, server).await?;
        if let Some(zone) = decisions.zone() {
            rules.zone = zone.clone();
        }
        rules.decisions = decisions;
        Ok(rules)
    }

    /// Waits until no block is being derived, and keeps it so.
    pub(super) async fn hold(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// What the clock shows, Unix milliseconds.
    pub(super) fn now_ms(&self) -> i64 {
        (self.clock)()
    }

    /// Derives until nothing waits, then whenever something was kept, until `stop` is set.
    pub async fn run(self, mut kept: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
        loop {
            let turn = self.drive().await;
            let trouble = turn.as_ref().err().map(ToString::to_string);
            let is_new = self.trouble.send_replace(trouble.clone()) != trouble;
            match turn {
                Ok(driven) if driven.files > 0 => {
                    if *stop.borrow() {
                        return;
                    }
                    continue;
                }
                Ok(_) => {}
                Err(error) => {
                    let PipelineError::Store(fault) = &error;
                    // It is tried every second; what ails the whole database is told of by whoever watches that.
                    if is_new && !fault.is_outage() {
                        tracing::error!("deriving failed, it is tried again: {error}");
                    }
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                    if *stop.borrow() {
                        return;
                    }
                    continue;
                }
            }
            tokio::select! {
                changed = kept.changed() => if changed.is_err() { return },
                _ = stop.changed() => return,
            }
        }
    }

    /// One turn. Where derived rows of other blocks are in its way, which something else wrote, those are mended and it is
    /// taken again.
    pub async fn drive(&self) -> Result<Driven, PipelineError> {
        match self.drive_once().await {
            // Once, until a turn succeeds: it goes through all rows, and may not be what helps.
            Err(PipelineError::Store(error)) if error.is_of_rows() && !self.mended.swap(true, Ordering::Relaxed) => {
                let loose = self.store.remove_orphans().await?;
                let mut tx = self.store.begin(Durability::Relaxed).await?;
                let totals = tx.remake_totals().await?;
                tx.commit().await?;
                tracing::error!(
                    "derived rows were in the way ({error}): {loose} spoke of what is not there and were removed, \
                     {totals} totals were wrong; slomix-hub rebuild mends what is left"
                );
                self.drive_once().await
            }
            turn => turn,
        }
        .inspect(|_| self.mended.store(false, Ordering::Relaxed))
    }

    /// Turn after turn until nothing waits. `progress` gets the number of files done.
    pub async fn drive_all(&self, mut progress: impl FnMut(usize)) -> Result<Driven, PipelineError> {
        let mut all = Driven::default();
        // A turn's worth is no reason to count tables.
        if self.store.pending_count().await? > turn::MOST_AT_ONCE {
            self.store.take_stock().await?;
        }
        loop {
            let driven = self.drive().await?;
            if driven.files == 0 {
                return Ok(all);
            }
            all.add(driven);
            progress(all.files);
        }
    }

    async fn derive_spans(
        &self,
        server: &str,
        spans: &[Span],
        rules: &Rules,
    ) -> Result<Vec<(Span, Derived)>, PipelineError> {
        let mut derived = Vec::with_capacity(spans.len());
        for span in spans {
            let files = self.store.block_files(server, *span).await?;
            let papers = self.store.block_papers(server, *span, &rules.zone).await?;
            derived.push((*span, derive_with_papers(&files, &papers, rules)));
        }
        Ok(derived)
    }

    /// Derives the blocks over a stretch of stamps (seconds) anew and writes what differs; for rebuilds. None for a block
    /// of which a kept content is damaged: nothing is touched there, since the rows that stand were made of the right
    /// one. The blocks are looked up within the turn, for live files move them.
    pub(super) async fn rewrite(
        &self,
        server: &str,
        stamps: RangeInclusive<i64>,
    ) -> Result<Vec<Option<Changes>>, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut rewritten = Vec::new();
        for Affected { old, new } in self.store.affected(server, &[stamps]).await? {
            rewritten.push(self.rewrite_blocks(server, &old, &new).await?);
        }
        Ok(rewritten)
    }

    /// Removes the blocks of which no file is left; none for one of which the row of a file is damaged.
    pub(super) async fn remove_stale(&self) -> Result<Vec<Option<Changes>>, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut removed = Vec::new();
        for (server, stale) in self.store.stale_blocks().await? {
            removed.push(self.rewrite_blocks(&server, &[stale], &[]).await?);
        }
        Ok(removed)
    }

    async fn rewrite_blocks(
        &self,
        server: &str,
        old: &[OldBlock],
        spans: &[Span],
    ) -> Result<Option<Changes>, PipelineError> {
        let Some((mut tx, new, changes)) = self.rederive(server, old, spans).await? else { return Ok(None) };
        self.announcer.want(&mut tx, server, &new, &changes, (self.clock)()).await?;
        tx.commit().await?;
        self.announcer.ring();
        Ok(Some(changes))
    }

    /// How many rows of the blocks over a stretch of stamps (seconds) are not what is derived now; for checks. Nothing
    /// is written, and where a kept content is damaged there is nothing to compare with.
    pub(super) async fn compare(
        &self,
        server: &str,
        stamps: RangeInclusive<i64>,
    ) -> Result<Vec<Option<usize>>, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut compared = Vec::new();
        for Affected { old, new } in self.store.affected(server, &[stamps]).await? {
            // The transaction ends here without a commit.
            compared.push(self.rederive(server, &old, &new).await?.map(|(_tx, _new, changes)| changes.rows));
        }
        Ok(compared)
    }

    /// The blocks of which no file is left: server, first stamp in seconds, rows; none where the row of a file is damaged.
    pub(super) async fn compare_stale(&self) -> Result<Vec<(String, i64, Option<usize>)>, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut stale = Vec::new();
        for (server, block) in self.store.stale_blocks().await? {
            let rows = self.rederive(&server, &[block], &[]).await?.map(|(_tx, _new, changes)| changes.rows);
            stale.push((server, block.first, rows));
        }
        Ok(stale)
    }

    /// Derives some spans anew and writes what differs, in a transaction that is still open.
    async fn rederive(
        &self,
        server: &str,
        old: &[OldBlock],
        spans: &[Span],
    ) -> Result<Option<(WriteTx, Vec<(Span, Derived)>, Changes)>, PipelineError> {
        let ids: Vec<i64> = old.iter().map(|block| block.id).collect();
        if self.store.has_damaged_rows(&ids).await? {
            return Ok(None);
        }
        let new = self.derive_spans(server, spans, &self.rules_now(server).await?).await?;
        let damaged = |fate: &Fate| matches!(fate, Fate::Quarantined { code: "damaged", .. });
        if new.iter().any(|(_, derived)| derived.fates.iter().any(|(_, fate)| damaged(fate))) {
            return Ok(None);
        }
        let mut unsound = Vec::new();
        for block in old {
            unsound.extend(self.store.unsound_rounds(block.id).await?);
        }
        let mut tx = self.store.begin(Durability::Relaxed).await?;
        for round in unsound {
            tx.distrust(round.id).await?;
        }
        let changes = tx.write_blocks(old, BlockRows::of(server, &new)).await?;
        Ok(Some((tx, new, changes)))
    }

    /// Asks for edits of the session messages around a stamp (seconds), whose words changed and no row of theirs.
    pub(super) async fn reword(&self, server: &str, stamp: i64) -> Result<(), PipelineError> {
        let _turn = self.turn.lock().await;
        let rules = self.rules_now(server).await?;
        let mut tx = self.store.begin(Durability::Full).await?;
        for Affected { old, new } in self.store.affected(server, &[stamp..=stamp]).await? {
            let new = self.derive_spans(server, &new, &rules).await?;
            let mut changes = tx.write_blocks(&old, BlockRows::of(server, &new)).await?;
            changes.sessions.extend(new.iter().flat_map(|(_, derived)| &derived.sessions).map(|session| session.id));
            self.announcer.want(&mut tx, server, &new, &changes, (self.clock)()).await?;
        }
        tx.commit().await?;
        self.announcer.ring();
        // No row changed, but what people were told of the session did.
        let _ = self.events.send(Event { outcomes: Vec::new(), changes: Changes::default() });
        Ok(())
    }

    /// Sets the fates of files that belong to no block anew; the answer is how many there are.
    pub(super) async fn rewrite_lone(&self) -> Result<usize, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut after = i64::MIN;
        let mut count = 0;
        let mut rules: BTreeMap<String, Rules> = BTreeMap::new();
        loop {
            let heads = self.store.artifacts_after(after, 500).await?;
            let Some(last) = heads.last() else { return Ok(count) };
            after = last.id;
            let mut tx = self.store.begin(Durability::Relaxed).await?;
            for head in heads.iter().filter(|head| head.kind != Kind::Stats) {
                if !rules.contains_key(&head.server) {
                    rules.insert(head.server.clone(), self.rules_now(&head.server).await?);
                }
                // What a block says of it is right, or that block was left alone.
                if self.store.is_in_a_block(head.id).await?
                    || self.home_of(&head.server, head, &rules[&head.server]).await?.is_some()
                {
                    continue;
                }
                let (artifact, state, code, reason) = self.lone_fate(head).await?;
                tx.write_disposition(artifact, state, code, &reason).await?;
                count += 1;
            }
            tx.commit().await?;
        }
    }
}
