//! What a server's errors mean for people.

use std::io;

use sqlx::Error;
use sqlx::migrate::MigrateError;

use super::DatabaseUrl;
use crate::store::sql::StoreError;

/// A server that does not answer in time.
pub(super) const SILENT: &str = "it does not answer in time: is it running, and can this machine reach it?";

/// A server on which somebody else writes for long.
const BUSY: &str = "something else writes to it for long: try again when that is done";

/// Whether the session is gone, and another one may do better.
pub(super) fn is_lost(error: &Error) -> bool {
    match error {
        Error::Io(_) | Error::Protocol(_) | Error::WorkerCrashed => true,
        // The classes of connection errors and of an operator's interventions.
        Error::Database(error) => error.code().is_some_and(|code| code.starts_with("08") || code.starts_with("57P")),
        _ => false,
    }
}

/// Whether somebody else holds a lock.
pub(super) fn is_locked(error: &Error) -> bool {
    has_code(error, "55P03")
}

/// Whether the server's disk is full.
fn is_full(error: &Error) -> bool {
    has_code(error, "53100")
}

fn has_code(error: &Error, wanted: &str) -> bool {
    error.as_database_error().and_then(sqlx::error::DatabaseError::code).is_some_and(|code| code == wanted)
}

/// An error of a statement.
pub(super) fn while_doing(doing: &'static str, source: Error, url: &DatabaseUrl) -> StoreError {
    match source {
        Error::PoolTimedOut => unreachable(url, SILENT.to_owned()),
        source if is_lost(&source) => StoreError::Lost { server: url.to_string(), doing, source },
        source if is_locked(&source) => unreachable(url, BUSY.to_owned()),
        source if is_full(&source) => StoreError::Full { place: url.to_string() },
        source => StoreError::Database { doing, source },
    }
}

/// An error on the way to the schema that this program needs.
pub(super) fn while_migrating(source: MigrateError, url: &DatabaseUrl) -> StoreError {
    match source {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _)
            if is_lost(&source) || is_locked(&source) || is_full(&source) =>
        {
            while_doing("bring the schema up to date", source, url)
        }
        source => StoreError::Migrate { path: url.to_string(), source },
    }
}

/// An error on the way to the first statement, with the fix.
pub(super) fn while_connecting(source: &Error, url: &DatabaseUrl) -> StoreError {
    let code = source.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let (user, database) = (url.user(), url.database());
    let problem = match (source, code.as_deref()) {
        (Error::Io(error), _) => match error.kind() {
            io::ErrorKind::ConnectionRefused => {
                "nothing listens there: is the server running, and are host and port right?".to_owned()
            }
            io::ErrorKind::NotFound => "its socket is not there: is the server running, and is the directory of \
                                        its socket right?"
                .to_owned(),
            io::ErrorKind::PermissionDenied => "this user may not use its socket".to_owned(),
            _ => format!("{error}: is the host right, and can this machine reach it?"),
        },
        (_, Some("28P01")) => format!("the password of {user} is not right"),
        (Error::Database(error), Some("28000")) => {
            format!("{user} may not come in ({error}): see pg_hba.conf on the server")
        }
        (_, Some("3D000")) => {
            format!(
                "there is no such database: make it on the server with createdb --owner={user} --encoding=UTF8 {database}"
            )
        }
        (_, Some("42501")) => format!(
            "{user} may not make a schema there: let the server's superuser run GRANT CREATE ON DATABASE \
             {database} TO {user}"
        ),
        (_, Some("53300")) => "it has no connection left: raise max_connections there".to_owned(),
        (_, Some("57P03")) => "it is starting or stopping: try again".to_owned(),
        (Error::Tls(error), _) if url.wants_tls() => {
            format!("TLS is asked for and it does not work ({error}): see sslmode and sslrootcert")
        }
        (error, _) => error.to_string(),
    };
    unreachable(url, problem)
}

/// What to do about a database that cannot hold every name.
pub(super) fn encoding(found: &str, url: &DatabaseUrl) -> String {
    format!(
        "its encoding is {found}, which cannot hold every name: make one with createdb --owner={} --encoding=UTF8 \
         --template=template0 {}",
        url.user(),
        url.database()
    )
}

/// What to do about a user who cannot make a schema in the place of one that is moved aside.
pub(super) fn no_schema(url: &DatabaseUrl) -> String {
    let (database, user) = (url.database(), url.user());
    format!(
        "{user} may not make a schema there: let the server's superuser run GRANT CREATE ON DATABASE {database} TO {user}"
    )
}

pub(super) fn unreachable(url: &DatabaseUrl, problem: String) -> StoreError {
    StoreError::Unreachable { server: url.to_string(), problem }
}
