//! What no game can have brought about, or hardly any: checks across the fields of a line, a player and a round.
//!
//! A rule only ever says that it found something, by a flag with a stable name on the player's or the round's row. It
//! never changes a number and never keeps one out of a total: what is stored stays what the file says. Where another
//! value is the better one, it stands beside the raw one ([`recomputed`](super::recomputed)).
//!
//! A rate's bound is far above what play brings about; a rule that needs a value is silent where that is unknown.

mod line;
mod player;
mod round;

use std::collections::BTreeSet;

use slomix_shared::formats::stats::PlayerLine;

pub use player::of_player;
pub use round::{RoundFacts, of_round};

/// One check: a stable name, and whether it found something.
struct Rule<F> {
    flag: &'static str,
    found: F,
}

/// The flags of every rule that found something.
fn flags<T, F: Fn(&T) -> bool>(rules: &[Rule<F>], of: &T) -> BTreeSet<&'static str> {
    rules.iter().filter(|rule| (rule.found)(of)).map(|rule| rule.flag).collect()
}

/// What is odd about a line as written, where fields of one scope contradict each other.
pub fn of_line(line: &PlayerLine) -> BTreeSet<&'static str> {
    flags(&line::RULES, line)
}

#[cfg(test)]
mod tests;
