//! Checks that what is kept is what arrived, and that what is derived follows from it.

pub mod deep;
pub mod signatures;

use crate::store::damage::Damage;
use crate::store::orphans::Orphans;
use crate::store::{Store, StoreError};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Verified {
    /// Artifacts whose content was hashed.
    pub artifacts: usize,
    /// Artifacts whose content is not what its hash says, by name.
    pub damaged: Vec<String>,
    /// Artifacts of which something else is not what was kept: the name, and what.
    pub damaged_rows: Vec<String>,
    /// Artifacts that are neither derived nor waiting, by name.
    pub forgotten: Vec<String>,
    /// Artifacts of which nothing says how they came, by name.
    pub unreceived: Vec<String>,
    /// What is spoken of and is gone, in words.
    pub vanished: Vec<String>,
    /// Files of rounds whose numbers were changed by something else.
    pub altered: Vec<String>,
    /// Derived rows that speak of what is not there, in words.
    pub orphans: Vec<String>,
    /// Files that wait to be derived.
    pub waiting: i64,
    /// Totals that differ from a recomputation.
    pub wrong_totals: usize,
}

impl Verified {
    /// Whether nothing needs attention.
    pub fn is_sound(&self) -> bool {
        let lists = [
            &self.damaged,
            &self.damaged_rows,
            &self.altered,
            &self.orphans,
            &self.forgotten,
            &self.unreceived,
            &self.vanished,
        ];
        lists.iter().all(|list| list.is_empty()) && self.wrong_totals == 0
    }
}

/// Checks everything but the signatures. `progress` gets the number of artifacts done.
pub async fn verify(store: &Store, mut progress: impl FnMut(usize)) -> Result<Verified, StoreError> {
    let mut verified = Verified { waiting: store.pending_count().await?, ..Verified::default() };
    let mut after = i64::MIN;
    loop {
        let heads = store.artifacts_after(after, 500).await?;
        let Some(last) = heads.last() else { break };
        after = last.id;
        for head in heads {
            match store.damage_of(head.id).await? {
                None => {}
                Some(Damage::Content) => verified.damaged.push(head.name),
                Some(damage) => verified.damaged_rows.push(format!("{}: {damage}", head.name)),
            }
            verified.artifacts += 1;
        }
        progress(verified.artifacts);
    }
    for row in store.unnumbered().await? {
        verified.damaged_rows.push(format!("{}: {}", row.name, row.damage));
        verified.artifacts += 1;
    }
    verified.forgotten = store.forgotten().await?;
    verified.unreceived = store.unreceived().await?;
    let vanished = store.vanished().await?.into_iter();
    verified.vanished = vanished.map(|(id, of)| format!("{id}, of which a {of} speaks")).collect();
    for block in store.block_ids().await? {
        verified.altered.extend(store.unsound_rounds(block).await?.into_iter().map(|round| round.file));
    }
    verified.orphans = store.orphans().await?.iter().map(orphans).collect();
    verified.wrong_totals = store.wrong_totals().await?;
    Ok(verified)
}

fn orphans(found: &Orphans) -> String {
    match found {
        Orphans { table: "player", rows, .. } => format!("player: {rows} of whom no round tells"),
        Orphans { table, parent, rows } => format!("{table}: {rows} without its {parent}"),
    }
}
