use slomix_shared::artifact::Kind;

use crate::store::derived::Changes;

/// What became of one file, as told to whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The artifact.
    pub artifact: i64,
    /// The server's key.
    pub server: String,
    /// What the file is.
    pub kind: Kind,
    /// Its name.
    pub name: String,
    /// Its content's hash.
    pub hash: Vec<u8>,
    /// As in the `disposition` table.
    pub state: String,
    /// A stable name of the reason, where it is quarantined.
    pub code: String,
    /// The reason in words.
    pub reason: String,
    /// Whether the file was derived for the first time; else something else changed what comes of it, as a decision
    /// does.
    pub new: bool,
}

/// One turn of the pipeline, after its commit.
#[derive(Debug, Clone)]
pub struct Event {
    /// What became of the files.
    pub outcomes: Vec<Outcome>,
    /// What changed in the derived rows.
    pub changes: Changes,
}
