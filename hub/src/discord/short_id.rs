//! The short names under which people and logs speak of a post or of an error.

use std::fmt;

use super::id::ChannelId;

/// Names one post for ever: it stands in the footer of its message and is the nonce under which Discord notices a
/// repeated send. Ten hexadecimal digits, made from what the post is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ShortId(String);

impl ShortId {
    /// The id of the post of `kind` about `anchor` in `channel`.
    pub fn of_post(channel: ChannelId, anchor: &str, kind: &str) -> Self {
        Self(digits(&["slomix post", &channel.to_string(), anchor, kind], 10))
    }

    /// The id of an error that somebody met; `occasion` is the Discord id of the message or interaction.
    pub fn of_error(occasion: u64) -> Self {
        Self(digits(&["slomix error", &occasion.to_string()], 6))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a message with this footer is the post of this id: the id is the footer's last word.
    pub fn is_in_footer(&self, footer: &str) -> bool {
        footer.split_whitespace().next_back() == Some(self.as_str())
    }
}

impl fmt::Display for ShortId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn digits(parts: &[&str], count: usize) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        // the length keeps ("ab", "c") apart from ("a", "bc")
        hasher.update(&(part.len() as u64).to_le_bytes()).update(part.as_bytes());
    }
    hasher.finalize().to_hex()[..count].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_belongs_to_one_post() {
        let channel = ChannelId::new(7).unwrap();
        let id = ShortId::of_post(channel, "ab", "c");
        assert_eq!(id, ShortId::of_post(channel, "ab", "c"));
        assert_ne!(id, ShortId::of_post(channel, "a", "bc"));
        assert_ne!(id, ShortId::of_post(ChannelId::new(8).unwrap(), "ab", "c"));
        assert!(id.is_in_footer(&format!("server · {id}")));
        assert!(!id.is_in_footer(&format!("{id} server")));
        assert!(!id.is_in_footer(&format!("x{id}")));
    }
}
