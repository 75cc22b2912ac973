//! Something that an operator should look at, as a value.

use std::collections::BTreeSet;

use serde::Serialize;

use super::post::{Accent, Post};
use super::words::span;

/// One thing that is wrong, or was until a short while ago. Instants are Unix milliseconds by the hub's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Alert {
    /// Which rule it is of, in a word: `silent`.
    pub rule: &'static str,
    /// Whom or what it is about: an agent's name, or empty where the hub itself is meant.
    pub subject: String,
    /// What is wrong, in a line.
    pub title: String,
    /// How that shows, and what to do.
    pub lines: Vec<String>,
    /// Since when.
    pub since_ms: i64,
    /// Since when it is over.
    pub over_ms: Option<i64>,
}

/// All that is known of what is wrong, and of what is not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Board {
    /// What is wrong, or was until a short while ago.
    pub alerts: Vec<Alert>,
    /// Keys of alerts, as [`key`] makes them, that are certainly not there: whoever still shows one shows what is over.
    pub clear: BTreeSet<String>,
}

/// What an alert of this rule about this subject is called, the same each time that it comes.
pub fn key(rule: &str, subject: &str) -> String {
    format!("{rule} {subject}")
}

impl Alert {
    /// See [`key`].
    pub fn key(&self) -> String {
        key(self.rule, &self.subject)
    }

    /// As people read it.
    pub fn post(&self) -> Post {
        let mut post = Post::titled(self.title.clone());
        post.lines.clone_from(&self.lines);
        post.timestamp_ms = Some(self.since_ms);
        match self.over_ms {
            None => post.accent = Accent::Trouble,
            Some(over_ms) => {
                post.title = format!("Over: {}", self.title);
                post.lines = vec![format!("It lasted {}.", span(over_ms - self.since_ms))];
            }
        }
        post
    }
}
