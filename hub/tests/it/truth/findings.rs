//! What a comparison found: how much agreed, and every single thing that did not.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display};

/// Counts of what was compared, by kind, and what was wrong.
#[derive(Default)]
pub(super) struct Findings {
    compared: BTreeMap<&'static str, usize>,
    wrong: Vec<String>,
}

impl Findings {
    /// Compares one value.
    pub(super) fn same<T: PartialEq + Debug>(
        &mut self,
        what: &'static str,
        at: impl Display,
        found: &T,
        expected: &T,
    ) -> bool {
        self.holds(what, found == expected, || format!("{at}: found {found:?}, expected {expected:?}"))
    }

    /// Notes that something holds, or what is wrong.
    pub(super) fn holds(&mut self, what: &'static str, holds: bool, wrong: impl FnOnce() -> String) -> bool {
        *self.compared.entry(what).or_default() += 1;
        if !holds {
            self.wrong.push(format!("{what}: {}", wrong()));
        }
        holds
    }

    /// Counts something that the files cannot tell.
    pub(super) fn left_out(&mut self, what: &'static str) {
        *self.compared.entry(what).or_default() += 1;
    }

    /// How often `what` was compared.
    pub(super) fn count(&self, what: &str) -> usize {
        self.compared.get(what).copied().unwrap_or_default()
    }

    /// Prints the summary; fails if anything was wrong.
    pub(super) fn conclude(&self, title: &str) {
        let counts: Vec<String> = self.compared.iter().map(|(what, count)| format!("{count} {what}")).collect();
        eprintln!("{title}: {}", counts.join(", "));
        let shown: Vec<&str> = self.wrong.iter().take(60).map(String::as_str).collect();
        assert!(self.wrong.is_empty(), "{title}: {} are wrong, as\n{}", self.wrong.len(), shown.join("\n"));
    }
}
