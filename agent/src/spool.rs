//! What the agent knows of its files across restarts and outages.
//!
//! The watched directories are the first spool: a finished file lies there. On top of them
//! - the [`Ledger`] remembers, durably, what the hub has acknowledged,
//! - the [`Copies`] keep what is new while the hub is away, should the game server clean its directory,
//! - the [`Queue`] says what goes next.
//!
//! | what must hold | where it is proved |
//! |---|---|
//! | what was acknowledged is known after any restart; a torn tail costs what was torn and is told | `ledger::tests` |
//! | a full disk stops no file and loses no acknowledgement of this run | `ledger::tests`, `copies::tests` |
//! | the quota drops telemetry first and never stats | `copies::tests` |
//! | newest stats first, then the oldest of the rest, telemetry last | `queue::tests`, `tests/it` |

mod copies;
mod ledger;
mod queue;
mod record;

pub use copies::{Copies, CopyError, Plan};
pub use ledger::{Damage, Ledger, LedgerError};
pub use queue::{Lane, Pending, Queue};
pub use record::{Decoded, Outcome, Record, decode as decode_record};

use slomix_shared::artifact::Kind;

use crate::watch::{FileState, Observed};

/// One version of one file, known without reading it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileKey {
    /// Told by the name.
    pub kind: Kind,
    /// Bare name.
    pub name: String,
    /// Size and time.
    pub state: FileState,
}

impl From<&Observed> for FileKey {
    fn from(file: &Observed) -> Self {
        Self { kind: file.kind, name: file.name.clone(), state: file.state }
    }
}
