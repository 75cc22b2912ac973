//! Judges a file by the operator's rules before it travels. A verdict never stops a file: it goes with it.
//!
//! Rules are Lua scripts, one a kind, that run in a sandbox: no input or output, no loading, bounded memory, and a
//! deadline that holds whatever the script does. The payload is decoded here, never executed. What a script sees and
//! answers stands at the top of `lua/validate/gametime.lua`.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | an endless loop ends by the deadline, also inside `pcall` | `sandbox::tests`, `tests/it/faults.rs` |
//! | a memory bomb ends by the limit | `sandbox::tests` |
//! | nothing that loads, reads or blocks is reachable | `sandbox::tests` |
//! | a broken script costs its verdicts and nothing else | `rules::tests` |
//! | the shipped rules name just the rule that a file breaks | `rules::tests` |

mod decode;
mod pattern;
mod rules;
mod sandbox;

use std::fmt;

pub use rules::Rules;
pub use sandbox::{Limits, SandboxError};
use slomix_shared::artifact::Kind;

/// What a rule script thinks of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opinion {
    /// Nothing wrong.
    Accept,
    /// Worth a flag; the numbers may be used.
    Suspect,
    /// Cannot be right; the hub quarantines it unless told otherwise.
    Reject,
}

impl Opinion {
    /// The word that scripts use for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Suspect => "suspect",
            Self::Reject => "reject",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Accept, Self::Suspect, Self::Reject].into_iter().find(|opinion| opinion.as_str() == word)
    }
}

impl fmt::Display for Opinion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A script's answer about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    /// The worst that any rule found.
    pub opinion: Opinion,
    /// Ids of the rules that the file breaks, in the order found.
    pub rules: Vec<String>,
    /// The same in words, for people. May be shorter than `rules`.
    pub notes: Vec<String>,
}

/// One file as a rule script is told of it.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Told by the name.
    pub kind: Kind,
    /// Bare file name.
    pub name: &'a str,
    /// The bytes.
    pub content: &'a [u8],
    /// The agent's clock, Unix seconds.
    pub now: i64,
}
