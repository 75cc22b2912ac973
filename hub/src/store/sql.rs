//! Values, rows and the one way in which statements reach an engine.

/// Why the store could not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or failed.
    #[error("the database failed while it should {doing}: {source}")]
    Database {
        /// What was being done, to follow "should".
        doing: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// No space is left for a file, or on a server's disk.
    #[error("the disk with the database {place} is full: free some space there; nothing is lost meanwhile")]
    Full {
        /// The file, or the server without a password.
        place: String,
    },
    /// The disk with the file fails.
    #[error(
        "the disk with the database {place} fails ({source}): a quota may be used up, else the system's log tells \
         more; nothing is lost meanwhile"
    )]
    Disk {
        /// The file.
        place: String,
        /// What the driver or the system said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The server went away in the middle of something.
    #[error(
        "the database {server} went away while it should {doing} ({source}): what was not finished is as it was, \
         and can be done again when it is back"
    )]
    Lost {
        /// The server, without a password.
        server: String,
        /// What was being done, to follow "should".
        doing: &'static str,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// The server cannot be worked with; said with the fix.
    #[error("the database {server} cannot be used: {problem}")]
    Unreachable {
        /// The server, without a password.
        server: String,
        /// Why, and what to do.
        problem: String,
    },
    /// Another hub works on the database of a server.
    #[error("another slomix-hub works on the database {server}: stop it, or give this one a database of its own")]
    Held {
        /// The server, without a password.
        server: String,
    },
    /// The database was made by a newer program.
    #[error(
        "the database {path} was made by a newer slomix-hub (schema {found}, this program knows {known}); \
         install the newer program or restore a backup"
    )]
    Newer {
        /// The file, or the server without a password.
        path: String,
        /// Its schema version.
        found: i64,
        /// Ours.
        known: i64,
    },
    /// The schema could not be brought up to date.
    #[error("the schema of {path} could not be brought up to date: {source}")]
    Migrate {
        /// The file, or the server without a password.
        path: String,
        /// What went wrong.
        source: sqlx::migrate::MigrateError,
    },
    /// The database was removed or replaced under the running program.
    #[error(
        "the database {path} was removed or replaced while the hub runs; nothing is taken until it is restarted, \
         agents keep what they have"
    )]
    Gone {
        /// The file, or the server without a password.
        path: String,
    },
    /// A row does not hold what the program wrote.
    #[error("{table} has a row that does not fit: {what}")]
    Inconsistent {
        /// Where.
        table: &'static str,
        /// What.
        what: String,
    },
}

impl StoreError {
    /// Whether the disk, or a quota on it, is full.
    pub fn is_disk_full(&self) -> bool {
        matches!(self, Self::Full { .. } | Self::Disk { .. })
    }

    /// Whether rows that stand keep others from being written: they speak of what is not there, or hold what none may.
    pub fn is_of_rows(&self) -> bool {
        let Self::Database { source: sqlx::Error::Database(error), .. } = self else { return false };
        error.code().is_some_and(|code| match (code.len(), code.parse::<u32>()) {
            // As in `is_outage`: what a value cannot hold, and what a constraint forbids.
            (5, _) => ["22", "23"].contains(&&code[..2]),
            (_, Ok(number)) => [19, 20].contains(&(number & 0xFF)),
            _ => false,
        })
    }

    /// Whether it is the database that cannot be worked with now, whatever is asked of it: the disk is full, the server
    /// is away, another hub has it, the file is gone. What is at odds with a row or a statement is none.
    pub fn is_outage(&self) -> bool {
        match self {
            Self::Full { .. }
            | Self::Disk { .. }
            | Self::Lost { .. }
            | Self::Unreachable { .. }
            | Self::Held { .. }
            | Self::Gone { .. } => true,
            Self::Database { source: sqlx::Error::Database(error), .. } => error.code().is_some_and(|code| {
                // PostgreSQL has five characters: no resources, its system, its own faults, a standby. SQLite has a
                // number, below which more is told: busy, read-only, damaged, cannot be opened, no database.
                match (code.len(), code.parse::<u32>()) {
                    (5, _) => ["53", "58", "XX"].contains(&&code[..2]) || code == "25006",
                    (_, Ok(number)) => [5, 8, 11, 14, 26].contains(&(number & 0xFF)),
                    _ => false,
                }
            }),
            Self::Database { source, .. } => matches!(
                source,
                sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed
            ),
            Self::Newer { .. } | Self::Migrate { .. } | Self::Inconsistent { .. } => false,
        }
    }
}

/// One value of a row or a statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// Unknown.
    Null,
    /// Integers, booleans as 0 and 1, instants, stamps.
    Int(i64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A list of integers, which stands in a statement as `= any($1)` and in no row.
    Ints(Vec<i64>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Int(value.into())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::from(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        // PostgreSQL's text cannot hold the byte 0, and both engines are to hold the same.
        Self::Text(if value.contains('\0') { value.replace('\0', "\u{FFFD}") } else { value })
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytes(value.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One row of an answer, by position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row(pub Vec<Value>);

impl Row {
    /// An integer; 0 where the column is null (use [`Row::maybe_int`] where that can be).
    pub fn int(&self, column: usize) -> i64 {
        self.maybe_int(column).unwrap_or(0)
    }

    /// An integer or null.
    pub fn maybe_int(&self, column: usize) -> Option<i64> {
        match self.0.get(column) {
            Some(Value::Int(value)) => Some(*value),
            _ => None,
        }
    }

    /// A boolean.
    pub fn flag(&self, column: usize) -> bool {
        self.int(column) != 0
    }

    /// Text; empty where the column is null.
    pub fn text(&self, column: usize) -> &str {
        match self.0.get(column) {
            Some(Value::Text(text)) => text,
            _ => "",
        }
    }

    /// Bytes; empty where the column is null.
    pub fn bytes(&self, column: usize) -> &[u8] {
        match self.0.get(column) {
            Some(Value::Bytes(bytes)) => bytes,
            _ => &[],
        }
    }
}

/// Turns a list of things into statement values.
#[macro_export]
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$($crate::store::Value::from($value)),*] };
}
