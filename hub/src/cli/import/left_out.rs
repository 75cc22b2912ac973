//! What an import could not take, with what to do about it.

use serde::Serialize;

use crate::cli::paint::{BAD, painted};
use crate::pipeline::import::{Found, Imported};
use crate::reports::words::plural;

/// What stays where it is, by why.
#[derive(Debug, Default, Serialize)]
pub(super) struct LeftOut {
    /// Files over the size limit.
    too_large: Vec<String>,
    /// Files and directories that could not be read, with the reason.
    unreadable: Vec<String>,
    /// Links in directories, pipes and the like.
    irregular: Vec<String>,
    /// Paths that were given and are not there.
    missing: Vec<String>,
}

impl LeftOut {
    /// What a look at the paths left out.
    pub(super) fn of(found: &Found) -> Self {
        let Found { files: _, unreadable, irregular, missing } = found.clone();
        Self { too_large: Vec::new(), unreadable, irregular, missing }
    }

    /// What was found by a look at the paths, before what was found when they were read.
    pub(super) fn found(&mut self, found: &Found) {
        let Self { too_large: _, unreadable, irregular, missing } = Self::of(found);
        self.unreadable.splice(0..0, unreadable);
        self.irregular = irregular;
        self.missing = missing;
    }

    /// How many paths there are.
    pub(super) fn count(&self) -> usize {
        self.too_large.len() + self.unreadable.len() + self.irregular.len() + self.missing.len()
    }

    /// Each with why.
    pub(super) fn lines(&self) -> Vec<String> {
        let bad = |word: &str, text: String| format!("{} {text}", painted(BAD, word));
        let mut lines = Vec::with_capacity(self.count());
        for path in &self.too_large {
            lines.push(bad("too large ", format!("{}: over 8 MiB; left where it is", visible(path))));
        }
        for problem in &self.unreadable {
            lines.push(bad("unreadable", visible(problem)));
        }
        for path in &self.irregular {
            lines.push(bad("no file   ", format!("{}: not a regular file; left where it is", visible(path))));
        }
        for path in &self.missing {
            lines.push(bad("not there ", visible(path)));
        }
        lines
    }

    /// Prints each and what to do, if there is anything.
    pub(super) fn print(&self, dry_run: bool) {
        for line in self.lines() {
            anstream::println!("  {line}");
        }
        let Some(advice) = self.advice() else { return };
        let rest = if dry_run { "would be imported" } else { "was imported" };
        let paths = plural(self.count() as i64, "path was", "paths were");
        anstream::println!("{} {paths} left out, all else {rest}. {advice}", painted(BAD, "Not whole:"));
    }

    /// What makes it whole; nothing does for a file that is too large to be one of stats.
    fn advice(&self) -> Option<String> {
        let mut ways = Vec::new();
        if !self.unreadable.is_empty() {
            ways.push("give the files to a user who may read them");
        }
        if !self.irregular.is_empty() {
            ways.push("name what a link points to");
        }
        if !self.missing.is_empty() {
            ways.push("correct the path");
        }
        let said = ways.join(", or ");
        Some(match (self.count(), said.get(..1)) {
            (0, _) => return None,
            (_, None) => "No stats file is that large: look at what it is".to_owned(),
            (_, Some(first)) => {
                format!("{}{}, and import again: what is there already is left alone", first.to_uppercase(), &said[1..])
            }
        })
    }
}

impl From<Imported> for LeftOut {
    fn from(imported: Imported) -> Self {
        Self { too_large: imported.too_large, unreadable: imported.unreadable, ..Self::default() }
    }
}

/// Text without what steers a terminal.
pub(super) fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '?' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_is_for_what_there_is() {
        let one = || vec!["a".to_owned()];
        let said = |left_out: LeftOut| left_out.advice().unwrap_or_default();
        let all = LeftOut { too_large: one(), unreadable: one(), irregular: one(), missing: one() };
        assert_eq!((all.count(), all.lines().len()), (4, 4));
        assert_eq!(
            said(all),
            "Give the files to a user who may read them, or name what a link points to, or correct the path, and \
             import again: what is there already is left alone"
        );
        assert!(said(LeftOut { too_large: one(), ..LeftOut::default() }).starts_with("No stats file"));
        assert!(said(LeftOut { missing: one(), ..LeftOut::default() }).starts_with("Correct the path, and"));
        assert_eq!(said(LeftOut::default()), "");
    }
}
