//! A database by the names that operators have had for PostgreSQL.

use super::ConfigError;
use super::environment::wrong;
use crate::store::{DatabaseParts, DatabaseUrl};

/// The database that `DATABASE_TYPE` and its companions name; none unless they choose PostgreSQL. What they leave out
/// is what it has been by default.
pub(super) fn inherited_database(look_up: impl Fn(&str) -> Option<String>) -> Result<Option<DatabaseUrl>, ConfigError> {
    match look_up("DATABASE_TYPE").map(|text| text.to_ascii_lowercase()).as_deref() {
        Some("postgresql" | "postgres") => {}
        None | Some("sqlite") => return Ok(None),
        Some(other) => return Err(wrong("DATABASE_TYPE", &format!("`{other}` is neither postgresql nor sqlite"))),
    }
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| Some((name, look_up(name)?)));
    let text = |names, otherwise: &str| first(names).map_or_else(|| otherwise.to_owned(), |(_, text)| text);
    let port = match first(["POSTGRES_PORT", "DB_PORT"]) {
        Some((name, text)) => text.parse().map_err(|_| wrong(name, &format!("`{text}` is not a port")))?,
        None => 5432,
    };
    let password = first(["POSTGRES_PASSWORD", "DB_PASSWORD"]).map(|(_, text)| text);
    let ssl_mode = look_up("POSTGRES_SSL_MODE");
    let root = look_up("POSTGRES_SSL_ROOT_CERT");
    let (cert, key) = (look_up("POSTGRES_SSL_CERT"), look_up("POSTGRES_SSL_KEY"));
    let parts = DatabaseParts {
        host: &text(["POSTGRES_HOST", "DB_HOST"], "localhost"),
        port,
        database: &text(["POSTGRES_DATABASE", "DB_NAME"], "etlegacy_stats"),
        user: &text(["POSTGRES_USER", "DB_USER"], "etlegacy"),
        password: password.as_deref(),
        ssl_mode: ssl_mode.as_deref(),
        ssl_root_cert: root.as_deref(),
        ssl_identity: cert.as_deref().zip(key.as_deref()),
    };
    DatabaseUrl::from_parts(&parts).map(Some).map_err(|problem| wrong("POSTGRES_SSL_MODE", &problem))
}
