//! Decisions about rounds whose files turned out to be copies.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::domain::decisions::RoundKey;
use crate::domain::input::{BlockFile, Rules};
use crate::domain::revision::Fate;

/// The rules with what was decided about copies said of the files that count; none where no decision is about a copy.
/// `fates` are those of `files`, after two names of one round became one.
pub(super) fn follow(files: &[BlockFile], fates: &[Fate], rules: &Rules) -> Option<Rules> {
    let decided = rules.decisions.rounds();
    if decided.is_empty() {
        return None;
    }
    let key = |name: &str| RoundKey::of_file(&rules.server, name);
    let files = || files.iter().zip(fates);
    let rounds: BTreeSet<RoundKey> =
        files().filter(|(_, fate)| **fate == Fate::Stored).filter_map(|(file, _)| key(&file.file_name)).collect();
    let moved: BTreeMap<RoundKey, RoundKey> = files()
        .filter_map(|(file, fate)| match fate {
            Fate::Duplicate(original) => Some((key(&file.file_name)?, key(original)?)),
            _ => None,
        })
        .filter(|(copy, original)| copy != original && !rounds.contains(copy))
        .collect();
    let concerned = moved.keys().any(|copy| decided.contains(copy));
    concerned.then(|| {
        let decisions = rules.decisions.following(&moved, &BTreeMap::new());
        Rules { decisions: Arc::new(decisions), ..rules.clone() }
    })
}
