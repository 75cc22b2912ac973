use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use slomix_shared::artifact::{FileName, Kind};
use tokio::sync::{Mutex, broadcast, watch};

use crate::archive::Clock;
use crate::domain::block::Span;
use crate::domain::derive::{Derived, derive_with_papers};
use crate::domain::input::Rules;
use crate::domain::papers::REACH;
use crate::domain::revision::Fate;
use crate::store::archive::ArtifactHead;
use crate::store::blocks::{Affected, OldBlock};
use crate::store::derived::Changes;
use crate::store::{Durability, Store, StoreError};

use super::announce::Announcer;
use super::event::{Event, Outcome};

/// How many files one turn takes: short, so that live arrivals never wait long behind a backlog.
const MOST_AT_ONCE: i64 = 256;

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
    /// One turn at a time: a block is read, derived and written as one thing.
    turn: Arc<Mutex<()>>,
}

/// Files of no block, with their fate: (artifact, state, code, reason).
type Lone = (i64, &'static str, &'static str, String);

impl Deriver {
    /// A deriver over a store.
    pub fn new(store: Store, rules: RuleBook, announcer: Announcer, clock: Clock) -> Self {
        let (events, _) = broadcast::channel(1024);
        let trouble = Arc::new(watch::Sender::new(None));
        Self { store, rules, announcer, clock, events, trouble, turn: Arc::new(Mutex::new(())) }
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

    /// Derives until nothing waits, then whenever something was kept, until `stop` is set.
    pub async fn run(self, mut kept: watch::Receiver<u64>, mut stop: watch::Receiver<bool>) {
        loop {
            let turn = self.drive().await;
            self.trouble.send_replace(turn.as_ref().err().map(ToString::to_string));
            match turn {
                Ok(driven) if driven.files > 0 => {
                    if *stop.borrow() {
                        return;
                    }
                    continue;
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!("deriving failed, it is tried again: {error}");
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

    /// One turn: takes the newest of what waits, at most a chunk of it.
    pub async fn drive(&self) -> Result<Driven, PipelineError> {
        let _turn = self.turn.lock().await;
        let waiting = self.store.pending(MOST_AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(Driven::default());
        }
        let mut by_server: BTreeMap<&str, Vec<&ArtifactHead>> = BTreeMap::new();
        for head in &waiting {
            by_server.entry(&head.server).or_default().push(head);
        }
        let mut work = Vec::new();
        for (server, heads) in by_server {
            work.push(self.prepare(server, &heads).await?);
        }

        let mut tx = self.store.begin(Durability::Relaxed).await?;
        let mut changes = Changes::default();
        for Prepared { server, lone, old, new } in &work {
            for (artifact, state, code, reason) in lone {
                tx.write_disposition(*artifact, state, code, reason).await?;
            }
            let written = tx.write_blocks(server, old, new).await?;
            self.announcer.want(&mut tx, server, new, &written, (self.clock)()).await?;
            changes.rounds.extend(written.rounds);
            changes.gone.extend(written.gone);
            changes.sessions.extend(written.sessions);
            changes.rows += written.rows;
        }
        let done: Vec<i64> = waiting.iter().map(|head| head.id).collect();
        tx.clear_pending(&done).await?;
        tx.commit().await?;
        self.announcer.ring();
        if self.events.receiver_count() > 0 {
            let outcomes = self.outcomes(&waiting).await?;
            // Nobody listening is no fault.
            let _ = self.events.send(Event { outcomes, changes: changes.clone() });
        }
        Ok(Driven { files: waiting.len(), changes })
    }

    /// Derives the blocks that some waiting files touch, without writing anything.
    async fn prepare(&self, server: &str, heads: &[&ArtifactHead]) -> Result<Prepared, PipelineError> {
        let rules = (self.rules)(server);
        let mut stamps = BTreeSet::new();
        let mut lone = Vec::new();
        for head in heads {
            match (head.kind, head.stamp) {
                (Kind::Stats, Some(stamp)) => {
                    stamps.insert(stamp);
                    stamps.extend(self.store.stamps_of_copies(server, &head.hash).await?);
                    // A paper may turn to this file from another one, even over the cut between two blocks.
                    let near = self.store.stats_names(server, stamp - REACH, stamp + REACH).await?;
                    stamps.extend(near.iter().map(|name| name.stamp.seconds()));
                }
                _ => match self.home_of(server, head, &rules).await? {
                    Some(home) => {
                        stamps.insert(home);
                    }
                    None => lone.push(self.lone_fate(head).await?),
                },
            }
        }
        let stamps: Vec<i64> = stamps.into_iter().collect();
        let Affected { old, new } = self.store.affected(server, &stamps).await?;
        let new = self.derive_spans(server, &new, &rules).await?;
        Ok(Prepared { server: server.to_owned(), lone, old, new })
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

    /// The stamp of the stats file that endstats or a round event belongs to, once that has come.
    async fn home_of(&self, server: &str, head: &ArtifactHead, rules: &Rules) -> Result<Option<i64>, PipelineError> {
        match FileName::parse(&head.name) {
            Ok(name) if matches!(head.kind, Kind::Endstats | Kind::Gametime) => {
                let home = self.store.home_of(server, &name, &rules.zone).await?;
                Ok(home.map(|home| home.stamp.seconds()))
            }
            _ => Ok(None),
        }
    }

    /// What becomes of a file that belongs to no block: a wrong name is quarantined, and so is what the agent's
    /// rules refuse; papers wait for their stats file, and kinds that nothing reads yet are kept.
    async fn lone_fate(&self, head: &ArtifactHead) -> Result<Lone, PipelineError> {
        if let Err(error) = FileName::parse(&head.name) {
            return Ok((head.id, "quarantined", "name", error.to_string()));
        }
        Ok(match self.store.refusal(head.id).await? {
            Some(rules) => (head.id, "quarantined", "rejected", format!("the agent's rules refuse it: {rules}")),
            None if matches!(head.kind, Kind::Endstats | Kind::Gametime) => {
                (head.id, "kept", "waiting", "the stats file of its round has not come".to_owned())
            }
            None => (head.id, "kept", "", String::new()),
        })
    }

    async fn outcomes(&self, heads: &[ArtifactHead]) -> Result<Vec<Outcome>, PipelineError> {
        let mut outcomes = Vec::with_capacity(heads.len());
        for head in heads {
            let (state, code, reason) = self.store.fate(head.id).await?.unwrap_or_default();
            outcomes.push(Outcome {
                artifact: head.id,
                server: head.server.clone(),
                kind: head.kind,
                name: head.name.clone(),
                hash: head.hash.clone(),
                state,
                code,
                reason,
            });
        }
        Ok(outcomes)
    }

    /// Derives some spans of a server anew and writes what differs; for rebuilds. Where a kept content is damaged
    /// nothing is touched: the rows that stand were made of the right one.
    pub(super) async fn rewrite(
        &self,
        server: &str,
        old: &[OldBlock],
        spans: &[Span],
    ) -> Result<Option<Changes>, PipelineError> {
        let _turn = self.turn.lock().await;
        let new = self.derive_spans(server, spans, &(self.rules)(server)).await?;
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
        let changes = tx.write_blocks(server, old, &new).await?;
        self.announcer.want(&mut tx, server, &new, &changes, (self.clock)()).await?;
        tx.commit().await?;
        self.announcer.ring();
        Ok(Some(changes))
    }

    /// Sets the fates of files that belong to no block anew; the answer is how many there are.
    pub(super) async fn rewrite_lone(&self) -> Result<usize, PipelineError> {
        let _turn = self.turn.lock().await;
        let mut after = i64::MIN;
        let mut count = 0;
        loop {
            let heads = self.store.artifacts_after(after, 500).await?;
            let Some(last) = heads.last() else { return Ok(count) };
            after = last.id;
            let mut tx = self.store.begin(Durability::Relaxed).await?;
            for head in heads.iter().filter(|head| head.kind != Kind::Stats) {
                let rules = (self.rules)(&head.server);
                if self.home_of(&head.server, head, &rules).await?.is_some() {
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

struct Prepared {
    server: String,
    lone: Vec<Lone>,
    old: Vec<OldBlock>,
    new: Vec<(Span, Derived)>,
}
