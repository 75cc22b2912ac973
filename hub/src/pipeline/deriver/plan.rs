//! What a turn has to do: which blocks its files touch, and what becomes of files that belong to none.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use slomix_shared::artifact::{FileName, Kind};

use crate::domain::input::Rules;
use crate::domain::papers::REACH;
use crate::domain::revision::DAMAGED;
use crate::store::affected::Affected;
use crate::store::archive::ArtifactHead;

use super::{Deriver, PipelineError};

/// The work of one turn.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// Files of no block.
    pub(super) lone: Vec<Lone>,
    /// Blocks that are replaced together.
    pub(super) stretches: Vec<Stretch>,
}

/// Files of no block, with their fate: (artifact, state, code, reason).
pub(super) type Lone = (i64, &'static str, &'static str, String);

/// Blocks of a server, old and new, that overlap each other and no others.
#[derive(Debug)]
pub(super) struct Stretch {
    pub(super) server: String,
    pub(super) rules: Arc<Rules>,
    pub(super) blocks: Affected,
}

impl Deriver {
    /// Plans a turn for what waits.
    pub(super) async fn plan(&self, waiting: &[ArtifactHead]) -> Result<Plan, PipelineError> {
        let mut by_server: BTreeMap<&str, Vec<&ArtifactHead>> = BTreeMap::new();
        for head in waiting {
            by_server.entry(&head.server).or_default().push(head);
        }
        let mut plan = Plan::default();
        for (server, heads) in by_server {
            let rules = Arc::new(self.rules_now(server).await?);
            let stats: Vec<i64> = heads.iter().filter(|head| is_stats(head)).map(|head| head.id).collect();
            // Copies of a file may lie in another block, and a paper may turn to a new file from another one, even
            // over the cut between two blocks.
            let copies = self.store.stamps_of_copies(server, &stats).await?;
            let mut touched: Vec<RangeInclusive<i64>> = copies.into_iter().map(|stamp| stamp..=stamp).collect();
            let own = heads.iter().filter(|head| is_stats(head)).filter_map(|head| head.stamp);
            touched.extend(own.map(|stamp| stamp.saturating_sub(REACH)..=stamp.saturating_add(REACH)));
            for head in heads.iter().filter(|head| !is_stats(head)) {
                match self.home_of(server, head, &rules).await? {
                    Some(home) => touched.push(home..=home),
                    None => plan.lone.push(self.lone_fate(head).await?),
                }
            }
            touched.sort_unstable_by_key(|stamps| (*stamps.start(), *stamps.end()));
            let blocks = self.store.affected(server, &touched).await?;
            plan.stretches.extend(blocks.into_iter().map(|blocks| Stretch {
                server: server.to_owned(),
                rules: Arc::clone(&rules),
                blocks,
            }));
        }
        Ok(plan)
    }

    /// The stamp of the stats file that endstats or a round event belongs to, once that has come.
    pub(super) async fn home_of(
        &self,
        server: &str,
        head: &ArtifactHead,
        rules: &Rules,
    ) -> Result<Option<i64>, PipelineError> {
        match FileName::parse(&head.name) {
            // Without its stamp it is not found among the papers of a block.
            Ok(_) if head.stamp.is_none() => Ok(None),
            Ok(name) if matches!(head.kind, Kind::Endstats | Kind::Gametime) => {
                let home = self.store.home_of(server, &name, &rules.zone).await?;
                Ok(home.map(|home| home.stamp.seconds()))
            }
            _ => Ok(None),
        }
    }

    /// What becomes of a file that belongs to no block: a damaged one or a wrong name is quarantined, and so is what
    /// the agent's rules refuse; papers wait for their stats file, and kinds that nothing reads yet are kept.
    pub(super) async fn lone_fate(&self, head: &ArtifactHead) -> Result<Lone, PipelineError> {
        if head.damage.is_some() {
            return Ok((head.id, "quarantined", "damaged", DAMAGED.to_owned()));
        }
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
}

/// Whether a file is one that blocks are made of.
fn is_stats(head: &ArtifactHead) -> bool {
    head.kind == Kind::Stats && head.stamp.is_some()
}
