//! One turn: what waits is planned, derived, and written, each step ahead of the next one.

use std::collections::BTreeSet;

use tokio::sync::mpsc;

use crate::domain::block::Span;
use crate::domain::derive::Derived;
use crate::store::affected::OldBlock;
use crate::store::archive::ArtifactHead;
use crate::store::derived::Changes;
use crate::store::{BlockRows, Durability, WriteTx};

use super::plan::{Lone, Plan, Stretch};
use super::{Deriver, Driven, PipelineError};
use crate::pipeline::event::{Event, Outcome};

/// How many files one turn takes: short, so that live arrivals never wait long behind a backlog.
pub(super) const MOST_AT_ONCE: i64 = 512;

/// How many files are written together: rows of many rounds go in with few statements, and sums are added to their
/// totals once.
const MOST_TOGETHER: usize = 80;

/// Stretches of one server, derived, with the rows they make.
struct Portion {
    server: String,
    old: Vec<OldBlock>,
    /// By stretch.
    new: Vec<Vec<(Span, Derived)>>,
    rows: BlockRows,
    files: usize,
}

impl Portion {
    fn begin(server: &str) -> Self {
        Self { server: server.to_owned(), old: Vec::new(), new: Vec::new(), rows: BlockRows::default(), files: 0 }
    }

    fn add(&mut self, stretch: &Stretch, new: Vec<(Span, Derived)>) {
        self.old.extend(&stretch.blocks.old);
        self.files += new.iter().map(|(_, block)| block.fates.len()).sum::<usize>();
        self.rows.add(&self.server, &new);
        self.new.push(new);
    }
}

/// Writes the fates of files that belong to no block; the answer is which those are.
async fn write_lone(tx: &mut WriteTx, lone: Vec<Lone>) -> Result<BTreeSet<i64>, PipelineError> {
    let mut done = BTreeSet::new();
    for (artifact, state, code, reason) in lone {
        tx.write_disposition(artifact, state, code, &reason).await?;
        done.insert(artifact);
    }
    Ok(done)
}

impl Deriver {
    /// One turn: takes the newest of what waits, at most a chunk of it, and with it whatever else waits in the blocks
    /// that it touches. While one portion is written the next one is derived. Each portion is a transaction of its own,
    /// so that what arrives meanwhile is kept between two of them, however many servers have something waiting.
    pub(super) async fn drive_once(&self) -> Result<Driven, PipelineError> {
        let _turn = self.turn.lock().await;
        let waiting = self.store.pending(MOST_AT_ONCE).await?;
        if waiting.is_empty() {
            return Ok(Driven::default());
        }
        let Plan { mut lone, stretches } = self.plan(&waiting).await?;
        let mut left: BTreeSet<i64> = waiting.iter().map(|head| head.id).collect();
        let mut driven = Driven::default();
        let mut portions = self.derive_ahead(stretches);
        while let Some(Portion { server, old, new, rows, .. }) = portions.recv().await.transpose()? {
            let mut tx = self.store.begin(Durability::Relaxed).await?;
            let mut done = write_lone(&mut tx, std::mem::take(&mut lone)).await?;
            let written = tx.write_blocks(&old, rows).await?;
            for new in &new {
                self.announcer.want(&mut tx, &server, new, &written, (self.clock)()).await?;
                done.extend(new.iter().flat_map(|(_, block)| block.fates.iter().map(|(artifact, _)| *artifact)));
            }
            left.retain(|artifact| !done.contains(artifact));
            driven.add(self.finish(tx, done, written).await?);
        }
        if !left.is_empty() {
            let mut tx = self.store.begin(Durability::Relaxed).await?;
            write_lone(&mut tx, lone).await?;
            driven.add(self.finish(tx, left, Changes::default()).await?);
        }
        Ok(driven)
    }

    /// Ends a transaction in which the files that are `done` got their fates, and tells of it.
    async fn finish(&self, mut tx: WriteTx, done: BTreeSet<i64>, changes: Changes) -> Result<Driven, PipelineError> {
        let done: Vec<i64> = done.into_iter().collect();
        let told = self.events.receiver_count() > 0;
        let heads = if told { self.store.waiting_among(&done).await? } else { Vec::new() };
        let known = if told { self.store.derived_among(&done).await? } else { BTreeSet::new() };
        let files = tx.clear_pending(&done).await?;
        tx.commit().await?;
        self.announcer.ring();
        if told {
            let outcomes = self.outcomes(&heads, &known).await?;
            // Nobody listening is no fault.
            let _ = self.events.send(Event { outcomes, changes: changes.clone() });
        }
        Ok(Driven { files: files as usize, changes })
    }

    /// Derives stretches one after the other, a portion ahead of whoever takes them. It ends with its receiver, and
    /// with the first failure.
    fn derive_ahead(&self, stretches: Vec<Stretch>) -> mpsc::Receiver<Result<Portion, PipelineError>> {
        let (ahead, receiver) = mpsc::channel(1);
        let deriver = self.clone();
        tokio::spawn(async move {
            let mut portion: Option<Portion> = None;
            for stretch in stretches {
                let full = |one: &mut Portion| one.server != stretch.server || one.files >= MOST_TOGETHER;
                if let Some(full) = portion.take_if(full)
                    && ahead.send(Ok(full)).await.is_err()
                {
                    return;
                }
                match deriver.derive_spans(&stretch.server, &stretch.blocks.new, &stretch.rules).await {
                    Ok(new) => portion.get_or_insert_with(|| Portion::begin(&stretch.server)).add(&stretch, new),
                    Err(error) => {
                        // Whoever takes them is gone, or hears of it.
                        let _ = ahead.send(Err(error)).await;
                        return;
                    }
                }
            }
            if let Some(last) = portion {
                let _ = ahead.send(Ok(last)).await;
            }
        });
        receiver
    }

    /// What became of files; `known` are those that were derived before.
    async fn outcomes(&self, heads: &[ArtifactHead], known: &BTreeSet<i64>) -> Result<Vec<Outcome>, PipelineError> {
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
                new: !known.contains(&head.id),
            });
        }
        Ok(outcomes)
    }
}
