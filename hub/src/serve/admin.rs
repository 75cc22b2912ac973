//! Commands that write while a hub serves. They are carried out by the hub itself, so that there is one deriver and
//! one archive; they reach it through a Unix socket in its data directory.
//!
//! One connection is one command. Everything is lines of JSON:
//!
//! | who | line |
//! |---|---|
//! | caller | `{"slomix_admin": 1, "command": NAME, "arguments": {…}}`, at most [`REQUEST_LIMIT`] bytes |
//! | hub, any number of times | `{"progress": {"unit": …, "done": …, "all": …, "now": …}}` |
//! | hub, once, the last line | `{"done": ANSWER}` or `{"failed": "why, in words"}` |
//!
//! A caller that hangs up ends its command, as Ctrl-C ends one that runs by itself: what was committed stays, the
//! rest is as if it had not been asked for. `admin.sock` is open to the hub's user alone, and a caller's user is
//! looked at again.
//!
//! A command is a type that implements [`Command`], with one line in `commands::dispatch`. Where no hub serves, the
//! same type runs on a [`Site`] that the command line builds under the data directory's lock.

mod call;
mod commands;
mod protocol;
mod site;
mod socket;

pub use call::{CallError, call, serves};
pub use commands::agents::{Approve, Approved, Invite, Invited, Revoke, Revoked};
pub use commands::compare::Compare;
pub use commands::connected::{Connected, ConnectedLine};
pub use commands::control::Ask;
pub use commands::correct::{Correct, Corrected, Undo};
pub use commands::import::{Keep, Kept, SentFile, Settle};
pub use commands::rebuild::Rebuild;
pub use commands::retry::{Retried, RetriedFile, Retry, find_quarantined};
pub use protocol::{REQUEST_LIMIT, VERSION};
pub use site::Site;
pub(super) use socket::AdminSocket;

use std::future::Future;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// How far a command is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// What is counted, in the plural, as in `blocks`.
    pub unit: String,
    /// How many are done.
    pub done: u64,
    /// How many there are.
    pub all: u64,
    /// What is worked on now; may be empty.
    #[serde(default)]
    pub now: String,
}

impl Step {
    /// A step of counted things.
    pub fn of(unit: &str, done: usize, all: usize) -> Self {
        Self { unit: unit.to_owned(), done: done as u64, all: all as u64, now: String::new() }
    }
}

/// Hears how far a command is, as often as the command likes.
pub type Progress<'a> = &'a (dyn Fn(Step) + Send + Sync);

/// Why a command was not carried out, to be told to the one who asked.
pub type CommandError = Box<dyn std::error::Error + Send + Sync>;

/// Something that writes, or that only a hub that serves knows, asked for by an admin.
pub trait Command: Serialize + DeserializeOwned + Send + 'static {
    /// Its name on the socket.
    const NAME: &'static str;
    /// Whether nothing else may write meanwhile. Where a database transaction is enough, it runs beside a long
    /// import too.
    const ALONE: bool = true;
    /// Whether it derives so much that a server without a zone is worth a word.
    const BY_ZONE: bool = false;
    /// What it comes to.
    type Answer: Serialize + DeserializeOwned + Send;

    /// Carries it out. It may be dropped at any await: what is not committed by then has not happened.
    fn run(
        self,
        site: &Site,
        progress: Progress<'_>,
    ) -> impl Future<Output = Result<Self::Answer, CommandError>> + Send;
}
