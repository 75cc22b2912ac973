//! Patterns for rule scripts: Lua's own backtrack and can be made to run for hours, these are linear.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_lite::{Regex, RegexBuilder};

/// A longer text never matches, so that a pattern's cost is bounded whatever a file holds. Bytes.
const LONGEST_TEXT: usize = 1024;
/// Compiled size of a pattern. Bytes.
const LARGEST_PATTERN: usize = 64 * 1024;

/// Compiled patterns of one run of a script.
#[derive(Default)]
pub(super) struct Patterns(RefCell<HashMap<String, Regex>>);

impl Patterns {
    /// The groups of the first match, or the whole match where the pattern has no groups.
    ///
    /// A text that is no UTF-8 or is longer than 1024 bytes never matches. A group that took no part is `None`.
    pub(super) fn find(&self, pattern: &str, text: &[u8]) -> Result<Vec<Option<String>>, regex_lite::Error> {
        let mut known = self.0.borrow_mut();
        if !known.contains_key(pattern) {
            let compiled = RegexBuilder::new(pattern).size_limit(LARGEST_PATTERN).build()?;
            known.insert(pattern.to_owned(), compiled);
        }
        let Ok(text) = std::str::from_utf8(text) else { return Ok(Vec::new()) };
        if text.len() > LONGEST_TEXT {
            return Ok(Vec::new());
        }
        let Some(found) = known.get(pattern).and_then(|regex| regex.captures(text)) else { return Ok(Vec::new()) };
        let skip = usize::from(found.len() > 1);
        Ok(found.iter().skip(skip).map(|group| group.map(|group| group.as_str().to_owned())).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_groups_or_the_whole_match() {
        let patterns = Patterns::default();
        let find = |pattern: &str, text: &str| patterns.find(pattern, text.as_bytes()).unwrap();
        assert_eq!(find("^([0-9]+) sec$", "490 sec"), [Some("490".to_owned())]);
        assert_eq!(find("^[0-9]+ sec$", "490 sec"), [Some("490 sec".to_owned())]);
        assert_eq!(find("^(a)|(b)$", "b"), [None, Some("b".to_owned())]);
        assert!(find("^[0-9]+$", "x").is_empty());
    }

    #[test]
    fn long_texts_and_huge_patterns_are_refused() {
        let patterns = Patterns::default();
        assert!(patterns.find("a", &[b'a'; LONGEST_TEXT + 1]).unwrap().is_empty());
        assert!(patterns.find("(?:a{1000}){1000}", b"a").is_err());
        assert!(patterns.find("a", b"a\xFF").unwrap().is_empty());
    }
}
