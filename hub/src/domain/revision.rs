//! Which content counts where one name has several, and which file is a copy of another.
//!
//! Arrival plays no part: what can be read (and no rule refuses) over what cannot, so complete over truncated; else
//! the longer where one is the beginning of the other; else more players; else more bytes; else the higher hash.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use slomix_shared::artifact::ContentHash;

use super::decisions::Decisions;
use super::input::BlockFile;

/// What is said of a file that is not what arrived.
pub const DAMAGED: &str = "what is kept of it is not what arrived: the disk is at fault; import the same file again, or \
     restore a backup";

/// What became of one artifact of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Its content is a round of the block.
    Stored,
    /// Another content of the same name counts.
    Superseded,
    /// Another file, named here, holds the same content or the same payload and has a lower stamp.
    Duplicate(String),
    /// A paper that is kept and not shown; a stable code and words for an admin.
    Kept {
        /// Such as `waiting` for its round.
        code: &'static str,
        /// Why.
        reason: String,
    },
    /// It cannot be read; a stable code and words for an admin.
    Quarantined {
        /// As in [`StatsError::code`](slomix_shared::formats::stats::StatsError::code), or `rejected` by the agent's rules.
        code: &'static str,
        /// What is wrong and, where it helps, what to do.
        reason: String,
    },
}

/// The fate of every file, in the order given. `files` must be sorted by name, then hash. Of several contents of a
/// name the one that people pinned counts.
pub fn fates(files: &[BlockFile], decisions: &Decisions) -> Vec<Fate> {
    let pinned = |file: &BlockFile| decisions.pin(&file.file_name) == Some(&file.hash);
    let mut fates: Vec<Fate> = files.iter().map(fate_alone).collect();
    let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        let best = by_name.entry(&file.file_name).or_insert(index);
        if *best != index {
            let against = pinned(file).cmp(&pinned(&files[*best])).then_with(|| better(file, &files[*best]));
            let loser = if against == Ordering::Greater { std::mem::replace(best, index) } else { index };
            fates[loser] = Fate::Superseded;
        }
    }
    mark_payload_copies(files, &mut fates);
    fates
}

/// What becomes of a file whatever else there is. What cannot be read says why, even if another file is as
/// unreadable: two empty files are two rounds that were lost, not one round and its copy.
fn fate_alone(file: &BlockFile) -> Fate {
    if file.damaged {
        let reason = DAMAGED.to_owned();
        return Fate::Quarantined { code: "damaged", reason };
    }
    match (&*file.parsed, &file.copy_of, &file.refused) {
        (Err(error), ..) => Fate::Quarantined { code: error.code(), reason: error.to_string() },
        (Ok(_), Some(original), _) => Fate::Duplicate(original.clone()),
        (Ok(_), None, Some(rules)) => {
            Fate::Quarantined { code: "rejected", reason: format!("the agent's rules refuse it: {rules}") }
        }
        (Ok(_), None, None) => Fate::Stored,
    }
}

/// Which of two contents of one name counts.
fn better(a: &BlockFile, b: &BlockFile) -> Ordering {
    let usable = |file: &BlockFile| {
        (file.parsed.is_ok() && file.refused.is_none() && !file.damaged, file.parsed.is_ok() && !file.damaged)
    };
    let players = |file: &BlockFile| file.parsed.as_ref().as_ref().map_or(0, |stats| stats.players.len());
    usable(a)
        .cmp(&usable(b))
        .then_with(|| match (a.content.starts_with(&b.content), b.content.starts_with(&a.content)) {
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            _ => Ordering::Equal,
        })
        .then_with(|| players(a).cmp(&players(b)))
        .then_with(|| a.content.len().cmp(&b.content.len()))
        .then_with(|| a.hash.cmp(&b.hash))
}

/// The same lines after another header are one round: the file with the lowest stamp counts.
fn mark_payload_copies(files: &[BlockFile], fates: &mut [Fate]) {
    let mut first: BTreeMap<ContentHash, usize> = BTreeMap::new();
    let mut order: Vec<usize> = (0..files.len()).filter(|&index| fates[index] == Fate::Stored).collect();
    order.sort_by_key(|&index| (files[index].name.stamp, index));
    for index in order {
        let Ok(stats) = &*files[index].parsed else { continue };
        let original = *first.entry(stats.payload).or_insert(index);
        if original != index {
            fates[index] = Fate::Duplicate(files[original].file_name.clone());
        }
    }
}

#[cfg(test)]
mod tests;
