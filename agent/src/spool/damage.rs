use std::io;
use std::path::PathBuf;

/// What to do about an operation of the disk that failed, in words for an operator.
pub(crate) fn explain(problem: &io::Error) -> String {
    match problem.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            format!("{problem}: free some space, the agent goes on by itself")
        }
        io::ErrorKind::PermissionDenied => {
            format!("{problem}: give the data directory with all that is in it to the agent's user (chown -R)")
        }
        io::ErrorKind::ReadOnlyFilesystem => format!("{problem}: the file system has to be mounted for writing again"),
        _ => problem.to_string(),
    }
}

/// Something that the agent keeps was not as it left it. It has been mended, or set aside for whoever wants to look;
/// nothing has to be done by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// The ledger's end was cut off by a crash or a full disk; this many bytes were dropped.
    LedgerTorn(u64),
    /// So many places in the ledger did not hold what was written.
    LedgerEntries(usize),
    /// What lay in the ledger's place was no ledger, or a newer one than this agent reads, or could not be read.
    LedgerSetAside {
        /// Where it lies now; none where it could not be moved away.
        aside: Option<PathBuf>,
        /// What was wrong.
        why: String,
    },
    /// The ledger was removed or replaced while the agent ran.
    LedgerGone,
    /// A safe copy, or something else in the folder of copies, is not what was put there.
    CopySetAside {
        /// Where it lies now; none where that could not be done either.
        aside: Option<PathBuf>,
        /// What was wrong.
        why: String,
    },
    /// So many safe copies were removed by somebody else.
    CopiesGone(usize),
}

impl Damage {
    /// What was wrong, what became of it and what it costs, in words for an operator.
    pub fn words(&self) -> String {
        let again = "their files are sent once more, which the hub notices";
        match self {
            Self::LedgerTorn(bytes) => {
                format!("the end of the ledger was torn off ({bytes} bytes) and is cut: {again}")
            }
            Self::LedgerEntries(count) => {
                format!("the ledger was damaged in {count} places and is written anew from what was left: {again}")
            }
            Self::LedgerSetAside { aside: Some(aside), why } => format!(
                "the ledger could not be used ({why}) and lies in {} now: all files are sent once more, which the hub \
                 notices",
                aside.display()
            ),
            Self::LedgerSetAside { aside: None, why } => format!(
                "the ledger can neither be used ({why}) nor moved away, so nothing is remembered over a restart until it \
                 can"
            ),
            Self::LedgerGone => {
                "the ledger was removed while the agent ran and is written anew from memory: nothing is lost".to_owned()
            }
            Self::CopySetAside { aside: Some(aside), why } => {
                format!("a safe copy could not be used ({why}) and lies in {} now", aside.display())
            }
            Self::CopySetAside { aside: None, why } => format!("a safe copy could not be used ({why})"),
            Self::CopiesGone(count) => {
                format!(
                    "{count} safe copies were removed from the spool while the agent ran: what still lies in its own \
                         directory is copied again"
                )
            }
        }
    }
}
