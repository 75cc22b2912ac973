use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Step;

/// The version of the lines; another one is refused by name.
pub const VERSION: u32 = 1;
/// The longest request: a file of the largest size that travels, as text, with room for its description.
pub const REQUEST_LIMIT: u64 = 12 * 1024 * 1024;

/// What a caller asks.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Request {
    /// [`VERSION`].
    pub(super) slomix_admin: u32,
    /// The command's name.
    pub(super) command: String,
    /// The command's own fields.
    pub(super) arguments: Value,
}

/// One line of an answer.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Line {
    /// How far it is.
    Progress(Step),
    /// What it came to; nothing follows.
    Done(Value),
    /// Why it was not carried out; nothing follows.
    Failed(String),
}

/// A line as it travels.
pub(super) fn encode(line: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut bytes = serde_json::to_vec(line)?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// An error with its causes, each said once: some errors tell their cause themselves.
pub(super) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}
