//! What a demo comes to, with counts that must add up.

use std::collections::BTreeMap;

use slomix_shared::artifact::Kind;

use super::script::Script;
use crate::cli::paint::{BAD, GOOD, QUIET, STRONG, painted};
use crate::cli::posts::Printed;
use crate::reports::words::plural;
use crate::store::{Store, StoreError, tables};

pub(super) struct Summary {
    files: usize,
    too_large: usize,
    contents: i64,
    by_state: BTreeMap<(String, String), i64>,
    /// Stats files that are rounds.
    stored_stats: i64,
    rounds: i64,
    sessions: i64,
    delays_us: Vec<i64>,
}

impl Summary {
    pub(super) async fn read(store: &Store, script: &Script, printed: &Printed) -> Result<Self, StoreError> {
        let mut delays_us = printed.close_to_post_us.clone();
        delays_us.sort_unstable();
        Ok(Self {
            files: script.finals().len(),
            too_large: script.too_large(),
            contents: store.artifact_count().await?,
            by_state: store.dispositions().await?,
            stored_stats: store.stored_count(Kind::Stats).await?,
            rounds: store.count(tables::ROUND).await?,
            sessions: store.count(tables::SESSION).await?,
            delays_us,
        })
    }

    fn count(&self, state: &str) -> i64 {
        self.by_state.iter().filter(|((one, _), _)| one == state).map(|(_, count)| count).sum()
    }

    /// Every content that arrived has one fate, every file arrived, and every stored stats file is a round.
    pub(super) fn adds_up(&self) -> bool {
        let fates: i64 = self.by_state.values().sum();
        fates == self.contents
            && self.contents >= (self.files - self.too_large) as i64
            && self.stored_stats == self.rounds
    }

    pub(super) fn print(&self) {
        anstream::println!("\n{}", painted(STRONG, "What became of the files"));
        let line = |count: i64, what: &str, note: &str| {
            anstream::println!("  {count:>6}  {what}  {}", painted(QUIET, note));
        };
        let written = if self.files == 1 { "file was written" } else { "files were written" };
        let arrived = plural(self.contents, "content", "different contents");
        line(self.files as i64, written, &format!("{arrived} arrived"));
        let papers = self.count("stored") - self.stored_stats;
        let told = format!(
            "{} in {}, {} beside them",
            plural(self.rounds, "round", "rounds"),
            plural(self.sessions, "session", "sessions"),
            plural(papers, "file", "files")
        );
        line(self.count("stored"), "stored", &told);
        line(
            self.count("kept"),
            "kept",
            "waiting for their round, or beside one that cannot take them, or of a kind that nothing reads yet",
        );
        line(self.count("superseded"), "superseded", "a better content of the same name counts");
        line(self.count("duplicate"), "duplicate", "the same round under another name");
        let quarantined = self.count("quarantined");
        line(quarantined, "quarantined", if quarantined > 0 { "kept, with the reason:" } else { "" });
        for ((state, code), count) in &self.by_state {
            if state == "quarantined" {
                anstream::println!("          {count:>6}  {code}");
            }
        }
        if self.too_large > 0 {
            anstream::println!("  {:>6}  too large, left with the game server", self.too_large);
        }
        if let (Some(p50), Some(p99)) = (self.percentile(50), self.percentile(99)) {
            anstream::println!("  close to post: p50 {} ms, p99 {} ms", p50 / 1000, p99 / 1000);
        }
        if self.adds_up() {
            anstream::println!("{} every file is accounted for.", painted(GOOD, "It adds up:"));
        } else {
            anstream::println!("{} the counts above do not match the files.", painted(BAD, "It does not add up:"));
        }
    }

    fn percentile(&self, percent: usize) -> Option<i64> {
        let last = self.delays_us.len().checked_sub(1)?;
        self.delays_us.get(last * percent / 100).copied()
    }
}
