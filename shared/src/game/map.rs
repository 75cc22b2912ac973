use std::fmt;

/// A map's name as a file spells it: 1 to 64 of `A-Z a-z 0-9 _ . + -`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MapName(String);

impl MapName {
    /// Takes `text` for a map name if its length and characters allow.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'+' | b'-'));
        fits.then(|| Self(text.to_owned()))
    }

    /// As spelled.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Lower case, by which maps are the same: `Supply` and `supply` are one map.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl fmt::Display for MapName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}
