use std::collections::{BTreeMap, BTreeSet};

use crate::spool::Outcome;

/// How the hub is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    There,
    Away,
    Refusing,
}

/// A hub as small as can be.
#[derive(Debug)]
pub(super) struct Hub {
    pub(super) mood: Mood,
    /// What was received, and how often that was said.
    kept: BTreeMap<(String, Vec<u8>), usize>,
    pub(super) refused: BTreeSet<(String, Vec<u8>)>,
    /// Name, size and modified time of files that the agent says are lost.
    pub(super) gaps: BTreeSet<(String, u64, i64)>,
    /// Files that came, also those that were there.
    pub(super) arrivals: usize,
}

impl Hub {
    pub(super) fn new() -> Self {
        let (kept, refused, gaps) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { mood: Mood::There, kept, refused, gaps, arrivals: 0 }
    }

    pub(super) fn receive(&mut self, name: &str, content: &[u8]) -> Outcome {
        self.arrivals += 1;
        let key = (name.to_owned(), content.to_vec());
        if self.mood == Mood::Refusing && self.arrivals.is_multiple_of(2) && !self.kept.contains_key(&key) {
            self.refused.insert(key);
            return Outcome::Refused("not today".to_owned());
        }
        let known = self.kept.contains_key(&key);
        self.kept.entry(key).or_insert(0);
        if known {
            return Outcome::Duplicate;
        }
        *self.kept.entry((name.to_owned(), content.to_vec())).or_insert(0) += 1;
        Outcome::Received
    }

    /// How often this content was taken as new.
    pub(super) fn taken(&self, name: &str, content: &[u8]) -> usize {
        self.kept.get(&(name.to_owned(), content.to_vec())).copied().unwrap_or(0)
    }
}
